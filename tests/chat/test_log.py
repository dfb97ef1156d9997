"""The log and its readers: any interleaving gives exactly the text."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError
from changeover.chat.log import EventLog, Pace
from changeover.chat.model import Delta, Ended, Titled, after_units, units
from changeover.chat.subscription import Subscription
from tests.chat.page import Page
from tests.chat.world import FakeStore
from tests.orders.worlds import day

T = TypeVar("T")
CONVERSATION = "conv_1"
TURN = "turn_1"


class Thread:
    """An offload that takes its time, before the act itself and after it."""

    def __init__(self, random: Random) -> None:
        self._random = random

    async def __call__(self, act: Callable[[], T], /) -> T:
        await turns(self._random.randint(0, 6))
        result = act()
        await turns(self._random.randint(0, 6))
        return result


async def turns(count: int) -> None:
    """Lets everything else go on so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


TEXTS = st.text(st.sampled_from("aé😀\u2028"), min_size=1, max_size=6)
STEPS = st.one_of(
    st.tuples(st.just("piece"), TEXTS),
    st.tuples(st.sampled_from(["connect", "leave"]), st.integers(0, 2)),
    st.tuples(st.sampled_from(["flush", "flush_later", "fail", "title"]), st.none()),
)


class Playing:
    """A log with three pages, and what was said; each kind of step is a method."""

    def __init__(self, random: Random) -> None:
        self.store = FakeStore()
        self.log = EventLog(self.store, FixedClock(day(1)), start="here", offload=Thread(random))
        self.pages = [Page(CONVERSATION) for _ in range(3)]
        self.said = ""
        self._later: list[asyncio.Future[None]] = []

    async def piece(self, text: str) -> None:
        self.log.piece(CONVERSATION, Delta(turn=TURN, text=text, at=units(self.said)))
        self.said += text

    async def connect(self, page: int) -> None:
        await self.pages[page].connect(self.log)

    async def leave(self, page: int) -> None:
        await self.pages[page].leave()

    async def flush(self, _: None) -> None:
        self.store.fails = 0
        await self.log.flush()

    async def flush_later(self, _: None) -> None:
        self._later.append(asyncio.ensure_future(self.log.flush()))

    async def fail(self, _: None) -> None:
        self.store.fails = 1

    async def title(self, _: None) -> None:
        self.store.fails = 0
        await self.log.write(CONVERSATION, lambda _: (None, (Titled(title="t"),)))

    async def end(self) -> None:
        await asyncio.gather(*self._later, return_exceptions=True)
        self.store.fails = 0
        ended = Ended(turn=TURN, state="complete")
        await self.log.write(CONVERSATION, lambda _: (None, (ended,)))
        for page in self.pages:
            await page.connect(self.log)
        while not all(_done(page) for page in self.pages):  # noqa: ASYNC110 - pages tell nobody
            await asyncio.sleep(0)
        for page in self.pages:
            await page.leave()
        assert self.log._channels == {}


def _done(page: Page) -> bool:
    return bool(page.ended) or not page.connected


async def play(steps, random: Random) -> Playing:
    playing = Playing(random)
    for step, given_ in steps:
        await getattr(playing, step)(given_)
        await turns(random.randint(0, 4))
    await playing.end()
    return playing


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, min_size=20, max_size=80), st.integers(0, 2**32))
def test_any_interleaving_of_readers_and_storing_gives_exactly_the_text(steps, seed):
    played = asyncio.run(play(steps, Random(seed)))
    stored = [entry.event for entry in played.store.chat_events.after(CONVERSATION, 0)]
    deltas = [event for event in stored if isinstance(event, Delta)]
    assert "".join(delta.text for delta in deltas) == played.said
    assert [delta.at for delta in deltas] == [
        sum(units(d.text) for d in deltas[:n]) for n in range(len(deltas))
    ]
    for page in played.pages:
        assert page.texts.get(TURN, "") == played.said
        assert page.ended == [TURN]
        assert page.numbers == list(range(1, len(stored) + 1))


@given(TEXTS, st.integers(0, 12))
def test_units_are_those_of_javascript(text, count):
    encoded = text.encode("utf-16-le")
    assert units(text) == len(encoded) // 2
    if count <= units(text) and not _within_pair(text, count):
        assert after_units(text, count).encode("utf-16-le") == encoded[2 * count :]


def _within_pair(text: str, count: int) -> bool:
    starts, at = set(), 0
    for character in text:
        starts.add(at)
        at += units(character)
    return count not in {*starts, at}


def pieces(log: EventLog, count: int, text: str = "word ") -> None:
    for number in range(count):
        log.piece(CONVERSATION, Delta(turn=TURN, text=text, at=number * len(text)))


async def test_a_piece_is_told_at_once_and_stored_later():
    store = FakeStore()
    log = EventLog(store, FixedClock(day(1)), start="here", pace=Pace(seconds=30))
    reader = log.subscribe(CONVERSATION, 0)
    events = reader.events()
    waiting = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.01)
    pieces(log, 1)
    sending = await asyncio.wait_for(waiting, 1)
    assert (sending.id, sending.event) == (None, Delta(turn=TURN, text="word ", at=0))
    assert store.chat_events.last(CONVERSATION) == 0
    await log.flush()
    mark = await asyncio.wait_for(anext(events), 1)
    assert (mark.id, mark.event) == (1, None)
    reader.close()


@pytest.mark.parametrize(
    ("pace", "count"), [(Pace(seconds=0.01), 3), (Pace(seconds=30, characters=2048), 500)]
)
async def test_text_is_stored_after_a_while_or_when_there_is_much_of_it(pace, count):
    store = FakeStore()
    log = EventLog(store, FixedClock(day(1)), start="here", pace=pace)
    storing = asyncio.create_task(log.run())
    pieces(log, count)
    async with asyncio.timeout(5):
        while not store.chat_events.last(CONVERSATION):  # noqa: ASYNC110 - a store tells nobody
            await asyncio.sleep(0.001)
    storing.cancel()
    (stored,) = store.chat_events.after(CONVERSATION, 0)
    assert isinstance(stored.event, Delta)
    assert stored.event.text == "word " * count


async def test_all_conversations_are_stored_in_one_transaction():
    class Counting(FakeStore):
        begun = 0

        def begin(self, *, alone):
            assert not alone
            self.begun += 1
            return super().begin(alone=alone)

    store = Counting()
    log = EventLog(store, FixedClock(day(1)), start="here")
    for name in "abc":
        log.piece(name, Delta(turn=f"turn_{name}", text=name, at=0))
    await log.flush()
    assert store.begun == 1
    assert [store.chat_events.last(name) for name in "abc"] == [1, 1, 1]


async def test_a_reader_that_is_too_slow_is_dropped_and_may_come_back():
    store = FakeStore()
    log = EventLog(store, FixedClock(day(1)), start="here", pace=Pace(behind=10_000))
    slow = log.subscribe(CONVERSATION, 0)
    pieces(log, 200)
    assert [sending async for sending in slow.events()] == []
    await log.flush()
    page = Page(CONVERSATION)
    await page.connect(log)
    await asyncio.sleep(0.05)
    await page.leave()
    assert page.texts == {TURN: "word " * 200}


async def test_a_long_log_is_replayed_in_pages():
    store = FakeStore()
    store.chat_events.append(CONVERSATION, day(1), [Titled(title=str(n)) for n in range(450)])
    log = EventLog(store, FixedClock(day(1)), start="here")
    reader = log.subscribe(CONVERSATION, 10)
    numbers = []
    async for sending in reader.events():
        numbers.append(sending.id)
        if sending.id == 450:
            break
    reader.close()
    assert numbers == list(range(11, 451))


async def test_closing_the_log_ends_every_reader():
    log = EventLog(FakeStore(), FixedClock(day(1)), start="here")
    reader = log.subscribe(CONVERSATION, 0)
    ending = asyncio.ensure_future(_all(reader))
    await asyncio.sleep(0.01)
    log.close()
    assert await asyncio.wait_for(ending, 1) == []
    assert await _all(log.subscribe(CONVERSATION, 0)) == []


async def test_a_writer_that_is_cancelled_has_written_and_told():
    store = FakeStore()
    log = EventLog(store, FixedClock(day(1)), start="here", offload=Thread(Random(1)))
    reader = log.subscribe(CONVERSATION, 0)
    writing = asyncio.create_task(
        log.write(CONVERSATION, lambda _: (None, (Titled(title="kept"),)))
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    sending = await asyncio.wait_for(anext(reader.events()), 1)
    assert (sending.id, sending.event) == (1, Titled(title="kept"))
    reader.close()


async def test_the_flusher_tries_again_when_the_store_fails(monkeypatch):
    monkeypatch.setattr("changeover.chat.log._AFTER_FAILURE", 0.01)
    store = FakeStore()
    store.fails = 2
    log = EventLog(store, FixedClock(day(1)), start="here", pace=Pace(seconds=0.01))
    storing = asyncio.create_task(log.run())
    pieces(log, 2)
    async with asyncio.timeout(5):
        while not store.chat_events.last(CONVERSATION):  # noqa: ASYNC110 - a store tells nobody
            await asyncio.sleep(0.001)
    storing.cancel()
    assert store.fails == 0


async def test_a_failed_write_is_an_error_to_its_writer():
    store = FakeStore()
    store.fails = 1
    log = EventLog(store, FixedClock(day(1)), start="here")
    with pytest.raises(ConflictError):
        await log.write(CONVERSATION, lambda _: (None, (Titled(title="lost"),)))
    assert store.chat_events.last(CONVERSATION) == 0


async def _all(reader: Subscription) -> list[object]:
    return [sending async for sending in reader.events()]
