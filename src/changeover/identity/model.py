"""API keys: what they are and how one is read."""

from datetime import datetime
from typing import Literal

import msgspec

KeyScope = Literal["chat", "models"]
KEY_SCOPES: tuple[KeyScope, ...] = ("chat", "models")


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A service's API key as kept: the secret itself is never stored.

    `prefix` is public and finds the key; `digest` is the SHA-256 of the whole
    key, which suffices because a key holds 200 random bits. `scopes` is what it
    may do: call models, list them. `replaces` is the prefix of the key that it
    was given instead of.
    """

    prefix: str
    digest: bytes
    service: str
    slot: str
    label: str
    created: datetime
    created_by: str
    scopes: tuple[KeyScope, ...] = KEY_SCOPES
    expires: datetime | None = None
    revoked: datetime | None = None
    replaces: str | None = None


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The key that somebody asks for: a service's slot, a label, what it may do, until when."""

    service: str
    slot: str
    label: str = ""
    scopes: tuple[KeyScope, ...] = KEY_SCOPES
    expires: datetime | None = None
