"""Collections: who reads them, who changes them, what is undone, and asking them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import msgspec
import pytest

from changeover.basics.clock import FixedClock
from changeover.basics.errors import InvalidInputError, NotAuthorisedError, NotFoundError
from changeover.documents.access import Access, CollectionClosedError
from changeover.documents.access import Place as At
from changeover.documents.collecting import Collecting, CollectingParts, Wanted
from changeover.documents.collections import KEPT, MOST_ASKED, Collection
from changeover.documents.library import Library, NewFile
from changeover.documents.reading import Readings
from changeover.documents.searching import Searched, Searching, Seeking
from changeover.documents.tending import Tending, TendingParts
from changeover.identity.people import Account
from changeover.wiring.files import read_document
from tests.chat.world import ANA, MARC, STRANGER
from tests.documents.fakes import FakeFileStore
from tests.documents.worlds import SERVICE, rules_of
from tests.orders.worlds import T0

OFFICER = msgspec.structs.replace(
    ANA, id="acct_officer", login="officer", roles=("staff", "officer")
)
ADMIN = msgspec.structs.replace(ANA, id="acct_admin", login="admin", roles=("administrator",))
ABOVE = msgspec.structs.replace(ANA, id="acct_above", login="above", party="state")
HANDBOOK = Wanted(name="  Hand\tbook ", description="Rules of the house.", data_class="internal")
GARAGE = "# Parking\n\nThe garage closes at ten.\n"


class Place:
    """Collections of the bureau, over the fake; Ana has the conversation `c`, Marc `m`."""

    def __init__(self) -> None:
        people = (ANA, MARC, STRANGER, OFFICER, ADMIN, ABOVE)
        self.store = FakeFileStore({"c": ANA.id, "m": MARC.id}, *people)
        self.clock = FixedClock(T0)
        rules, offload = rules_of(), asyncio.to_thread
        self.held: set[str] = set()
        access = Access(rules, self.held.__contains__)
        self.tending = Tending(
            TendingParts(
                store=self.store,
                embedder=None,
                clock=self.clock,
                offload=offload,
                start="s1",
                living=frozenset,
                held=self.held.__contains__,
            )
        )
        self.collecting = Collecting(
            CollectingParts(
                store=self.store,
                tending=self.tending,
                rules=rules,
                access=access,
                clock=self.clock,
                offload=offload,
                service=SERVICE,
            )
        )
        self.readings = Readings(self.store, read_document, "s1", offload)
        self.library = Library(self.store, self.readings, access, self.clock, offload)
        self.searching = Searching(self.store, access, offload)

    async def bring(self, who: Account, collection: str, name: str, text: str) -> str:
        content = text.encode()
        new = NewFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        line = await self.library.begin(who, At(collection=collection), new)
        await self.library.receive(who, line.file.id, 0, content)
        await self.readings.settled()
        return line.file.id

    async def found(self, who: Account, conversation: str, question: str) -> Searched:
        asks = Seeking(account=who, conversation=conversation, data_class="internal")
        return await self.searching.search(asks, (question,))


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    opened = Place()
    async with opened.readings.running(frozenset):
        yield opened


async def named(place: Place, who: Account) -> list[str]:
    return [one.name for one in (await place.collecting.all(who)).collections]


async def test_a_collection_is_read_in_its_party_and_changed_by_its_owner(place: Place):
    made = await place.collecting.make(ANA, HANDBOOK)
    assert (made.name, made.may_edit, made.data_class) == ("Hand book", True, "internal")
    assert [one.login for one in made.owners] == ["ana"]
    assert await named(place, MARC) == ["Hand book"]
    assert await named(place, STRANGER) == await named(place, ABOVE) == []
    seen = (await place.collecting.all(MARC)).collections[0]
    assert not seen.may_edit
    with pytest.raises(NotAuthorisedError, match="You may read the collection Hand book"):
        await place.collecting.change(MARC, made.id, HANDBOOK)
    for act in (
        place.collecting.change(STRANGER, made.id, HANDBOOK),
        place.collecting.remove(STRANGER, made.id),
        place.library.all(STRANGER, At(collection=made.id)),
        place.collecting.ask(STRANGER, "c", [made.id]),
        place.collecting.ask(MARC, "m", ["coll_none"]),
    ):
        with pytest.raises(NotFoundError):
            await act


@pytest.mark.parametrize("who", [OFFICER, ADMIN])
async def test_named_roles_of_its_party_and_administrators_change_it(place: Place, who: Account):
    wanted = msgspec.structs.replace(HANDBOOK, edited_by=("officer",))
    made = await place.collecting.make(ANA, wanted)
    renamed = msgspec.structs.replace(wanted, name="House rules", owners=("ana", "marc"))
    changed = await place.collecting.change(who, made.id, renamed)
    assert (changed.name, [one.login for one in changed.owners]) == ("House rules", ["ana", "marc"])
    assert (await place.collecting.change(MARC, made.id, renamed)).may_edit


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": " "}, "1 to 80 characters"),
        ({"name": "x" * 81}, "has 81"),
        ({"description": "x" * 501}, "at most 500 characters"),
        ({"data_class": "interna1"}, "No service and no order names a data class interna1"),
        ({"owners": ("far",)}, "far is not in the collection's party"),
        ({"owners": ("nobody",)}, "nobody is not in"),
        ({"owners": ()}, "1 to 20 owners"),
    ],
)
async def test_what_a_collection_cannot_be_is_said(
    place: Place, change: dict[str, object], why: str
):
    made = await place.collecting.make(ANA, HANDBOOK)
    wanted = msgspec.structs.replace(HANDBOOK, **({"owners": ("ana",)} | change))
    with pytest.raises(InvalidInputError, match=why):
        await place.collecting.change(ANA, made.id, wanted)


async def test_a_conversation_is_answered_from_the_collections_that_it_asks(place: Place):
    handbook, other = await two(place)
    await place.bring(ANA, handbook.id, "handbook.md", GARAGE)
    await place.bring(ANA, other.id, "canteen.md", "The canteen serves lunch from noon.\n")
    assert (await place.found(MARC, "m", "garage")).passages == ()
    asked = await place.collecting.ask(MARC, "m", [handbook.id])
    assert [(one.name, one.standing, one.counts.files) for one in asked] == [
        ("Hand book", "open", 1)
    ]
    found = await place.found(MARC, "m", "When does the garage close?")
    assert [(one.name, one.collection, one.data_class) for one in found.passages] == [
        ("handbook.md", "Hand book", "internal")
    ]
    assert (await place.found(MARC, "m", "Who serves lunch?")).by == "beginning"
    await place.collecting.ask(MARC, "m", [handbook.id, other.id])
    found = await place.found(MARC, "m", "Who serves lunch?")
    assert [one.collection for one in found.passages] == ["Canteen"]
    with pytest.raises(NotFoundError):
        await place.collecting.ask(MARC, "c", [handbook.id])
    with pytest.raises(InvalidInputError, match="at most 10"):
        await place.collecting.ask(MARC, "m", [f"coll_{at}" for at in range(MOST_ASKED + 1)])


async def test_a_removed_collection_is_asked_no_more_until_it_is_brought_back(place: Place):
    handbook, _ = await two(place)
    file = await place.bring(ANA, handbook.id, "handbook.md", GARAGE)
    await place.collecting.ask(MARC, "m", [handbook.id])
    await place.collecting.remove(ANA, handbook.id)
    assert await named(place, MARC) == ["Canteen"]
    assert (await place.found(MARC, "m", "garage")).passages == ()
    asked = (await place.collecting.asked(MARC, "m"))[0]
    assert (asked.name, asked.standing, asked.ask) == ("Hand book", "removed", ("Ana",))
    with pytest.raises(CollectionClosedError, match="The collection Hand book was removed"):
        await place.library.text(MARC, file)
    with pytest.raises(NotFoundError):
        await place.collecting.bring_back(MARC, handbook.id)
    back = await place.collecting.bring_back(ANA, handbook.id)
    assert back.counts.files == 1
    assert len((await place.found(MARC, "m", "garage")).passages) == 1
    with pytest.raises(NotFoundError):
        await place.collecting.bring_back(ANA, handbook.id)


async def test_who_lost_access_is_told_so_by_the_name_that_they_knew(place: Place):
    handbook, _ = await two(place)
    file = await place.bring(ANA, handbook.id, "handbook.md", GARAGE)
    await place.collecting.ask(MARC, "m", [handbook.id])
    wanted = msgspec.structs.replace(HANDBOOK, name="Secret rules", owners=("ana",))
    await place.collecting.change(ANA, handbook.id, wanted)
    moved = msgspec.structs.replace(MARC, party="elsewhere")
    assert (await place.found(moved, "m", "garage")).passages == ()
    asked = (await place.collecting.asked(moved, "m"))[0]
    assert (asked.name, asked.standing, asked.counts.files) == ("Hand book", "closed", 0)
    with pytest.raises(CollectionClosedError, match="Hand book is not open to you any more"):
        await place.library.text(moved, file)
    # It may stay chosen, and is asked again once it is open again.
    await place.collecting.ask(moved, "m", [handbook.id])
    assert len((await place.found(MARC, "m", "garage")).passages) == 1


async def test_files_are_brought_and_taken_away_by_who_may_change_it(place: Place):
    handbook, _ = await two(place)
    at = At(collection=handbook.id)
    with pytest.raises(NotAuthorisedError):
        await place.bring(MARC, handbook.id, "a.md", GARAGE)
    file = await place.bring(ANA, handbook.id, "handbook.md", GARAGE)
    assert [line.file.name for line in await place.library.all(MARC, at)] == ["handbook.md"]
    assert "garage" in (await place.library.text(MARC, file))[1].text
    with pytest.raises(NotAuthorisedError):
        await place.library.remove(MARC, file)
    await place.collecting.ask(ANA, "c", [handbook.id])
    await place.library.remove(ANA, file)
    assert await place.library.all(MARC, at) == []
    assert (await place.found(ANA, "c", "garage")).passages == ()
    with pytest.raises(NotFoundError):
        await place.library.text(MARC, file)
    back = await place.library.bring_back(ANA, file)
    assert (back.file.state, back.file.removed) == ("ready", None)
    assert len((await place.found(ANA, "c", "garage")).passages) == 1


async def test_what_was_removed_is_forgotten_when_it_can_be_brought_back_no_more(place: Place):
    handbook, other = await two(place)
    file = await place.bring(ANA, handbook.id, "handbook.md", GARAGE)
    lone = await place.bring(ANA, other.id, "canteen.md", "Lunch from noon.\n")
    await place.collecting.remove(ANA, handbook.id)
    await place.library.remove(ANA, lone)
    for days, left in ((KEPT, True), (2 * KEPT, False)):
        place.clock.move_to(T0 + days)
        place.tending._forget()
        for name in (file, lone):
            assert place.store.files.stands(name) is left
    assert await named(place, ANA) == ["Canteen"]


async def test_under_a_legal_hold_nothing_is_forgotten(place: Place):
    handbook, other = await two(place)
    file = await place.bring(ANA, handbook.id, "handbook.md", GARAGE)
    lone = await place.bring(ANA, other.id, "canteen.md", "Lunch from noon.\n")
    await place.collecting.remove(ANA, handbook.id)
    await place.library.remove(ANA, lone)
    place.held.add(ANA.party)
    place.clock.move_to(T0 + 2 * KEPT)
    place.tending._forget()
    assert place.store.files.stands(file)
    assert place.store.files.stands(lone)
    await place.collecting.bring_back(ANA, handbook.id)
    place.held.clear()
    place.tending._forget()
    assert place.store.files.stands(file)
    assert not place.store.files.stands(lone)


async def two(place: Place) -> tuple[Collection, Collection]:
    handbook = await place.collecting.make(ANA, HANDBOOK)
    canteen = msgspec.structs.replace(HANDBOOK, name="Canteen")
    return handbook, await place.collecting.make(ANA, canteen)
