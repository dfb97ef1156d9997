"""Collections: files that a party keeps for all of its people to ask.

* A collection is of one party. Whoever is in that party, or in a part of it, may read it and
  have it asked in their conversations.
* Its *owners* change it: its name, what it is for, its files, who looks after it. So do those
  in that very party who have one of the roles that it names (`edited_by`), and the party's
  administrators, so that none is left without anybody.
* Its *data class* is that of what stands in it. What is taken from it goes to a model only
  where a call with content of that class may go (`orders.decide`).
* Removing it can be undone for `KEPT`. Who may no longer read it keeps what was said of it.
"""

from collections.abc import Collection as Several
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from changeover.basics.text import Bilingual
from changeover.identity.people import Account, Role

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500
MOST_FILES = 1_000
MOST_ASKED = 10
"""How many collections one conversation asks."""
KEPT = timedelta(days=30)
"""How long what was removed is kept, so that it can be brought back."""
ADMINISTRATOR: Role = "administrator"

Standing = Literal["open", "closed", "removed"]
"""Of a collection that a conversation asks: `closed` is one that its person may read no more."""


class _Value(msgspec.Struct, frozen=True):
    """Base of the values."""


class StoredCollection(_Value, frozen=True, kw_only=True):
    """A collection as kept; `owners` are accounts."""

    id: str
    party: str
    name: str
    description: str
    data_class: str
    owners: tuple[str, ...]
    edited_by: tuple[Role, ...]
    created: datetime
    removed: datetime | None = None


class Counts(_Value, frozen=True, kw_only=True):
    """What stands in a collection: its files, those that are not read yet, and passages."""

    files: int = 0
    unread: int = 0
    passages: int = 0


class Asked(_Value, frozen=True, kw_only=True):
    """A collection that a conversation asks, by the name that it had when it was chosen."""

    collection: str
    name: str


class Owner(_Value, frozen=True, kw_only=True):
    """Who looks after a collection."""

    login: str
    name: str


class Collection(_Value, frozen=True, kw_only=True):
    """A collection as a person sees it; `may_edit` is whether they may change it."""

    id: str
    name: str
    description: str
    party_name: Bilingual
    data_class: str
    owners: tuple[Owner, ...]
    edited_by: tuple[Role, ...]
    counts: Counts
    may_edit: bool


class AskedCollection(_Value, frozen=True, kw_only=True):
    """A collection that a conversation asks, as it stands now for the person whose that is.

    `ask` are the names of those who can open it again, where they are known.
    """

    id: str
    name: str
    standing: Standing
    counts: Counts
    ask: tuple[str, ...] = ()


class Collections(Protocol):
    """Collections, and which of them conversations ask."""

    def put(self, collection: StoredCollection) -> None:
        """Keeps it, instead of what stands under its id; whether it is removed stays."""
        ...

    def get(self, collection: str) -> StoredCollection | None:
        """The collection, also one that was removed; None when there is none."""
        ...

    def of(self, parties: Several[str]) -> list[StoredCollection]:
        """Those of the parties that stand, by id."""
        ...

    def counts(self, collections: Several[str]) -> dict[str, Counts]:
        """What stands in each; one without files may be left out."""
        ...

    def remove(self, collection: str, at: datetime | None) -> None:
        """Removes it; None brings it back."""
        ...

    def removed_before(self, before: datetime) -> list[StoredCollection]:
        """The collections that were removed before, by id."""
        ...

    def forget(self, collections: Several[str]) -> None:
        """Forgets collections."""
        ...

    def asked(self, conversation: str) -> list[Asked]:
        """What a conversation asks, by id."""
        ...

    def ask(self, conversation: str, account: str, wanted: Sequence[Asked]) -> None:
        """Has a conversation of the account ask these and no others."""
        ...

    def asked_as(self, account: str, collection: str) -> str | None:
        """The name by which a conversation of the account asks it; None where none does."""
        ...


def may_read(parties: Several[str], collection: StoredCollection) -> bool:
    """Whether it is open to who is in the first of the parties, which the others hold."""
    return collection.removed is None and collection.party in parties


def may_edit(account: Account, parties: Several[str], collection: StoredCollection) -> bool:
    """Whether the account may change it, also to bring it back."""
    if collection.party not in parties:
        return False
    if account.id in collection.owners:
        return True
    named = {*collection.edited_by, ADMINISTRATOR}
    return account.party == collection.party and not named.isdisjoint(account.roles)
