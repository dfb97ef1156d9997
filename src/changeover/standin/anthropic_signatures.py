"""How a stand-in signs what its Claude models thought, and knows its own again.

The vendor's signatures are opaque. These hold what was thought, by which model, and
the block's place among the answer's blocks of reasoning, with a code over all of it: a
block that was edited, taken from its place, or made by another model is not one of them.
Like the vendor's, they hold the whole even where the words are not shown, and are good at
every host of the model.
"""

import base64
import binascii
import hashlib
import hmac

import msgspec

from changeover.standin.anthropic_models import family_of

_KEY = b"the stand-in's own key for reasoning"
_CODE = hashlib.sha256().digest_size


class Thought(msgspec.Struct, frozen=True, kw_only=True):
    """A block of reasoning: its words, and its place among `of` blocks of one answer."""

    words: str
    place: int = 0
    of: int = 1
    redacted: bool = False


def mint(thought: Thought, model: str) -> str:
    """The signature of a block, or the data of one that is redacted."""
    whole = msgspec.json.encode((family_of(model), thought))
    return base64.b64encode(_code(whole) + whole).decode()


def minted(value: str, model: str) -> Thought | None:
    """What was signed by `mint` for the model; None where nothing was."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    code, whole = raw[:_CODE], raw[_CODE:]
    if not hmac.compare_digest(code, _code(whole)):
        return None
    family, thought = msgspec.json.decode(whole, type=tuple[str, Thought])
    return thought if family == family_of(model) else None


def _code(whole: bytes) -> bytes:
    return hmac.digest(_KEY, whole, "sha256")
