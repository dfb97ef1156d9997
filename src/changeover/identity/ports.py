"""What identity needs from outside: a place that keeps keys."""

from datetime import datetime
from typing import Protocol

from changeover.identity.model import Key


class Keys(Protocol):
    """The services' keys."""

    def add(self, key: Key) -> None:
        """Keeps a new key; `ConflictError` when its prefix stands already."""
        ...

    def all(self) -> list[Key]:
        """Every key, revoked ones too, by creation."""
        ...

    def revoke(self, prefix: str, at: datetime) -> Key:
        """Marks the key revoked (a revoked one keeps its first instant); `NotFoundError`."""
        ...
