"""Where removed conversations are looked for; `chat.removing` says what they are."""

from datetime import datetime
from typing import Protocol

import msgspec


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that its owner removed; `turns` counts what is in it."""

    id: str
    title: str
    removed: datetime
    turns: int


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation whose time is over: its owner removed it, or its party's rule says so."""

    conversation: str
    party: str
    by_owner: bool


class RemovedConversations(Protocol):
    """The conversations that their owners removed, and those that are kept long enough."""

    def mark(self, conversation: str, at: datetime | None) -> None:
        """Puts it out of sight; None brings it back."""
        ...

    def of(self, account: str) -> list[Removed]:
        """Those of an account, the last removed first."""
        ...

    def parties(self) -> list[str]:
        """The parties whose people have conversations that are not temporary."""
        ...

    def due(
        self, party: str, *, removed_before: datetime, changed_before: datetime | None, most: int
    ) -> list[Due]:
        """Those of a party's people that were removed or last changed before, the oldest first."""
        ...

    def is_due(
        self, due: Due, *, removed_before: datetime, changed_before: datetime | None
    ) -> bool:
        """Whether it still is, and nobody writes in it."""
        ...

    def remove(self, conversation: str) -> int:
        """Removes it for good with all that is its, and says how many turns it had."""
        ...
