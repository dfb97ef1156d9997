"""Sharing inside a party: up to a turn, until a day, and ended at once."""

from datetime import date, timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.chat.exports.usecases import ExportParts
from changeover.chat.shares import MOST_DAYS, NewShare, ShareEndedError
from changeover.chat.sharing import Sharing
from changeover.storage.database import Database
from tests.chat.world import ANA, MARC, STRANGER, FakeStore, World
from tests.orders.worlds import T0

TODAY = date(2026, 1, 2)
"""On the world's clock."""
PART = msgspec.structs.replace(MARC, party="bureau")
ABOVE = msgspec.structs.replace(MARC, party="state")


@pytest.fixture
def sharing(world: World) -> Sharing:
    return Sharing(ExportParts(log=world.log, rules=world.rules, clock=world.clock))


async def two_rounds(world: World) -> tuple[str, str, str]:
    """A conversation, its first answer and its second."""
    conversation = await world.begin()
    first = await world.ask(conversation, "First?")
    second = await world.ask(conversation, "Second?")
    return conversation, first.id, second.id


def until(turn: str, last_day: date = TODAY) -> NewShare:
    return NewShare(up_to=turn, last_day=last_day)


async def test_others_of_the_party_read_up_to_the_turn_and_nothing_said_later(
    world: World, sharing: Sharing
):
    conversation, first, _ = await two_rounds(world)
    share = await sharing.begin(ANA, conversation, until(first))
    read = await sharing.read(PART, share.id, "en")
    assert [passage.text for passage in read.transcript.passages] == ["First?", "Yes."]
    assert (read.by, read.transcript.passages[0].speaker) == ("Ana", "Ana")
    assert "alpha" in " ".join(read.transcript.passages[1].facts).lower()
    await world.ask(conversation, "Third?")
    assert (await sharing.read(PART, share.id, "fr")).transcript.passages[0].text == "First?"
    assert len((await sharing.read(PART, share.id, "fr")).transcript.passages) == 2
    # What is shared in a part is not for those above it, nor for those elsewhere.
    for outside in (ABOVE, STRANGER):
        with pytest.raises(NotFoundError, match="no shared conversation"):
            await sharing.read(outside, share.id, "en")


async def test_it_ends_with_its_day_and_who_read_it_is_told(world: World, sharing: Sharing):
    conversation, _, second = await two_rounds(world)
    share = await sharing.begin(ANA, conversation, until(second, TODAY + timedelta(days=1)))
    world.clock.move_to(share.until - timedelta(microseconds=1))
    await sharing.read(PART, share.id, "en")
    assert [one.id for one in await sharing.all(ANA)] == [share.id]
    world.clock.move_to(share.until)
    with pytest.raises(ShareEndedError, match="no longer shared"):
        await sharing.read(PART, share.id, "en")
    with pytest.raises(NotFoundError):
        await sharing.read(STRANGER, share.id, "en")
    assert await sharing.all(ANA) == []


async def test_its_owner_alone_ends_it_at_once_and_takes_that_back(world: World, sharing: Sharing):
    conversation, _, second = await two_rounds(world)
    share = await sharing.begin(ANA, conversation, until(second))
    for wrong in (sharing.end(MARC, share.id), sharing.resume(MARC, share.id)):
        with pytest.raises(NotFoundError):
            await wrong
    await sharing.end(ANA, share.id)
    await sharing.end(ANA, share.id)
    assert await sharing.all(ANA) == []
    with pytest.raises(ShareEndedError):
        await sharing.read(PART, share.id, "en")
    await sharing.resume(ANA, share.id)
    assert await sharing.all(ANA) == [share]
    assert len((await sharing.read(PART, share.id, "en")).transcript.passages) == 4


@pytest.mark.parametrize("days", [-1, MOST_DAYS + 1])
async def test_a_day_that_cannot_be_is_refused(world: World, sharing: Sharing, days: int):
    conversation, first, _ = await two_rounds(world)
    with pytest.raises(InvalidInputError, match=f"within {MOST_DAYS} days"):
        await sharing.begin(ANA, conversation, until(first, TODAY + timedelta(days=days)))
    assert await sharing.all(ANA) == []


async def test_what_is_not_ones_own_or_not_there_or_temporary_is_not_shared(
    world: World, sharing: Sharing
):
    conversation, first, _ = await two_rounds(world)
    with pytest.raises(NotFoundError):
        await sharing.begin(MARC, conversation, until(first))
    with pytest.raises(NotFoundError):
        await sharing.begin(ANA, conversation, until("turn_0"))
    passing = (await world.chats.create(ANA, temporary_until=T0 + timedelta(hours=1))).id
    answer = await world.ask(passing, "One?")
    with pytest.raises(ConflictError, match="temporary"):
        await sharing.begin(ANA, passing, until(answer.id))


async def test_it_ends_when_its_owner_may_sign_in_no_more(world: World, sharing: Sharing):
    conversation, _, second = await two_rounds(world)
    share = await sharing.begin(ANA, conversation, until(second))
    match world.store:
        case FakeStore():
            world.store.shares.disabled[ANA.id] = T0
        case Database():
            with world.store.begin() as work:
                work.accounts.disable(ANA.id, T0)
    with pytest.raises(ShareEndedError, match="has left"):
        await sharing.read(PART, share.id, "en")
