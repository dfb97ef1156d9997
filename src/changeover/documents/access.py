"""Who may read a file, and who may change it.

1. A file of a conversation is its owner's; for everybody else there is none.
2. A file of a collection is read by those to whom the collection is open, and changed by those
   who may change that (`collections`).
3. Who may read a collection no more, and has had it asked, is told so in words; to everybody else
   outside it there is no such collection.
"""

from collections.abc import Callable

import msgspec

from changeover.basics.errors import ConflictError, NotAuthorisedError, NotFoundError
from changeover.directory.rules import ancestors
from changeover.documents.collections import StoredCollection, may_edit, may_read
from changeover.documents.model import StoredFile
from changeover.documents.ports import FileWork
from changeover.identity.people import Account
from changeover.orders.in_force import Rules

_STAYS = "It is asked no more. What answers were given of it stays in your conversations."


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where files stand: in a conversation, or in a collection."""

    conversation: str | None = None
    collection: str | None = None


class CollectionClosedError(NotAuthorisedError):
    """A collection that somebody has asked is not open to them any more."""

    code = "collection-closed"


class Access:
    """What is open to whom, by the directory as it stands.

    `held` says whether a legal hold reaches a party; it may block.
    """

    def __init__(self, rules: Rules, held: Callable[[str], bool]) -> None:
        self._rules = rules
        self.held = held

    def check_removal(self, account: Account) -> None:
        """Raises `ConflictError` while a legal hold has everything of the account's party kept."""
        if self.held(account.party):
            raise ConflictError(
                "A legal hold applies to your party, so everything is kept.",
                means="Nothing was removed.",
                do="Leave it where it is until the hold has ended.",
            )

    def parties(self, account: Account) -> frozenset[str]:
        """The account's party, and all that it is part of."""
        return frozenset(ancestors(self._rules.current.directory, account.party))

    def check_place(
        self, work: FileWork, account: Account, place: Place, *, change: bool = False
    ) -> None:
        """Raises `NotFoundError`, `CollectionClosedError` or `NotAuthorisedError`."""
        if place.collection is not None:
            self.collection(work, account, place.collection, change=change)
        elif work.files.owner(place.conversation or "") != account.id:
            raise NotFoundError(f"There is no conversation {place.conversation}.")

    def collection(
        self, work: FileWork, account: Account, name: str, *, change: bool = False
    ) -> StoredCollection:
        """A collection that stands and is open to the account; raises as `check_place`."""
        found, parties = work.collections.get(name), self.parties(account)
        if found is None or not may_read(parties, found):
            raise _closed(work, account, name, found)
        if change and not may_edit(account, parties, found):
            raise NotAuthorisedError(
                f"You may read the collection {found.name}, and not change it.",
                means="Nothing was changed.",
                do="Ask one of those who look after it.",
            )
        return found

    def file(
        self,
        work: FileWork,
        account: Account,
        name: str,
        *,
        change: bool = False,
        removed: bool = False,
    ) -> StoredFile:
        """A file that is open to the account, one that was `removed` or none such."""
        found = work.files.get(name)
        if found.collection is not None:
            self.collection(work, account, found.collection, change=change)
        elif found.account != account.id:
            raise NotFoundError(f"There is no file {name}.")
        if (found.removed is not None) != removed:
            raise NotFoundError(f"There is no file {name}.")
        return found


def _closed(
    work: FileWork, account: Account, name: str, found: StoredCollection | None
) -> NotFoundError | NotAuthorisedError:
    asked = work.collections.asked_as(account.id, name)
    if asked is None:
        return NotFoundError(f"There is no collection {name}.")
    if found is None or found.removed is not None:
        return CollectionClosedError(
            f"The collection {asked} was removed.",
            means=_STAYS,
            do="Ask those who looked after it whether they can bring it back.",
        )
    # By the name that they know: what it is called since is not theirs to read.
    return CollectionClosedError(
        f"The collection {asked} is not open to you any more.",
        means=_STAYS,
        do="Ask those who look after it.",
    )
