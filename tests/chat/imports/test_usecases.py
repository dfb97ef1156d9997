"""Bringing conversations in over a running chat, on the fake and in a database."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from changeover.basics.errors import ConflictError, NotAuthorisedError, NotFoundError
from changeover.chat.exports.format import FiledConversation
from changeover.chat.exports.usecases import ExportParts, Exports
from changeover.chat.imports.usecases import ImportParts, Imports
from changeover.chat.model import Conversation
from tests.chat.imports.files import CAPITALS, RIVERS, chatgpt, encoded, message, zipped
from tests.chat.world import ANA, MARC, STRANGER, World, database_store, running
from tests.orders.worlds import day


class Moving:
    """A world with its exports and imports."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exports = Exports(ExportParts(log=world.log, rules=world.rules, clock=world.clock))
        self.imports = Imports(
            ImportParts(
                log=world.log,
                clock=world.clock,
                service="desk",
                admits=world.chats.admit,
                holds=world.keeping,
                removals=world.removals,
            )
        )

    async def lines(self, account=ANA) -> list[str]:
        opened = await self.world.chats.open(account)
        return [line.title for line in opened.conversations]

    async def first(self, account=ANA) -> Conversation:
        opened = await self.world.chats.open(account)
        return await self.world.chats.read(account, opened.conversations[0].id)


@pytest_asyncio.fixture(params=["fake", "sqlite", "postgresql"])
async def moving(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Moving]:
    if request.param == "fake":
        async with running(World()) as world:
            world.clock.move_to(day(2000))
            yield Moving(world)
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with database_store(url) as store:
        async with running(World(store)) as world:
            world.clock.move_to(day(2000))
            yield Moving(world)


def both() -> bytes:
    return encoded([CAPITALS, RIVERS, {"id": "f", "title": "A <b>folder</b>\u202e"}])


async def test_a_file_is_looked_into_before_anything_is_kept(moving: Moving):
    seen = await moving.imports.preview(ANA, "conversations.json", both())
    assert [(line.title, line.standing, line.turns, line.versions) for line in seen.lines] == [
        ("Capitals", "new", 5, 2),
        ("Rivers", "new", 3, 2),
        ("A <b>folder</b>", "unreadable", 0, 0),
    ]
    assert seen.lines[0].models == ("gpt-4o",)
    assert str(seen.lines[0].first) == "2024-02-01 00:00:00.250000+00:00"
    assert "no conversation of Changeover" in seen.lines[2].why
    assert await moving.lines() == []


async def test_what_comes_in_is_marked_and_shows_the_path_of_its_reader(moving: Moving):
    report = await moving.imports.take(ANA, "conversations.json", encoded([CAPITALS]))
    (line,) = report.lines
    assert line.outcome == "taken"
    shown = await moving.first()
    assert shown.id == line.conversation
    assert shown.title == "Capitals"
    assert [turn.text for turn in shown.turns][-1] == "Madrid."
    assert [len(one.turns) for one in shown.branchings] == [2]
    for turn in shown.turns:
        assert turn.served is None
        assert turn.origin is not None
        assert turn.origin.source == "chatgpt"
        assert turn.origin.model == ("gpt-4o" if turn.role == "assistant" else None)
    assert shown.seams == ()
    assert await moving.lines(MARC) == []


async def test_the_same_file_twice_is_not_two_conversations(moving: Moving):
    await moving.imports.take(ANA, "conversations.json", both())
    again = await moving.imports.take(ANA, "copy.zip", zipped({"conversations.json": both()}))
    assert [line.outcome for line in again.lines] == ["here", "here", "unreadable"]
    assert sorted(await moving.lines()) == ["Capitals", "Rivers"]
    seen = await moving.imports.preview(ANA, "again.json", both())
    assert [line.standing for line in seen.lines] == ["here", "here", "unreadable"]
    longer = chatgpt(("u1", None, message("user", "And more?")))
    seen = await moving.imports.preview(ANA, "later.json", encoded(longer))
    assert [line.standing for line in seen.lines] == ["changed"]
    await moving.imports.take(MARC, "conversations.json", both())
    assert sorted(await moving.lines(MARC)) == ["Capitals", "Rivers"]


async def test_only_what_is_chosen_comes_in(moving: Moving):
    seen = await moving.imports.preview(ANA, "c.json", both())
    report = await moving.imports.take(ANA, "c.json", both(), only=[seen.lines[1].digest])
    assert [line.outcome for line in report.lines] == ["taken", "unreadable"]
    assert await moving.lines() == ["Rivers"]


async def test_an_import_is_undone_except_where_somebody_wrote_on(moving: Moving):
    world = moving.world
    report = await moving.imports.take(ANA, "conversations.json", both())
    rivers = report.lines[1].conversation
    assert rivers is not None
    answer = await world.ask(rivers, "Which is it?")
    assert answer.text == "Yes."
    assert answer.served is not None
    (asked,) = world.models.asked()
    assert [turn.role for turn in asked.request.turns] == ["user", "assistant", "user"]
    (seam,) = (await world.chats.read(ANA, rivers)).seams
    assert (seam.from_model, seam.from_maker_name.en) == ("Llama 3", "Open WebUI")
    assert (seam.before, seam.to_model) == (answer.id, "one")
    assert seam.carried.en == "The text of all 2 turns before it went along with your message."
    (kept,) = await moving.imports.all(ANA)
    assert (kept.file, kept.conversations) == ("conversations.json", 2)
    with pytest.raises(NotFoundError):
        await moving.imports.undo(MARC, kept.act)
    moving.world.keeping.parties.add(ANA.party)
    with pytest.raises(ConflictError, match="legal hold"):
        await moving.imports.undo(ANA, kept.act)
    moving.world.keeping.parties.clear()
    undone = await moving.imports.undo(ANA, kept.act)
    assert (undone.removed, undone.kept) == (1, ("Rivers",))
    with moving.world.store.reading() as work:
        (told,) = [msgspec.json.decode(one.body) for one in work.queue.waiting()]
    assert (told["kind"], told["why"]) == ("removal", "import")
    assert await moving.lines() == ["Rivers"]
    with pytest.raises(NotFoundError):
        await world.chats.read(ANA, report.lines[0].conversation or "")
    again = await moving.imports.take(ANA, "conversations.json", both())
    assert [line.outcome for line in again.lines] == ["taken", "here", "unreadable"]


async def exported(moving: Moving, account, conversation: str) -> FiledConversation:
    file = await moving.exports.file(account, conversation, "json", "en")
    return msgspec.json.decode(file.content, type=FiledConversation)


def equal(filed: FiledConversation) -> list[object]:
    """What a conversation says, without the names that it has here."""
    place = {turn.id: number for number, turn in enumerate(filed.turns)}
    said = [
        (
            place.get(turn.parent or ""),
            turn.role,
            turn.created,
            turn.state,
            turn.text,
            turn.served or (turn.origin.stated if turn.origin else None),
            turn.problem,
            turn.fresh,
            turn.instructed,
        )
        for turn in filed.turns
    ]
    seams = [msgspec.structs.replace(seam, before=str(place[seam.before])) for seam in filed.seams]
    return [filed.title, place[filed.head or ""], said, seams]


async def test_export_and_import_give_an_equal_conversation(moving: Moving):
    world = moving.world
    conversation = await world.begin()
    first = await world.send(conversation, "Really?")
    await world.idle(conversation)
    world.clock.move_to(day(2001))
    await world.ask(conversation, "And now, with beta?", model="beta/two", fresh=True)
    await world.ask(conversation, "Surely?", instead_of=first.user.id)
    before = await exported(moving, ANA, conversation)
    file = await moving.exports.file(ANA, conversation, "json", "en")

    own = await moving.imports.preview(ANA, file.name, file.content)
    assert [line.standing for line in own.lines] == ["here"]
    report = await moving.imports.take(MARC, file.name, file.content)
    name = report.lines[0].conversation
    assert name is not None
    after = await exported(moving, MARC, name)
    assert equal(after) == equal(before)
    assert len(before.seams) == 1
    assert not {turn.id for turn in after.turns} & {turn.id for turn in before.turns}
    assert all(turn.served is None for turn in after.turns)
    assert {turn.origin.source for turn in after.turns if turn.origin} == {"changeover"}

    # And once more: what it says of who answered stays what the first one stated.
    twice = await moving.exports.file(MARC, name, "json", "fr")
    report = await moving.imports.take(ANA, twice.name, twice.content)
    third = report.lines[0].conversation
    assert third is not None
    assert equal(await exported(moving, ANA, third)) == equal(before)


async def test_a_newer_version_of_our_own_file_is_not_guessed_at(moving: Moving):
    conversation = await moving.world.begin()
    await moving.world.ask(conversation, "Really?")
    file = await moving.exports.file(ANA, conversation, "json", "en")
    newer = json.loads(file.content) | {"version": 2}
    seen = await moving.imports.preview(MARC, "x.json", encoded(newer))
    assert "version 2" in seen.lines[0].why


async def test_times_later_than_now_and_titles_with_controls(moving: Moving):
    moving.world.clock.move_to(day(2))
    entry = chatgpt(
        ("u", None, message("user", "When?", at=2_500_000_000)),
        ("a", "u", message("assistant", "Soon.", at=2_500_000_001)),
        ("b", "u", message("assistant", "Late.", at=2_500_000_002)),
        title="\u0000A\nb\u202ec" + "x" * 200,
        conversation_id="\u0000id",
        update_time=2_500_000_003,
        current_node="a",
    )
    await moving.imports.take(ANA, "c\u0000.json", encoded(entry))
    shown = await moving.first()
    assert shown.title.startswith("A bcx")
    assert shown.turns[0].origin is not None
    assert len(shown.title) == 80
    assert [turn.text for turn in shown.turns][-1] == "Soon."
    assert str(shown.turns[0].origin.said) == "2049-03-22 04:26:40+00:00"
    opened = await moving.world.chats.open(ANA)
    assert opened.conversations[0].changed == day(2)
    sent = await moving.world.send(shown.id, "And now?")
    assert sent.user.created < day(2) + timedelta(seconds=1)


async def test_one_that_fails_leaves_nothing_and_the_others_come_in():
    async with running(World()) as world:
        moving = Moving(world)
        world.clock.move_to(day(2000))
        world.fake.fails = 1
        report = await moving.imports.take(ANA, "c.json", both())
        assert [line.outcome for line in report.lines] == ["failed", "taken", "unreadable"]
        assert "The disk is full." in report.lines[0].why
        assert await moving.lines() == ["Rivers"]


async def test_two_imports_at_once_take_each_conversation_once(moving: Moving):
    reports = await asyncio.gather(
        *(moving.imports.take(ANA, "c.json", both(), ticket="t") for _ in range(2))
    )
    taken = [line for report in reports for line in report.lines if line.outcome == "taken"]
    assert len(taken) == 2
    assert len(await moving.lines()) == 2
    assert moving.imports.progress(ANA, "t").total == 0


async def test_who_may_not_chat_brings_nothing_in(moving: Moving):
    with pytest.raises(NotAuthorisedError):
        await moving.imports.preview(STRANGER, "c.json", both())
    with pytest.raises(NotAuthorisedError):
        await moving.imports.take(STRANGER, "c.json", both())
