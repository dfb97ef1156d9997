"""Encrypted reasoning, as OpenAI gives it and takes it back.

The vendor binds it to the organisation and to the item's id, and says which of the two does
not match. Here an organisation is a key. What stands for the ciphertext is the reasoning
with both and a code over all of it; as with the vendor, nobody else can make one, and a
changed character is found.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from changeover.standin.asked import RefusalError
from changeover.standin.openai_checks import invalid

_SECRET = b"what this stand-in alone can open"
_PREFIX = "gAAAAAB"
_CODE = 32
_SHOWN = 4


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    account: str
    item: str
    words: str


_decoder = msgspec.json.Decoder(_Sealed)


def encrypt(account: str, item: str, words: str) -> str:
    """The `encrypted_content` of an item."""
    payload = msgspec.json.encode(_Sealed(account, item, words))
    return _PREFIX + urlsafe_b64encode(_code(payload) + payload).decode()


def check_encrypted(account: str, item: str | None, value: str) -> None:
    """Refuses what was not encrypted for this account, or for another item."""
    sealed = _opened(value)
    if sealed is None:
        raise _unverified(item, value, "Encrypted content could not be decrypted or parsed.")
    if sealed.account != account:
        why = "Encrypted content organization_id did not match the target organization."
        raise _unverified(item, value, why)
    if item is not None and sealed.item != item:
        why = "Encrypted content item_id did not match the target item id."
        raise _unverified(item, value, why)


def _opened(value: str) -> _Sealed | None:
    try:
        octets = urlsafe_b64decode(value.removeprefix(_PREFIX))
        code, payload = octets[:_CODE], octets[_CODE:]
        sealed = _decoder.decode(payload)
    except (ValueError, msgspec.DecodeError):
        return None
    whole = value == _PREFIX + urlsafe_b64encode(octets).decode()
    return sealed if whole and hmac.compare_digest(code, _code(payload)) else None


def _code(payload: bytes) -> bytes:
    return hmac.digest(_SECRET, payload, hashlib.sha256)


def _unverified(item: str | None, value: str, why: str) -> RefusalError:
    named = f"for item {item}" if item else f"{value[:_SHOWN]}...{value[-_SHOWN:]}"
    message = f"The encrypted content {named} could not be verified. Reason: {why}"
    return invalid(message, None, "invalid_encrypted_content")
