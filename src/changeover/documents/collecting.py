"""What people do with collections: see, make, change, remove, bring back, and have them asked."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.text import Bilingual
from changeover.documents.access import Access, Place
from changeover.documents.collections import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_ASKED,
    Asked,
    AskedCollection,
    Collection,
    Counts,
    Owner,
    Standing,
    StoredCollection,
    may_edit,
    may_read,
)
from changeover.documents.ports import FileStore, FileWork, Offload
from changeover.documents.tending import MeaningStanding, Tending
from changeover.identity.people import Account, Role
from changeover.orders.in_force import Rules

T = TypeVar("T")
_MOST_OWNERS = 20


class CollectionShelf(msgspec.Struct, frozen=True, kw_only=True):
    """The collections that are open to a person, by name, and what a new one chooses from.

    `party_name` is the party that a new one is of; `data_class` is what it is of unless its
    maker says otherwise. `meaning` is None where they are searched by words alone.
    """

    collections: tuple[Collection, ...]
    party_name: Bilingual
    data_class: str
    data_classes: tuple[str, ...]
    meaning: MeaningStanding | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a collection is to be. `owners` are logins; whoever makes one is of them."""

    name: str
    description: str = ""
    data_class: str
    owners: tuple[str, ...] = ()
    edited_by: tuple[Role, ...] = ()


class CollectingParts(msgspec.Struct, frozen=True, kw_only=True):
    """What collections are kept with; `service` is the one whose people ask them."""

    store: FileStore
    tending: Tending
    rules: Rules
    access: Access
    clock: Clock
    offload: Offload
    service: str


class Collecting:
    """Keeps parties' collections."""

    def __init__(self, parts: CollectingParts) -> None:
        self._parts = parts

    async def all(self, account: Account) -> CollectionShelf:
        """Those that are open to the account."""
        directory = self._parts.rules.current.directory
        parties = self._parts.access.parties(account)

        def reading(work: FileWork) -> list[Collection]:
            found = work.collections.of(parties)
            counts = work.collections.counts([one.id for one in found])
            return [self._shown(work, account, one, counts.get(one.id, Counts())) for one in found]

        found = await self._read(reading)
        return CollectionShelf(
            collections=tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id))),
            party_name=directory.parties[account.party].name,
            data_class=self._usual_class(),
            data_classes=self._classes(),
            meaning=await self._parts.tending.standing(),
        )

    async def make(self, account: Account, wanted: Wanted) -> Collection:
        """A new one in the account's party; `InvalidInputError`."""
        now = self._parts.clock.now()

        def make(work: FileWork) -> StoredCollection:
            new = StoredCollection(
                id=new_id("coll"),
                party=account.party,
                name="",
                description="",
                data_class=self._usual_class(),
                owners=(),
                edited_by=(),
                created=now,
            )
            logins = tuple(dict.fromkeys((account.login, *wanted.owners)))
            return self._worded(work, new, msgspec.structs.replace(wanted, owners=logins))

        return await self._put(account, make)

    async def change(self, account: Account, collection: str, wanted: Wanted) -> Collection:
        """Words it anew, or has others look after it.

        Raises `InvalidInputError`, `NotFoundError`, and `NotAuthorisedError` for who may only
        read it.
        """

        def change(work: FileWork) -> StoredCollection:
            found = self._parts.access.collection(work, account, collection, change=True)
            return self._worded(work, found, wanted)

        return await self._put(account, change)

    async def remove(self, account: Account, collection: str) -> None:
        """Takes it away from all who could read it; raises as `change`."""
        now = self._parts.clock.now()

        def remove(work: FileWork) -> None:
            self._parts.access.collection(work, account, collection, change=True)
            work.collections.remove(collection, now)

        await self._write(remove)

    async def bring_back(self, account: Account, collection: str) -> Collection:
        """Undoes a removal, with all files that stood in it; `NotFoundError`."""
        parties = self._parts.access.parties(account)

        def bring_back(work: FileWork) -> Collection:
            found = work.collections.get(collection)
            if found is None or found.removed is None or not may_edit(account, parties, found):
                raise NotFoundError(f"There is no collection {collection} to be brought back.")
            work.collections.remove(collection, None)
            counts = work.collections.counts([collection]).get(collection, Counts())
            return self._shown(work, account, found, counts)

        return await self._write(bring_back)

    async def asked(self, account: Account, conversation: str) -> list[AskedCollection]:
        """What a conversation of the account asks, as it stands now; `NotFoundError`."""

        def asked(work: FileWork) -> list[AskedCollection]:
            place = Place(conversation=conversation)
            self._parts.access.check_place(work, account, place)
            return self._asked(work, account, conversation)

        return await self._read(asked)

    async def ask(
        self, account: Account, conversation: str, wanted: Sequence[str]
    ) -> list[AskedCollection]:
        """Has a conversation ask these collections; `InvalidInputError`, `NotFoundError`.

        What it asks already may stay, also where it is not open any more.
        """
        names = tuple(dict.fromkeys(wanted))
        if len(names) > MOST_ASKED:
            raise InvalidInputError(
                f"A conversation asks at most {MOST_ASKED} collections.",
                means="Nothing was changed.",
                do="Leave some out.",
            )

        def ask(work: FileWork) -> list[AskedCollection]:
            place = Place(conversation=conversation)
            self._parts.access.check_place(work, account, place)
            before = {one.collection: one for one in work.collections.asked(conversation)}
            chosen = [before.get(name) or self._choice(work, account, name) for name in names]
            work.collections.ask(conversation, account.id, chosen)
            return self._asked(work, account, conversation)

        return await self._write(ask)

    def _choice(self, work: FileWork, account: Account, name: str) -> Asked:
        found = self._parts.access.collection(work, account, name)
        return Asked(collection=found.id, name=found.name)

    def _asked(self, work: FileWork, account: Account, conversation: str) -> list[AskedCollection]:
        asked = work.collections.asked(conversation)
        counts = work.collections.counts([one.collection for one in asked])
        return [
            self._standing(work, account, one, counts.get(one.collection, Counts()))
            for one in asked
        ]

    def _standing(
        self, work: FileWork, account: Account, one: Asked, counts: Counts
    ) -> AskedCollection:
        found = work.collections.get(one.collection)
        if found is None:
            return _told(one, "removed", ())
        if may_read(self._parts.access.parties(account), found):
            name = found.name
            return AskedCollection(id=found.id, name=name, standing="open", counts=counts)
        asks = tuple(work.accounts.get(owner).name for owner in found.owners)
        return _told(one, "closed" if found.removed is None else "removed", asks)

    async def _put(
        self, account: Account, made: Callable[[FileWork], StoredCollection]
    ) -> Collection:
        def put(work: FileWork) -> Collection:
            kept = made(work)
            work.collections.put(kept)
            counts = work.collections.counts([kept.id]).get(kept.id, Counts())
            return self._shown(work, account, kept, counts)

        return await self._write(put)

    def _worded(
        self, work: FileWork, standing: StoredCollection, wanted: Wanted
    ) -> StoredCollection:
        name, description = " ".join(wanted.name.split()), wanted.description.strip()
        _check_words(name, description)
        if wanted.data_class not in {standing.data_class, *self._classes()}:
            raise InvalidInputError(
                f"No service and no order names a data class {wanted.data_class}.",
                means="Nothing was changed.",
                do=f"Choose one of {', '.join(self._classes())}.",
            )
        return msgspec.structs.replace(
            standing,
            name=name,
            description=description,
            data_class=wanted.data_class,
            owners=self._owners(work, standing, wanted.owners),
            edited_by=tuple(dict.fromkeys(wanted.edited_by)),
        )

    def _owners(
        self, work: FileWork, standing: StoredCollection, logins: Sequence[str]
    ) -> tuple[str, ...]:
        found = []
        for login in dict.fromkeys(logins):
            account = work.accounts.named(login)
            # One who left the party may stay an owner: they own it again when they come back.
            known = account is not None and (
                account.id in standing.owners
                or standing.party in self._parts.access.parties(account)
            )
            if account is None or not known:
                raise InvalidInputError(
                    f"{login} is not in the collection's party.",
                    means="Nothing was changed.",
                    do="Name somebody of that party by the name with which they sign in.",
                )
            found.append(account.id)
        if not 0 < len(found) <= _MOST_OWNERS:
            raise InvalidInputError(
                f"A collection has 1 to {_MOST_OWNERS} owners.",
                means="Nothing was changed.",
                do="Name somebody who looks after it.",
            )
        return tuple(found)

    def _shown(
        self, work: FileWork, account: Account, one: StoredCollection, counts: Counts
    ) -> Collection:
        owners = [work.accounts.get(owner) for owner in one.owners]
        return Collection(
            id=one.id,
            name=one.name,
            description=one.description,
            party_name=self._parts.rules.current.directory.parties[one.party].name,
            data_class=one.data_class,
            owners=tuple(Owner(login=owner.login, name=owner.name) for owner in owners),
            edited_by=one.edited_by,
            counts=counts,
            may_edit=may_edit(account, self._parts.access.parties(account), one),
        )

    def _usual_class(self) -> str:
        service = self._parts.rules.current.directory.services.get(self._parts.service)
        return "internal" if service is None else service.data_class

    def _classes(self) -> tuple[str, ...]:
        """Those that the directory's services and the orders on record know."""
        ruleset = self._parts.rules.current
        known = {service.data_class for service in ruleset.directory.services.values()}
        known.add(self._usual_class())
        for standing in ruleset.standings:
            known |= standing.data_classes
        return tuple(sorted(known))

    async def _read(self, act: Callable[[FileWork], T]) -> T:
        def reading() -> T:
            with self._parts.store.reading() as work:
                return act(work)

        return await self._parts.offload(reading)

    async def _write(self, act: Callable[[FileWork], T]) -> T:
        def writing() -> T:
            with self._parts.store.begin(alone=False) as work:
                return act(work)

        return await self._parts.offload(writing)


def _told(one: Asked, standing: Standing, ask: tuple[str, ...]) -> AskedCollection:
    return AskedCollection(
        id=one.collection, name=one.name, standing=standing, counts=Counts(), ask=ask
    )


def _check_words(name: str, description: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInputError(
            f"A collection's name has 1 to {LONGEST_NAME} characters; this one has {len(name)}.",
            means="Nothing was changed.",
        )
    if len(description) > LONGEST_DESCRIPTION:
        raise InvalidInputError(
            f"A collection is described in at most {LONGEST_DESCRIPTION} characters, and this "
            f"description has {len(description)}.",
            means="Nothing was changed.",
        )
