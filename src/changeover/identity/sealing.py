"""Sealing texts with the installation's secret, so that the database alone does not tell them.

Fernet (AES-128-CBC and HMAC-SHA256, from `cryptography`) does it; each secret gives
a key of its own by HKDF-SHA256 (RFC 5869). Rules:

* The first secret seals, and every one opens, so that a secret can be replaced:
  the new one is put before the old, all is sealed anew, the old one is left out.
* What a text is for is sealed with it, and asked for again when it is opened: a
  sealed text that was moved to another place does not open there.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from changeover.basics.errors import ChangeoverError, InvalidInputError
from changeover.identity.secret import Secret

SHORTEST_SECRET = 32
_PURPOSE = b"changeover: sealing, version 1"


class UnsealableError(ChangeoverError):
    """A sealed text that these secrets do not open, or not for this place."""

    code = "unsealable"


class _Sealed(msgspec.Struct, frozen=True):
    """What is encrypted: a text, and what it is for."""

    place: tuple[str, ...]
    text: str


class Seal:
    """Seals and opens texts. `InvalidInputError` for no secret, or one that is too short."""

    def __init__(self, secrets: Sequence[Secret]) -> None:
        if not secrets or any(len(each.reveal()) < SHORTEST_SECRET for each in secrets):
            raise InvalidInputError(
                f"The installation's secret is shorter than {SHORTEST_SECRET} characters.",
                means="Credentials would not be safe under it.",
                do="Make one with `openssl rand -hex 32`; several are separated by commas.",
            )
        self._fernet = MultiFernet([Fernet(_key(each)) for each in secrets])

    def seal(self, text: Secret, place: tuple[str, ...]) -> bytes:
        """The text, sealed for a place."""
        return self._fernet.encrypt(msgspec.json.encode(_Sealed(place, text.reveal())))

    def open(self, sealed: bytes, place: tuple[str, ...]) -> Secret:
        """The text that was sealed for a place; `UnsealableError`."""
        try:
            found = msgspec.json.decode(self._fernet.decrypt(sealed), type=_Sealed)
        except (InvalidToken, msgspec.MsgspecError):
            found = None
        if found is None or found.place != place:
            raise UnsealableError(
                "What was sealed cannot be opened.",
                means="It was sealed with another secret, or for another place, or was altered.",
                do="Put the secret that sealed it into CHANGEOVER_SECRET, after a comma, "
                "or set the credential anew.",
            )
        return Secret(found.text)


def _key(secret: Secret) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return urlsafe_b64encode(derived.derive(secret.reveal().encode()))
