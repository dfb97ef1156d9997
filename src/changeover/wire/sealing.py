"""What a vendor sealed, on its way through a client that holds its own conversation.

A client can do nothing with a signature or with encrypted reasoning but send it back. By
then another vendor may answer, to whom it means nothing or worse: Anthropic refuses the
whole conversation over one signature that is not its own. So each such value leaves
wrapped, with what is needed to know it again, and is unwrapped when it returns:

* The text is `co1.`, the payload and a code, the latter two in base64 for addresses
  (RFC 4648 section 5) without padding: letters, digits, `-` and `_` between the dots. The
  payload is a JSON array of form, bound, of, on, id, value and a digest of the words.
* The code is an HMAC-SHA-256 (RFC 2104) over all that stands before it, so that nobody can
  have a value sent that no vendor gave, nor to where it does not belong. Its key is derived
  by HKDF-SHA-256 (RFC 5869) from the installation's secret for this, and for this alone.
* A signature holds for the words that it was made over. Their digest goes along, and where
  a client altered them the value is not given back: the vendor would refuse it.
* A text without the prefix is foreign: another gateway's, or a vendor's own from the time
  before the client came here.

Wrapping hides nothing: whoever may see the reply may see what is in it.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from changeover.conversation.model import ScopeKind, Sealed, SealForm

PREFIX = "co1."
WhyNot = Literal["foreign", "not-ours", "altered"]

_PURPOSE = b"changeover: what vendors sealed, version 1"
_SHORTEST = 16
_DIGEST = 16


class _Payload(msgspec.Struct, frozen=True, array_like=True):
    """What a wrapped text holds; `digest` is empty where the words do not matter."""

    form: SealForm
    bound: ScopeKind
    of: str
    on: Literal["self", "next", "previous"]
    id: str
    value: str
    digest: str


_decoder = msgspec.json.Decoder(_Payload)


class Wrapping:
    """Wraps and unwraps with the installation's secret; `ValueError` for one that is short."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _SHORTEST:
            raise ValueError("the secret is too short to wrap with")
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
        self._key = derived.derive(secret)

    def wrap(self, sealed: Sealed, words: str) -> Sealed:
        """The value as a client gets it; `words` are those of the reasoning that holds it."""
        payload = _Payload(
            form=sealed.form,
            bound=sealed.bound,
            of=sealed.of,
            on=sealed.on,
            id=sealed.id,
            value=sealed.value,
            digest=_digest(sealed, words),
        )
        before = PREFIX + _text(msgspec.json.encode(payload))
        value = f"{before}.{_text(self._code(before))}"
        return Sealed(form="wrapped", value=value, id=sealed.id, on=sealed.on)

    def unwrap(self, value: str, words: str) -> Sealed | WhyNot:
        """What the vendor sealed, or why it cannot be given back."""
        if not value.startswith(PREFIX):
            return "foreign"
        before, _, code = value.rpartition(".")
        if not hmac.compare_digest(_text(self._code(before)).encode(), code.encode()):
            return "not-ours"
        payload = _decoder.decode(_octets(before.removeprefix(PREFIX)))
        sealed = Sealed(
            form=payload.form,
            value=payload.value,
            bound=payload.bound,
            of=payload.of,
            id=payload.id,
            on=payload.on,
        )
        return sealed if _digest(sealed, words) == payload.digest else "altered"

    def _code(self, before: str) -> bytes:
        return hmac.digest(self._key, before.encode(errors="surrogatepass"), "sha256")


def is_wrapped(value: str) -> bool:
    """Whether a value has the form of those that leave here."""
    return value.startswith(PREFIX)


def _digest(sealed: Sealed, words: str) -> str:
    """Of what a vendor holds a signature against; empty where it does not look at the words."""
    if sealed.form != "signature" or sealed.on != "self":
        return ""
    return _text(hashlib.sha256(words.encode(errors="surrogatepass")).digest()[:_DIGEST])


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
