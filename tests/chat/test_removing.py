"""Removing conversations: by their owners, by their party's rule, and not under a hold."""

import hashlib
from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.chat.exports.usecases import ExportParts
from changeover.chat.feedback import Feedback
from changeover.chat.rating import FeedbackGiving
from changeover.chat.removing import DAYS, Removing, RemovingParts
from changeover.chat.shares import NewShare, ShareEndedError
from changeover.chat.sharing import Sharing
from tests.chat.world import ANA, MARC, World

DAY = timedelta(days=1)


class Office:
    """What the tests work with."""

    def __init__(self, world: World) -> None:
        self.world, self.keeping = world, world.keeping
        self.removing = Removing(
            RemovingParts(
                log=world.log,
                chats=world.chats,
                keeping=world.keeping,
                removals=world.removals,
                clock=world.clock,
            )
        )

    async def begun(self) -> str:
        conversation = await self.world.begin()
        await self.world.ask(conversation, "One?")
        return conversation

    async def listed(self) -> list[str]:
        return [line.id for line in (await self.world.chats.open(ANA)).conversations]

    async def pass_days(self, days: float) -> None:
        self.world.clock.move_to(self.world.clock.now() + timedelta(days=days))
        await self.removing.sweep()

    def told(self) -> list[dict[str, object]]:
        """What the ledger was told of removals."""
        with self.world.store.reading() as work:
            entries = [msgspec.json.decode(one.body) for one in work.queue.waiting()]
        return [
            {field: one[field] for field in ("kind", "conversation", "turns", "party", "why")}
            for one in entries
        ]


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def removal(conversation: str, why: str) -> dict[str, object]:
    name = hashlib.sha256(conversation.encode()).hexdigest()
    told = {"kind": "removal", "conversation": name, "turns": 2, "party": ANA.party}
    return told | {"why": why}


async def test_one_is_out_of_sight_and_comes_back_as_it_was(office: Office):
    conversation = await office.begun()
    await office.removing.remove(ANA, conversation)
    assert await office.listed() == []
    for gone in (
        office.world.chats.read(ANA, conversation),
        office.world.send(conversation, "Two?"),
        office.removing.remove(ANA, conversation),
        office.removing.bring_back(MARC, conversation),
    ):
        with pytest.raises(NotFoundError):
            await gone
    (line,) = (await office.removing.standing(ANA)).removed
    now = office.world.clock.now()
    assert (line.id, line.removed, line.until, line.turns) == (
        conversation,
        now,
        now + timedelta(days=DAYS),
        2,
    )
    await office.pass_days(DAYS)
    await office.removing.bring_back(ANA, conversation)
    with pytest.raises(NotFoundError):
        await office.removing.bring_back(ANA, conversation)
    shown = await office.world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["One?", "Yes."]
    assert office.told() == []


async def test_it_is_gone_after_its_days_and_the_ledger_says_so(office: Office):
    conversation = await office.begun()
    await office.removing.remove(ANA, conversation)
    await office.pass_days(DAYS + 0.001)
    assert (await office.removing.standing(ANA)).removed == ()
    with pytest.raises(NotFoundError):
        await office.removing.bring_back(ANA, conversation)
    assert office.told() == [removal(conversation, "owner")]
    assert office.world.sequenced == 1


async def test_a_rule_removes_what_nobody_changed_for_so_long(office: Office):
    office.keeping.kept_days = 10
    old = await office.begun()
    await office.pass_days(9)
    fresh = await office.begun()
    await office.pass_days(1.5)
    assert await office.listed() == [fresh]
    assert office.told() == [removal(old, "retention")]
    assert (await office.removing.standing(ANA)).days == 10


async def test_a_hold_beats_rules_and_owners(office: Office):
    office.keeping.kept_days = 10
    removed, kept = await office.begun(), await office.begun()
    await office.removing.remove(ANA, removed)
    office.keeping.parties.add(ANA.party)
    with pytest.raises(ConflictError, match="legal hold"):
        await office.removing.remove(ANA, kept)
    assert (await office.removing.standing(ANA)).why_not == "held"
    await office.pass_days(DAYS * 2)
    assert await office.listed() == [kept]
    assert len((await office.removing.standing(ANA)).removed) == 1
    office.keeping.parties.clear()
    await office.removing.sweep()
    assert await office.listed() == []
    assert office.told() == [removal(removed, "owner"), removal(kept, "retention")]


async def test_a_hold_that_begins_in_the_middle_of_a_round_ends_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    office.keeping.kept_days = 10
    first, second = await office.begun(), await office.begun()
    held = iter((False, False, True))
    monkeypatch.setattr(office.keeping, "held", lambda _: next(held))
    await office.pass_days(11)
    assert len(await office.listed()) == 1
    assert {first, second} > set(await office.listed())


async def test_a_party_may_have_its_people_remove_nothing(office: Office):
    conversation = await office.begun()
    office.keeping.may_remove = False
    assert (await office.removing.standing(ANA)).why_not == "rule"
    with pytest.raises(NotAuthorisedError, match="keeps all"):
        await office.removing.remove(ANA, conversation)
    assert await office.listed() == [conversation]


async def test_what_is_being_written_is_stopped_by_its_owner_and_left_by_the_rule(office: Office):
    office.world.models.script = lambda answer: answer.start()
    conversation = await office.world.begin()
    await office.world.send(conversation, "One?")
    office.keeping.kept_days = 1
    await office.pass_days(2)
    assert await office.listed() == [conversation]
    await office.removing.remove(ANA, conversation)
    assert office.world.models.answers[0].closed


async def test_another_persons_and_a_temporary_one_are_not_removed(office: Office):
    conversation = await office.begun()
    with pytest.raises(NotFoundError):
        await office.removing.remove(MARC, conversation)
    until = office.world.clock.now() + DAY
    temporary = (await office.world.chats.create(ANA, temporary_until=until)).id
    with pytest.raises(ConflictError, match="temporary"):
        await office.removing.remove(ANA, temporary)


async def test_what_is_shared_of_it_is_shared_again_when_it_comes_back(office: Office):
    world = office.world
    sharing = Sharing(ExportParts(log=world.log, rules=world.rules, clock=world.clock))
    conversation = await office.begun()
    last = (await world.chats.read(ANA, conversation)).turns[-1].id
    day = world.clock.now().date() + DAY
    share = await sharing.begin(ANA, conversation, NewShare(up_to=last, last_day=day))
    assert (await sharing.read(MARC, share.id, "en")).by == ANA.name
    await office.removing.remove(ANA, conversation)
    assert await sharing.all(ANA) == []
    with pytest.raises(ShareEndedError):
        await sharing.read(MARC, share.id, "en")
    await office.removing.bring_back(ANA, conversation)
    assert [one.id for one in await sharing.all(ANA)] == [share.id]
    assert (await sharing.read(MARC, share.id, "en")).by == ANA.name


async def test_of_an_answer_its_reader_says_whether_it_helped(office: Office):
    giving = FeedbackGiving(office.world.log, office.world.clock)
    conversation = await office.begun()
    question, answer = (await office.world.chats.read(ANA, conversation)).turns
    said = Feedback(turn=answer.id, rating="not-helpful", words=" It is wrong. ")
    kept = await giving.give(ANA, conversation, said)
    assert kept.words == "It is wrong."
    assert await giving.of(ANA, conversation) == [kept]
    with pytest.raises(ConflictError, match="Only what a model"):
        await giving.give(ANA, conversation, msgspec.structs.replace(said, turn=question.id))
    with pytest.raises(InvalidInputError, match="at most 2000"):
        await giving.give(ANA, conversation, msgspec.structs.replace(said, words="a" * 2001))
    for wrong in (
        giving.give(ANA, conversation, msgspec.structs.replace(said, turn="turn_none")),
        giving.give(MARC, conversation, said),
        giving.of(MARC, conversation),
        giving.take_back(MARC, conversation, answer.id),
    ):
        with pytest.raises(NotFoundError):
            await wrong
    await giving.take_back(ANA, conversation, answer.id)
    assert await giving.of(ANA, conversation) == []
