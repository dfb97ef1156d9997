"""API keys: what they are and how one is read."""

from datetime import datetime

import msgspec


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A service's API key as kept: the secret itself is never stored.

    `prefix` is public and finds the key; `digest` is the SHA-256 of the whole
    key, which suffices because a key holds 200 random bits.
    """

    prefix: str
    digest: bytes
    service: str
    slot: str
    label: str
    created: datetime
    created_by: str
    expires: datetime | None = None
    revoked: datetime | None = None
