"""Which conversations came from which file, and what keeps that."""

from datetime import datetime
from typing import Protocol

import msgspec

from changeover.chat.model import Source

SOURCE_NAMES: dict[Source, str] = {
    "changeover": "Changeover",
    "chatgpt": "ChatGPT",
    "open-webui": "Open WebUI",
}
"""The programs' own names, the same in every language."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """That a conversation came in from a file, by the import `act`.

    `source_id` is its name in the file, "" where that has none; `digest` is of what was
    said in it.
    """

    conversation: str
    account: str
    act: str
    file: str
    source: Source
    source_id: str
    digest: str
    at: datetime


class ImportedConversations(Protocol):
    """What was imported, and is still here."""

    def add(self, imported: Imported) -> None:
        """Keeps it; `ConflictError` where the account has one of that digest."""
        ...

    def of(self, account: str) -> list[Imported]:
        """All of an account's, the last imported first."""
        ...

    def has(self, account: str, digest: str) -> bool:
        """Whether the account has taken in this conversation in this state."""
        ...

    def has_other(self, account: str, source: Source, source_id: str) -> bool:
        """Whether the account has taken in a conversation of this name, in any state."""
        ...
