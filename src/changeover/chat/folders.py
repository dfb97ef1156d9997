"""Folders: where people keep conversations that belong together.

A folder is its owner's alone. A removed one stays in the store, with the conversations that were
in it, so that removing it can be undone whole; nobody is shown it, and its name is free.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.basics.errors import NotFoundError

LONGEST = 80
MOST = 200


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder; a conversation is in one at most."""

    id: str
    name: str


class Folders(Protocol):
    """People's folders."""

    def of(self, account: str) -> list[Folder]:
        """The account's folders that stand, the first made first."""
        ...

    def removed(self, account: str, folder: str) -> Folder | None:
        """The account's folder of this id, if it was removed."""
        ...

    def add(self, account: str, folder: Folder, at: datetime) -> None:
        """Keeps a new folder."""
        ...

    def rename(self, folder: str, name: str) -> None:
        """Gives it another name."""
        ...

    def remove(self, folder: str, at: datetime | None) -> None:
        """Removes it; None brings it back, with what is in it."""
        ...


def named(standing: Sequence[Folder], folder: str) -> Folder:
    """The one of an id; `NotFoundError`."""
    found = next((one for one in standing if one.id == folder), None)
    if found is None:
        raise NotFoundError(f"There is no folder {folder}.")
    return found
