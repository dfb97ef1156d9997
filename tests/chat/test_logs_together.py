"""Several logs over one store: any interleaving gives every reader exactly what is stored."""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.clock import FixedClock
from changeover.chat.elsewhere import Grown, heard
from changeover.chat.log import EventLog
from changeover.chat.model import Delta, Ended, StoredTurn, Titled, TurnSeen, units
from tests.chat.page import Page
from tests.chat.test_log import CONVERSATION, TEXTS, Thread, turns
from tests.chat.world import FakeStore
from tests.orders.worlds import day

LOGS, PAGES = 3, 3
STEPS = st.one_of(
    st.tuples(st.just("piece"), TEXTS),
    st.tuples(st.just("next_turn"), st.integers(0, LOGS - 1)),
    st.tuples(st.just("connect"), st.tuples(st.integers(0, PAGES - 1), st.integers(0, LOGS - 1))),
    st.tuples(st.just("leave"), st.integers(0, PAGES - 1)),
    st.tuples(st.sampled_from(["flush", "title", "signals"]), st.integers(0, LOGS - 1)),
    st.tuples(st.sampled_from(["lose", "uncertain"]), st.none()),
)


class Playing:
    """Logs of several processes, of which one writes each turn, and pages on any of them."""

    def __init__(self, random: Random) -> None:
        self.store = FakeStore()
        self.logs = [
            EventLog(self.store, FixedClock(day(1)), start=f"start_{n}", offload=Thread(random))
            for n in range(LOGS)
        ]
        self.pages = [Page(CONVERSATION) for _ in range(PAGES)]
        self.said: dict[str, str] = {}
        self.ended: list[str] = []
        self.writer = 0
        self._coming: list[list[str]] = [[] for _ in range(LOGS)]
        self.store.takers = [coming.append for coming in self._coming]

    @property
    def turn(self) -> str:
        return f"turn_{len(self.said)}"

    async def begin(self) -> None:
        turn = StoredTurn(
            id=f"turn_{len(self.said) + 1}",
            conversation=CONVERSATION,
            parent=None,
            role="assistant",
            created=day(1),
            state="generating",
            parts=(),
        )
        self.said[turn.id] = ""

        def add(work):
            work.conversations.add_turn(turn)
            return None, (TurnSeen(turn=turn.shown()),)

        await self.logs[self.writer].write(CONVERSATION, add)

    async def piece(self, text: str) -> None:
        at = units(self.said[self.turn])
        self.logs[self.writer].piece(CONVERSATION, Delta(turn=self.turn, text=text, at=at))
        self.said[self.turn] += text

    async def next_turn(self, writer: int) -> None:
        await self.settle()
        self.writer = writer
        await self.begin()

    async def settle(self) -> None:
        ended = Ended(turn=self.turn, state="complete")
        await self.logs[self.writer].write(CONVERSATION, lambda _: (None, (ended,)))
        self.ended.append(self.turn)

    async def connect(self, which: tuple[int, int]) -> None:
        page, log = which
        await self.pages[page].connect(self.logs[log])

    async def leave(self, page: int) -> None:
        await self.pages[page].leave()

    async def flush(self, log: int) -> None:
        await self.logs[log].flush()

    async def title(self, log: int) -> None:
        await self.logs[log].write(CONVERSATION, lambda _: (None, (Titled(title="t"),)))

    async def signals(self, log: int) -> None:
        """What the log's process was told arrives."""
        coming = self._coming[log]
        while coming:
            told = heard(coming.pop(0))
            assert isinstance(told, Grown)
            if told.start != self.logs[log].start:
                self.logs[log].look_at(told.conversations)

    async def lose(self, _: None) -> None:
        """A connection breaks, and with it what was still to come."""
        for coming in self._coming:
            coming.clear()

    async def uncertain(self, _: None) -> None:
        """Text is stored, and its writer does not hear that it was: it stores it again."""
        log = self.logs[self.writer]
        waiting = log._channels[CONVERSATION].waiting if CONVERSATION in log._channels else []
        if waiting:
            self.store.chat_events.append(CONVERSATION, day(1), list(waiting))

    async def end(self) -> None:
        await self.settle()
        for log in self.logs:
            await log.flush()
        for page in self.pages:
            await page.connect(self.logs[0])
        # Where no signal came, a look finds what there is.
        while not all(page.ended == self.ended for page in self.pages):
            assert all(page.connected for page in self.pages)
            for log in self.logs:
                await log.look_at_all()
            await asyncio.sleep(0)
        for page in self.pages:
            await page.leave()
        assert all(log._channels == {} for log in self.logs)


async def play(steps, random: Random) -> Playing:
    playing = Playing(random)
    await playing.begin()
    for step, given_ in steps:
        await getattr(playing, step)(given_)
        await turns(random.randint(0, 4))
    await asyncio.wait_for(playing.end(), 20)
    return playing


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, min_size=20, max_size=80), st.integers(0, 2**32))
def test_any_interleaving_of_processes_and_readers_gives_exactly_the_text(steps, seed):
    played = asyncio.run(play(steps, Random(seed)))
    count = played.store.chat_events.last(CONVERSATION)
    for page in played.pages:
        assert {turn: page.texts.get(turn, "") for turn in played.said} == played.said
        assert page.ended == played.ended
        assert page.numbers == list(range(1, count + 1))
