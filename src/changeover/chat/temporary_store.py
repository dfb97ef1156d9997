"""Where temporary conversations are looked for; `chat.temporary` says what they are."""

from datetime import datetime
from typing import Protocol

import msgspec


class Temporary(msgspec.Struct, frozen=True, kw_only=True):
    """A temporary conversation, the party of its owner, and when it ends at the latest."""

    conversation: str
    party: str
    until: datetime


class TemporaryConversations(Protocol):
    """The temporary conversations of all people."""

    def all(self) -> list[Temporary]:
        """All that there are, the first to end first."""
        ...

    def keep(self, conversation: str) -> None:
        """Makes it a conversation like any other."""
        ...
