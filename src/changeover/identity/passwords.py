"""Passwords: argon2id hashes, with the parameters that OWASP recommends.

19 MiB of memory, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet; RFC 9106
describes the function). Verifying a password against no hash costs the same work
as against a real one, so that the time of an answer does not tell whether an
account exists. A password is normalised (NFKC) before it is hashed, because
keyboards write the same character in different ways (NIST SP 800-63B, 3.1.1.2).
"""

import base64
import unicodedata

import msgspec
from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from changeover.basics.errors import InvalidInputError
from changeover.identity.secret import Secret

SHORTEST = 12
LONGEST = 1024


class Verified(msgspec.Struct, frozen=True):
    """Whether a password opens; `rehash` is a hash to keep instead of an outdated one."""

    opens: bool
    rehash: str | None = None


class Passwords:
    """Hashes and verifies. Each call takes tens of milliseconds and `memory` KiB."""

    def __init__(self, *, memory: int = 19_456, passes: int = 2, lanes: int = 1) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory, parallelism=lanes, type=Type.ID
        )
        self._nothing = _unopenable(self._hasher)

    def hash(self, password: Secret) -> str:
        """The hash to keep; `InvalidInputError` for a password too short or too long."""
        length = len(password.reveal())
        if not SHORTEST <= length <= LONGEST:
            raise InvalidInputError(
                f"The password has {length} characters.",
                do=f"Choose one of {SHORTEST} to {LONGEST} characters; a few words do well.",
            )
        return self._hasher.hash(_plain(password))

    def verify(self, password: Secret, kept: str | None) -> Verified:
        """Whether `password` is the one that `kept` was made of; never for None."""
        try:
            self._hasher.verify(kept or self._nothing, _plain(password))
        except VerifyMismatchError:
            return Verified(opens=False)
        outdated = kept is not None and self._hasher.check_needs_rehash(kept)
        return Verified(
            opens=kept is not None,
            rehash=self._hasher.hash(_plain(password)) if outdated else None,
        )


def _plain(password: Secret) -> bytes:
    return unicodedata.normalize("NFKC", password.reveal()).encode()


def _unopenable(hasher: PasswordHasher) -> str:
    """A hash with the hasher's parameters that no password has, made without hashing."""
    salt, value = (
        base64.b64encode(bytes(size)).rstrip(b"=").decode()
        for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${value}"
