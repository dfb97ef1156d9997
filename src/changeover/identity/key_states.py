"""How a key stands at an instant, for those who look after keys.

A key is, by the first that holds: revoked; expired; replaced, while it overlaps
with a key that took its place; about to expire, in its last week; valid. A
replacement that was revoked before the old key ended replaces nothing any more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from changeover.identity.model import Key

KeyState = Literal["valid", "expires-soon", "replaced", "expired", "revoked"]
SOON = timedelta(days=7)


def works_at(key: Key, at: datetime) -> bool:
    """Whether the key opens anything at an instant."""
    return key.revoked is None and (key.expires is None or at < key.expires)


def replacement_of(key: Key, among: Iterable[Key]) -> Key | None:
    """The key that took this one's place, the newest where there were several."""
    return max(
        (other for other in among if other.replaces == key.prefix),
        key=lambda other: (other.revoked is None, other.created),
        default=None,
    )


def state_of(key: Key, replacement: Key | None, at: datetime) -> KeyState:
    """The key's state at an instant, `replacement` being the key that took its place."""
    if key.revoked is not None:
        return "revoked"
    if not works_at(key, at):
        return "expired"
    if replacement is not None and replacement.revoked is None:
        return "replaced"
    if key.expires is not None and key.expires - at <= SOON:
        return "expires-soon"
    return "valid"
