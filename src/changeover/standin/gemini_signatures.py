"""Signatures of thoughts: what the stand-in mints, and what it takes back.

Written from the vendor's page "Thought signatures" and from error bodies that callers
reported; wording is the vendor's.

* A signature is bound to the model and to the part that bears it: to a call's name and
  arguments, or to the words that were said in its turn up to there. It can be had from
  nobody else, and what was altered or moved is refused.
* Each step's first call since the user last spoke has to bear one, for models of the
  third generation. Two texts stand for the signature of a call that the model did not
  make.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import RefusalError
from changeover.standin.gemini_models import signs_calls

_INVALID = "INVALID_ARGUMENT"
_SECRET = b"the stand-in's own, which signs nothing but its thoughts"
_DUMMIES = (b"skip_thought_signature_validator", b"context_engineering_is_the_way_to_go")
_PAGE = "https://ai.google.dev/gemini-api/docs/thought-signatures"


def of_words(model: str, words: str) -> str:
    """The signature of words, in base64."""
    return _minted(model, b"words", words.encode(errors="replace"))


def of_call(model: str, name: str, arguments: Mapping[str, Any]) -> str:
    """The signature of a call, in base64."""
    return _minted(model, b"call", _canonical([name, arguments]))


def _minted(model: str, kind: bytes, content: bytes) -> str:
    code = hmac.digest(_SECRET, b"\x00".join([model.encode(), kind, content]), "sha256")
    return base64.b64encode(b"\x12" + code).decode()


def _canonical(value: Any) -> bytes:
    """JSON that is the same for the same value: a whole number is one however it is written."""
    return msgspec.json.encode(_plain(value), order="sorted")


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def check_signatures(contents: Sequence[dict[str, Any]], model: str) -> None:
    """Refuses signatures that are not the model's on their parts, then calls without one."""
    said = ""
    for content in contents:
        if content.get("role", "user") == "user":
            said = ""
            continue
        for part in content["parts"]:
            said = _checked(part, said, model)
    if signs_calls(model):
        _check_presence(contents)


def _checked(part: dict[str, Any], said: str, model: str) -> str:
    """The words said since the last signature or other part, this part's among them."""
    words = part.get("text", "")
    content = words if part.get("thought") else said + words
    if "thoughtSignature" in part and not _is_good(part, content, model):
        raise _refused("Thought signature is not valid.")
    plain = "text" in part and not part.get("thought") and "thoughtSignature" not in part
    return content if plain else ""


def _is_good(part: dict[str, Any], words: str, model: str) -> bool:
    octets = _octets(part["thoughtSignature"])
    if octets in _DUMMIES or part["thoughtSignature"].encode() in _DUMMIES:
        return True
    call = part.get("functionCall")
    if call is None:
        expected = of_words(model, words)
    else:
        expected = of_call(model, call.get("name", ""), call.get("args", {}))
    return octets == base64.b64decode(expected)


def _octets(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "==")
    except (binascii.Error, ValueError):
        return b""


def _check_presence(contents: Sequence[dict[str, Any]]) -> None:
    spoken = [at for at, content in enumerate(contents) if _is_spoken(content)]
    start = max(spoken, default=0)
    for at, content in enumerate(contents[start:], start):
        calls = [part for part in content["parts"] if "functionCall" in part]
        if calls and "thoughtSignature" not in calls[0]:
            raise _refused(
                "Function call is missing a thought_signature in functionCall parts. This is "
                "required for tools to work correctly, and missing thought_signature may lead to "
                "degraded model performance. Additional data, function call "
                f"`default_api:{calls[0]['functionCall'].get('name')}` , position {at + 1}. "
                f"Please refer to {_PAGE} for more details."
            )


def _is_spoken(content: dict[str, Any]) -> bool:
    results = any("functionResponse" in part for part in content["parts"])
    return content.get("role", "user") == "user" and not results


def _refused(message: str) -> RefusalError:
    return RefusalError(400, _INVALID, message)
