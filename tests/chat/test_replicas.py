"""Several processes over one PostgreSQL database, with real signals between them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial
from random import Random
from typing import TypeVar

import pytest
import pytest_asyncio
from sqlalchemy import insert, update

from changeover.basics.clock import SystemClock
from changeover.basics.instants import microseconds
from changeover.chat.model import ChatEvent, Ended, TurnSeen
from changeover.chat.new_turns import Sent
from changeover.chat.problems import GeneratingError
from changeover.chat.stopping import StillWritingError
from changeover.storage.database import Database
from changeover.storage.schema import replica
from tests.chat.page import Page
from tests.chat.world import ANA, World, begin, database_store, running, say

T = TypeVar("T")
WITHIN = 20.0


class Replica(World):
    """A process: its own connections, its own listening, and a lease.

    One that is frozen does nothing with the database, as if it were stopped.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self._going = asyncio.Event()
        self._going.set()
        super().__init__(self.database, offload=self._offload, patience=600)
        signals = self.database.signals()
        assert signals is not None
        signals.subscribe("chat", self.chats.heard)
        self.signals = signals
        self._row("insert")

    async def _offload(self, act: Callable[[], T], /) -> T:
        await self._going.wait()
        return await asyncio.to_thread(act)

    def freeze(self) -> None:
        self._going.clear()

    def go_on(self) -> None:
        self._going.set()

    def lapse(self) -> None:
        """Its lease runs out."""
        self._row("lapse")

    def _row(self, what: str) -> None:
        now = microseconds(SystemClock().now())
        until = now - 1 if what == "lapse" else now + 60_000_000
        row = {"host": "h", "pid": 1, "address": "", "version": "1", "began": now}
        row |= {"renewed": now, "revision": 0, "skew": 0, "state": "serving"}
        lease = {"start": self.start, "lease_until": until}
        with self.database._backend.writer.begin() as connection:
            if what == "insert":
                connection.execute(insert(replica).values(row | lease))
            else:
                named = update(replica).where(replica.c.start == self.start)
                connection.execute(named.values(lease_until=until))


class Replicas:
    """Replicas of one installation."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stack = AsyncExitStack()
        self.all: list[Replica] = []

    async def start(self) -> Replica:
        new = Replica(self._url)
        self._stack.callback(new.database.close)
        new.signals.start()
        self._stack.callback(new.signals.close)
        await self._stack.enter_async_context(running(new))
        self._stack.callback(new.go_on)
        self.all.append(new)
        return new

    async def end(self) -> None:
        await self._stack.aclose()


@pytest_asyncio.fixture
async def replicas(postgres_url: str) -> AsyncIterator[Replicas]:
    with database_store(postgres_url):
        pass
    started = Replicas(postgres_url)
    try:
        yield started
    finally:
        await started.end()


@pytest.fixture
def only_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks unless told: ask for it before the replicas."""
    monkeypatch.setattr("changeover.chat.recovery.EVERY", 3600)


@pytest_asyncio.fixture
async def a(replicas: Replicas) -> Replica:
    return await replicas.start()


@pytest_asyncio.fixture
async def b(a: Replica, replicas: Replicas) -> Replica:
    return await replicas.start()


def _read_all(page: Page, count: int) -> bool:
    return page.last == count


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not true():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)


async def stored(replica_: Replica, conversation: str) -> list[ChatEvent]:
    events = await replica_.log.read(lambda work: work.chat_events.after(conversation, 0))
    assert [each.seq for each in events] == list(range(1, len(events) + 1))
    return [each.event for each in events]


async def test_what_one_replica_writes_is_followed_on_another(
    only_signals: None, a: Replica, b: Replica
):
    conversation = await a.begin()
    page = Page(conversation)
    await page.connect(b.log)
    a.models.script = begin("Half ", "😀")
    sent = await a.send(conversation, "Hello?")
    await until(lambda: page.texts.get(sent.assistant.id) == "Half 😀")
    assert (await b.turn(conversation, sent.assistant.id)).text == "Half 😀"
    a.models.answers[0].say(" and half.")
    a.models.answers[0].finish()
    await until(lambda: page.ended == [sent.assistant.id])
    assert page.texts == {sent.assistant.id: "Half 😀 and half."}
    shown = await b.turn(conversation, sent.assistant.id)
    assert (shown.state, shown.text) == ("complete", "Half 😀 and half.")
    await page.leave()


async def test_a_page_that_reloads_through_another_replica_goes_on_where_it_stood(
    a: Replica, b: Replica
):
    conversation = await a.begin()
    page = Page(conversation)
    await page.connect(a.log)
    a.models.script = begin("One ")
    sent = await a.send(conversation, "Hello?")
    await until(lambda: page.texts.get(sent.assistant.id) == "One ")
    await page.leave()
    a.models.answers[0].say("two ")
    await page.connect(b.log)
    await until(lambda: page.texts.get(sent.assistant.id) == "One two ")
    await page.leave()
    a.models.answers[0].say("three.")
    a.models.answers[0].finish()
    await page.connect(a.log)
    await until(lambda: page.ended == [sent.assistant.id])
    assert page.texts == {sent.assistant.id: "One two three."}
    await page.leave()


async def test_stop_reaches_the_replica_that_writes(only_signals: None, a: Replica, b: Replica):
    a.models.script = begin("Half")
    conversation = await a.begin()
    sent = await a.send(conversation, "Hello?")
    await a.until_text(conversation, "Half")
    async with asyncio.timeout(WITHIN):
        await b.chats.stop(ANA, conversation)
    answer = await b.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("stopped", "Half")
    assert a.models.answers[0].closed
    b.models.script = say(" and half.")
    more = await b.chats.go_on(ANA, conversation, answer.id)
    await b.idle(conversation)
    assert (await a.turn(conversation, more.id)).text == " and half."


async def test_of_messages_sent_at_once_one_is_answered_and_the_others_are_not_kept(
    a: Replica, b: Replica, replicas: Replicas
):
    third = await replicas.start()
    for number in range(8):
        for each in replicas.all:
            each.models.script = begin("Wait")
        conversation = await a.begin()
        tries = [
            each.send(conversation, f"{number} by {index}")
            for index, each in enumerate((a, b, third))
        ]
        ended = await asyncio.gather(*tries, return_exceptions=True)
        sent = [each for each in ended if isinstance(each, Sent)]
        assert len(sent) == 1, ended
        assert sum(isinstance(each, GeneratingError) for each in ended) == 2, ended
        shown = await b.chats.read(ANA, conversation)
        assert [turn.id for turn in shown.turns] == [sent[0].user.id, sent[0].assistant.id]
        await third.chats.stop(ANA, conversation)
        kinds = [type(event) for event in await stored(a, conversation)]
        assert kinds.count(Ended) == 1


async def test_a_message_sent_through_two_replicas_at_once_is_one_message(a: Replica, b: Replica):
    for _ in range(8):
        conversation = await a.begin()
        first, second = await asyncio.gather(
            *[each.send(conversation, "Hello?", client_id="c1") for each in (a, b)]
        )
        assert first.user.id == second.user.id
        assert first.assistant.id == second.assistant.id
        await asyncio.gather(a.idle(conversation), b.idle(conversation))
        assert len((await b.chats.read(ANA, conversation)).turns) == 2


async def test_an_answer_is_gone_on_from_once_through_whichever_replica(a: Replica, b: Replica):
    a.models.script = begin("Half")
    conversation = await a.begin()
    sent = await a.send(conversation, "Hello?")
    await a.until_text(conversation, "Half")
    await a.chats.stop(ANA, conversation)
    a.models.script = b.models.script = say(" and half.")
    first, second = await asyncio.gather(
        *[each.chats.go_on(ANA, conversation, sent.assistant.id) for each in (a, b)]
    )
    assert first.id == second.id
    await asyncio.gather(a.idle(conversation), b.idle(conversation))
    assert len((await a.chats.read(ANA, conversation)).turns) == 3


async def test_what_a_killed_replica_wrote_is_interrupted_told_and_can_be_gone_on_from(
    a: Replica, b: Replica, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("changeover.chat.recovery.EVERY", 0.05)
    conversation = await a.begin()
    page = Page(conversation)
    await page.connect(b.log)
    a.models.script = begin("Half")
    sent = await a.send(conversation, "Hello?")
    await a.until_text(conversation, "Half")
    a.freeze()
    with pytest.raises(GeneratingError):
        await b.send(conversation, "While it has its lease")
    assert page.ended == []
    a.lapse()
    await until(lambda: page.ended == [sent.assistant.id])
    answer = await b.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("interrupted", "Half")
    b.models.script = say(" and half.")
    more = await b.chats.go_on(ANA, conversation, answer.id)
    await until(lambda: page.ended == [answer.id, more.id])
    assert page.texts == {answer.id: "Half", more.id: " and half."}
    await page.leave()


async def test_a_replica_that_comes_back_gives_up_what_was_ended_without_it(
    only_signals: None, a: Replica, b: Replica
):
    a.models.script = begin("Half")
    conversation = await a.begin()
    sent = await a.send(conversation, "Hello?")
    await a.until_text(conversation, "Half")
    a.freeze()
    a.models.answers[0].say(" that nobody stored")
    a.lapse()
    async with asyncio.timeout(WITHIN):
        await b.chats.stop(ANA, conversation)
    assert (await b.turn(conversation, sent.assistant.id)).state == "interrupted"
    b.models.script = say("Yes.")
    again = await b.ask(conversation, "Again?")
    a.go_on()
    await until(lambda: a.models.answers[0].closed)
    await a.idle(conversation)
    events = await stored(b, conversation)
    ends = [each.turn for each in events if isinstance(each, Ended)]
    assert ends == [sent.assistant.id, again.id]
    after = events[events.index(Ended(turn=sent.assistant.id, state="interrupted")) :]
    assert not [each for each in after if getattr(each, "turn", None) == sent.assistant.id][1:]
    shown = await a.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["Hello?", "Half", "Again?", "Yes."]
    a.models.script = say("Here.")
    assert (await a.ask(conversation, "And you?")).text == "Here."


async def test_a_replica_that_was_told_nothing_gives_up_its_answer_for_the_next_message(
    only_signals: None, a: Replica, b: Replica
):
    a.signals.close()
    a.models.script = begin("Half")
    conversation = await a.begin()
    sent = await a.send(conversation, "Hello?")
    await a.until_text(conversation, "Half")
    a.lapse()
    await b.chats.recover()
    a.models.script = say("Yes.")
    again = await a.ask(conversation, "Again?")
    assert (again.state, again.text) == ("complete", "Yes.")
    assert (await b.turn(conversation, sent.assistant.id)).state == "interrupted"
    assert a.models.answers[0].closed


async def test_several_that_find_a_dead_replicas_answer_end_it_once(
    a: Replica, b: Replica, replicas: Replicas
):
    third = await replicas.start()
    a.models.script = begin("Half")
    conversations = [await a.begin() for _ in range(6)]
    for conversation in conversations:
        await a.send(conversation, "Hello?")
    for conversation in conversations:
        await a.until_text(conversation, "Half")
    a.freeze()
    a.lapse()
    await asyncio.gather(*[each.chats.recover() for each in (b, third, b, third)])
    for conversation in conversations:
        events = await stored(b, conversation)
        assert sum(isinstance(each, Ended) for each in events) == 1
        states = [each.turn.state for each in events if isinstance(each, TurnSeen)]
        assert states[-1] == "interrupted"


async def test_one_that_begins_ends_nothing_of_those_that_live(a: Replica, replicas: Replicas):
    a.models.script = begin("Half")
    conversation = await a.begin()
    sent = await a.send(conversation, "Hello?")
    new = await replicas.start()
    assert (await new.turn(conversation, sent.assistant.id)).state == "generating"


async def test_who_stops_an_answer_is_told_when_its_writer_does_not_listen(
    a: Replica, b: Replica, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("changeover.chat.stopping._EACH_SECONDS", 0.02)
    a.models.script = begin("Half")
    conversation = await a.begin()
    await a.send(conversation, "Hello?")
    a.freeze()
    with pytest.raises(StillWritingError):
        await b.chats.stop(ANA, conversation)
    a.go_on()


async def test_what_no_signal_told_of_is_found_by_looking(
    a: Replica, b: Replica, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("changeover.chat.recovery.EVERY", 0.05)
    # What was already waited for lasts as long as before.
    b.chats.heard("")
    b.signals.close()
    conversation = await a.begin()
    page = Page(conversation)
    await page.connect(b.log)
    sent = await a.send(conversation, "Hello?")
    await until(lambda: page.ended == [sent.assistant.id])
    assert page.texts == {sent.assistant.id: "Yes."}
    await page.leave()


@pytest.mark.parametrize("seed", range(3))
async def test_every_follower_ends_with_the_stored_text_each_event_once_and_in_order(
    a: Replica, b: Replica, replicas: Replicas, seed: int
):
    random = Random(seed)
    third = await replicas.start()
    every = (a, b, third)

    async def talk(conversation: str) -> None:
        for number in range(4):
            writer = random.choice(every)
            writer.models.script = say(
                *[f"{number}.{n} é😀 " for n in range(random.randint(1, 40))]
            )
            await writer.ask(conversation, f"{number}?")
            await asyncio.sleep(random.random() / 50)

    async def wander(page: Page, done: asyncio.Event) -> None:
        while not done.is_set():
            await page.connect(random.choice(every).log)
            await asyncio.sleep(random.random() / 10)
            if random.random() < 0.7:
                await page.leave()

    conversations = [await a.begin() for _ in range(5)]
    pages = {name: [Page(name) for _ in range(3)] for name in conversations}
    done = asyncio.Event()
    wandering = [asyncio.create_task(wander(page, done)) for own in pages.values() for page in own]
    async with asyncio.timeout(60):
        await asyncio.gather(*[talk(name) for name in conversations])
        done.set()
        await asyncio.gather(*wandering)
    for name, own in pages.items():
        shown = await third.chats.read(ANA, name)
        answers = {turn.id: turn.text for turn in shown.turns if turn.role == "assistant"}
        events = await stored(b, name)
        for page in own:
            await page.connect(random.choice(every).log)
            await until(partial(_read_all, page, len(events)))
            await page.leave()
            assert page.texts == answers
            assert page.ended == list(answers)
            assert page.numbers == list(range(1, len(events) + 1))
