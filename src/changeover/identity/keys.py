"""Keys: how one is made, and how a presented one is checked.

A key reads `co_<prefix>_<secret>`: a public prefix of 8 characters that finds
it, and a secret of 40 characters of Crockford's base 32, which is 200 random
bits. What is kept is the SHA-256 of the whole key. A slow password hash would
add nothing: it protects texts that can be guessed, and nobody guesses 200 bits.

`KeyRing.authenticate` answers in these steps:

1. A text that has not the form of a key is malformed. The form is public.
2. The prefix finds the key as kept, or a stand-in for it that no text hashes to,
   so that an unknown prefix costs the same work as a known one.
3. The digests are compared in constant time. A wrong secret and an unknown
   prefix get the same answer.
4. Only whoever holds the whole key learns that it was revoked, or has expired.

No error, repr or log line holds the presented text; at most its prefix.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime

from changeover.basics.errors import ChangeoverError
from changeover.basics.ids import new_secret
from changeover.identity.model import Key, KeyRequest
from changeover.identity.secret import Secret

PREFIX_CHARACTERS = 8
SECRET_CHARACTERS = 40
_LETTER = "[0-9a-hjkmnp-tv-z]"
_FORM = re.compile(
    rf"co_(?P<prefix>{_LETTER}{{{PREFIX_CHARACTERS}}})_{_LETTER}{{{SECRET_CHARACTERS}}}"
)


class KeyRefusedError(ChangeoverError):
    """A presented key that does not open anything."""

    code = "key_refused"


class MalformedKeyError(KeyRefusedError):
    """The text is no key of ours."""

    code = "malformed_key"

    def __init__(self) -> None:
        super().__init__(
            "What was sent is not a Changeover key.",
            means="A key reads co_, 8 characters, _ and 40 characters; "
            "a vendor's own key does not work here.",
            do="Send the whole key as your service's owner received it.",
        )


class UnknownKeyError(KeyRefusedError):
    """No key stands under this prefix with this secret."""

    code = "unknown_key"

    def __init__(self, prefix: str) -> None:
        super().__init__(
            f"No key co_{prefix}_… with this secret is known here.",
            do="Check that the key was copied whole and belongs to this installation.",
        )
        self.prefix = prefix


class RevokedKeyError(KeyRefusedError):
    """The key was revoked, at `revoked`."""

    code = "revoked_key"

    def __init__(self, prefix: str, revoked: datetime) -> None:
        super().__init__(
            f"The key co_{prefix}_… was revoked at {revoked.isoformat()}.",
            do="Ask the service's owner for its present key.",
        )
        self.prefix = prefix
        self.revoked = revoked


class ExpiredKeyError(KeyRefusedError):
    """The key was valid until `expires`, exclusively."""

    code = "expired_key"

    def __init__(self, prefix: str, expires: datetime) -> None:
        super().__init__(
            f"The key co_{prefix}_… expired at {expires.isoformat()}.",
            do="Ask the service's owner for a new key.",
        )
        self.prefix = prefix
        self.expires = expires


def create_key(
    request: KeyRequest, *, now: datetime, by: str, replaces: str | None = None
) -> tuple[Secret, Key]:
    """A new key for a service's slot: the whole key, shown once, and what is kept of it."""
    prefix = new_secret(PREFIX_CHARACTERS)
    whole = f"co_{prefix}_{new_secret(SECRET_CHARACTERS)}"
    key = Key(
        prefix=prefix,
        digest=_digest(whole),
        service=request.service,
        slot=request.slot,
        label=request.label,
        created=now,
        created_by=by,
        scopes=request.scopes,
        expires=request.expires,
        replaces=replaces,
    )
    return Secret(whole), key


def prefix_of(text: str) -> str:
    """The prefix in what a person wrote to name a key: `co_…_…`, `co_prefix` or the prefix."""
    return text.strip().removeprefix("co_").partition("_")[0]


class KeyRing:
    """The keys in memory, found by prefix and replaced as a whole when they change."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._by_prefix: dict[str, Key] = {}
        self.replace(keys)

    def replace(self, keys: Iterable[Key]) -> None:
        """Takes `keys` for what stood before, in one step: no reader sees a mixture."""
        self._by_prefix = {key.prefix: key for key in keys}

    def authenticate(self, presented: str, now: datetime) -> Key:
        """The key that `presented` is; otherwise one of the errors above says why not."""
        form = _FORM.fullmatch(presented)
        if form is None:
            raise MalformedKeyError
        prefix = form["prefix"]
        key = self._by_prefix.get(prefix)
        kept = _NO_DIGEST if key is None else key.digest
        opens = hmac.compare_digest(_digest(presented), kept)
        if key is None or not opens:
            raise UnknownKeyError(prefix)
        if key.revoked is not None:
            raise RevokedKeyError(prefix, key.revoked)
        if key.expires is not None and now >= key.expires:
            raise ExpiredKeyError(prefix, key.expires)
        return key


_NO_DIGEST = bytes(hashlib.sha256().digest_size)


def _digest(whole: str) -> bytes:
    return hashlib.sha256(whole.encode()).digest()
