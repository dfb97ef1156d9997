"""Temporary conversations: begun, ended, kept, swept, and what a legal hold does."""

from datetime import timedelta

import pytest

from changeover.basics.clock import FixedClock
from changeover.basics.errors import (
    ConflictError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.chat.temporary import Temporaries, TemporaryParts
from tests.chat.world import ANA, MARC, World
from tests.orders.worlds import T0


class Office:
    """What the tests work with: temporary conversations of 24 hours on a clock of their own."""

    def __init__(self, world: World, hours: int = 24) -> None:
        self.holds, self.clock = world.keeping, FixedClock(T0)
        self.temporaries = Temporaries(
            TemporaryParts(
                log=world.log,
                chats=world.chats,
                clock=self.clock,
                hours=hours,
                holds=self.holds,
                removals=world.removals,
            )
        )
        self.world = world

    async def begun(self) -> str:
        """One with a question and its answer."""
        begun = await self.temporaries.begin(ANA)
        assert begun.temporary_until == T0 + timedelta(hours=24)
        await self.world.ask(begun.id, "One?")
        return begun.id

    async def listed(self) -> list[str]:
        return [line.id for line in (await self.world.chats.open(ANA)).conversations]


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


async def test_one_is_answered_and_has_no_title_asked_and_ends_with_all_that_was_said(
    office: Office,
):
    conversation = await office.begun()
    shown = await office.world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["One?", "Yes."]
    assert {asking.slot for asking in office.world.models.asked()} == {"chat"}
    assert await office.listed() == []
    assert await office.temporaries.end(ANA, conversation) == "removed"
    for gone in (
        office.world.chats.read(ANA, conversation),
        office.temporaries.end(ANA, conversation),
    ):
        with pytest.raises(NotFoundError):
            await gone


async def test_an_answer_on_its_way_is_stopped_before_the_end(office: Office):
    office.world.models.script = lambda answer: answer.start()
    conversation = (await office.temporaries.begin(ANA)).id
    await office.world.send(conversation, "One?")
    await office.temporaries.sweep()  # its time has not come
    office.clock.move_to(T0 + timedelta(hours=24))
    await office.temporaries.sweep()  # and an answer is not cut for it
    assert (await office.world.chats.read(ANA, conversation)).generating is not None
    assert await office.temporaries.end(ANA, conversation) == "removed"
    assert office.world.models.answers[0].closed


async def test_at_its_time_it_goes_and_not_before(office: Office):
    conversation = await office.begun()
    kept = await office.world.begin()
    office.clock.move_to(T0 + timedelta(hours=24, microseconds=-1))
    await office.temporaries.sweep()
    assert (await office.world.chats.read(ANA, conversation)).turns
    office.clock.move_to(T0 + timedelta(hours=24))
    await office.temporaries.sweep()
    with pytest.raises(NotFoundError):
        await office.world.chats.read(ANA, conversation)
    assert await office.listed() == [kept]


async def test_its_owner_alone_keeps_or_ends_it(office: Office):
    conversation = await office.begun()
    for wrong in (
        office.temporaries.end(MARC, conversation),
        office.temporaries.keep(MARC, conversation),
    ):
        with pytest.raises(NotFoundError):
            await wrong
    await office.temporaries.keep(ANA, conversation)
    assert await office.listed() == [conversation]
    office.clock.move_to(T0 + timedelta(days=9))
    await office.temporaries.sweep()
    assert await office.listed() == [conversation]
    with pytest.raises(ConflictError, match="not temporary"):
        await office.temporaries.end(ANA, conversation)
    assert (await office.world.chats.read(ANA, conversation)).turns


async def test_under_a_hold_none_begins_and_those_there_are_are_kept(office: Office):
    ended, swept = await office.begun(), await office.begun()
    office.holds.parties.add(ANA.party)
    assert (await office.temporaries.offer(ANA)).why_not == "held"
    with pytest.raises(ConflictError, match="legal hold"):
        await office.temporaries.begin(ANA)
    assert await office.temporaries.end(ANA, ended) == "kept"
    assert await office.listed() == [ended]
    await office.temporaries.sweep()
    assert set(await office.listed()) == {ended, swept}
    office.holds.parties.clear()
    office.clock.move_to(T0 + timedelta(days=9))
    await office.temporaries.sweep()
    assert set(await office.listed()) == {ended, swept}


async def test_they_can_be_turned_off_and_those_there_are_end(world: World):
    conversation = await Office(world).begun()
    off = Office(world, hours=0)
    assert (await off.temporaries.offer(ANA)).why_not == "off"
    with pytest.raises(NotAuthorisedError, match="turned off"):
        await off.temporaries.begin(ANA)
    off.clock.move_to(T0 + timedelta(hours=24))
    await off.temporaries.sweep()
    with pytest.raises(NotFoundError):
        await world.chats.read(ANA, conversation)
