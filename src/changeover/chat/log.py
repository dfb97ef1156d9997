"""The log of what happens in conversations: stored in batches, followed at once.

Text is stored every quarter of a second, or as soon as 2 KB of it wait: all
conversations in one transaction, so that a hundred answers cost the database
what one does. Who follows a conversation gets each piece the moment it arrives
(`subscription.py` says how nothing is missed or doubled).

Whatever else happens is stored first and told then, in one transaction with the
text that came before it. All storing takes turns; a store that fails keeps its
text waiting for the next.

Other processes may write to the same conversations. A transaction takes those that
it touches for itself first, so that events are numbered without gaps and what it
does there is checked against all that was done before. Text of a turn that another
has ended is dropped. What is stored is signalled with the commit (`elsewhere`), and
who hears of it, or misses a number, reads the store: there, text comes in the
batches that it was stored in.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import msgspec
import structlog

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.chat.elsewhere import payloads
from changeover.chat.model import ChatEvent, Delta, StoredEvent
from changeover.chat.ports import ChatStore, ChatWork, Offload
from changeover.chat.subscription import PAGE, Sending, Subscription

T = TypeVar("T")
Act = Callable[[ChatWork], tuple[T, Sequence[ChatEvent]]]
"""What is done in a transaction: its result, and the events that tell of it."""

_Stored = tuple[str, int, ChatEvent | None]
"""A conversation, an event's number, and the event if it is not text."""

_AFTER_FAILURE = 1.0


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When waiting text is stored, and how many bytes a slow reader may fall behind."""

    seconds: float = 0.25
    characters: int = 2048
    behind: int = 1024 * 1024


class _Channel:
    """A conversation that is followed or written to: text not stored yet, and its readers."""

    def __init__(self) -> None:
        self.waiting: list[Delta] = []
        self.storing: list[Delta] = []
        self.readers: set[Subscription] = set()

    @property
    def idle(self) -> bool:
        return not (self.waiting or self.storing or self.readers)

    def tell(self, sending: Sending) -> None:
        for reader in list(self.readers):
            reader.offer(sending)


class EventLog:
    """The log over a store. `run` must run for text to be stored while it arrives.

    `start` names this process among those that share the store.
    """

    def __init__(
        self,
        store: ChatStore,
        clock: Clock,
        *,
        start: str,
        offload: Offload = asyncio.to_thread,
        pace: Pace | None = None,
    ) -> None:
        self.start = start
        self._store = store
        self._clock = clock
        self._offload = offload
        self._pace = pace or Pace()
        self._channels: dict[str, _Channel] = {}
        self._turn = asyncio.Lock()
        self._due = asyncio.Event()
        self._full = asyncio.Event()
        self._weight = 0
        self._commits: set[asyncio.Task[None]] = set()
        self._closed = False

    def piece(self, conversation: str, delta: Delta) -> None:
        """Tells a piece of text at once, and has it stored soon."""
        channel = self._channel(conversation)
        channel.waiting.append(delta)
        channel.tell(Sending(None, delta))
        self._weight += len(delta.text)
        self._due.set()
        if self._weight >= self._pace.characters:
            self._full.set()

    async def write(self, conversation: str, act: Act[T]) -> T:
        """Stores the conversation's waiting text and does `act`, in one transaction; then tells.

        Once begun it is done to its end, also when the caller is cancelled.
        """
        result: list[T] = []

        def acting(work: ChatWork) -> Sequence[ChatEvent]:
            value, events = act(work)
            result.append(value)
            return events

        await self._lasting(conversation, acting)
        return result[0]

    async def read(self, act: Callable[[ChatWork], T]) -> T:
        """What `act` reads of one state of the store."""

        def reading() -> T:
            with self._store.reading() as work:
                return act(work)

        return await self._offload(reading)

    async def flush(self) -> None:
        """Stores all text that waits."""
        await self._lasting(None, lambda _: ())

    async def run(self) -> None:
        """Stores text as it comes, until cancelled."""
        log = structlog.get_logger("changeover.chat")
        while True:
            await self._due.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pace.seconds):
                    await self._full.wait()
            self._due.clear()
            self._full.clear()
            try:
                await self.flush()
            except ChangeoverError as error:
                log.warning("chat text was not stored; trying again", error=str(error))
                self._due.set()
                await asyncio.sleep(_AFTER_FAILURE)

    def subscribe(self, conversation: str, after: int) -> Subscription:
        """A reader of what comes after the event `after`. It must be closed."""

        async def page(last: int) -> list[StoredEvent]:
            return await self.read(lambda work: work.chat_events.after(conversation, last, PAGE))

        def leave(reader: Subscription) -> None:
            channel = self._channels.get(conversation)
            if channel is not None:
                channel.readers.discard(reader)
                self._forget(conversation)

        reader = Subscription(page, after, most=self._pace.behind, closed=leave)
        channel = self._channel(conversation)
        channel.readers.add(reader)
        for delta in _joined([*channel.storing, *channel.waiting]):
            reader.offer(Sending(None, delta))
        if self._closed:
            reader.close()
        return reader

    def look_at(self, conversations: Collection[str]) -> None:
        """Has the readers of these read what others stored."""
        for name in conversations:
            channel = self._channels.get(name)
            if channel is not None:
                for reader in channel.readers:
                    reader.look()

    async def look_at_all(self) -> None:
        """Has every reader read what others stored, where there is any."""
        followed = [name for name, channel in self._channels.items() if channel.readers]
        if not followed:
            return
        newest = await self.read(lambda work: work.chat_events.newest(followed))
        for name, seq in newest.items():
            channel = self._channels.get(name)
            if channel is not None and any(reader.last < seq for reader in channel.readers):
                self.look_at([name])

    def close(self) -> None:
        """Ends every subscription, and those that still come."""
        self._closed = True
        for channel in list(self._channels.values()):
            for reader in list(channel.readers):
                reader.close()

    async def _lasting(
        self, conversation: str | None, act: Callable[[ChatWork], Sequence[ChatEvent]]
    ) -> None:
        commit = asyncio.create_task(self._commit(conversation, act))
        self._commits.add(commit)
        commit.add_done_callback(self._commits.discard)
        await asyncio.shield(commit)

    async def _commit(
        self, conversation: str | None, act: Callable[[ChatWork], Sequence[ChatEvent]]
    ) -> None:
        async with self._turn:
            texts = self._take(conversation)
            stored: list[_Stored] = []

            def storing() -> None:
                now = self._clock.now()
                with self._store.begin(alone=False) as work:
                    names = texts.keys() | (set() if conversation is None else {conversation})
                    work.conversations.lock(names)
                    for name, deltas in _still_written(work, texts).items():
                        last = work.chat_events.append(name, now, deltas)
                        first = last - len(deltas) + 1
                        stored.extend((name, n, None) for n in range(first, last + 1))
                    events = () if conversation is None else act(work)
                    if conversation is not None and events:
                        last = work.chat_events.append(conversation, now, events)
                        first = last - len(events) + 1
                        stored.extend((conversation, n, e) for n, e in enumerate(events, first))
                    for payload in payloads(self.start, {name for name, _, _ in stored}):
                        work.notify("chat", payload)

            done = False
            try:
                await self._offload(storing)
                done = True
            finally:
                self._release(texts, done=done)
            for name, seq, event in stored:
                self._channel(name).tell(Sending(seq, event))
            for name in {name for name, _, _ in stored}:
                self._forget(name)

    def _take(self, conversation: str | None) -> dict[str, list[Delta]]:
        """The waiting texts, of one conversation or of all; they count as being stored."""
        names = list(self._channels) if conversation is None else [conversation]
        texts: dict[str, list[Delta]] = {}
        for name in names:
            channel = self._channels.get(name)
            if channel is not None and channel.waiting:
                channel.storing, channel.waiting = channel.waiting, []
                texts[name] = _joined(channel.storing)
        self._weight = sum(len(d.text) for c in self._channels.values() for d in c.waiting)
        return texts

    def _release(self, texts: dict[str, list[Delta]], *, done: bool) -> None:
        """The texts are stored, or wait again in front of what came since."""
        for name in texts:
            channel = self._channels[name]
            if not done:
                channel.waiting = [*channel.storing, *channel.waiting]
            channel.storing = []

    def _channel(self, conversation: str) -> _Channel:
        return self._channels.setdefault(conversation, _Channel())

    def _forget(self, conversation: str) -> None:
        channel = self._channels.get(conversation)
        if channel is not None and channel.idle:
            del self._channels[conversation]


def _still_written(work: ChatWork, texts: dict[str, list[Delta]]) -> dict[str, list[Delta]]:
    """The texts without those of turns that another process has ended."""
    turns = {delta.turn for deltas in texts.values() for delta in deltas}
    over = work.conversations.over(turns) if turns else frozenset()
    if not over:
        return texts
    kept = {name: [d for d in deltas if d.turn not in over] for name, deltas in texts.items()}
    return {name: deltas for name, deltas in kept.items() if deltas}


def _joined(deltas: Sequence[Delta]) -> list[Delta]:
    """Pieces that follow one another in a turn as one piece."""
    runs: list[list[Delta]] = []
    for delta in deltas:
        if runs and runs[-1][0].turn == delta.turn:
            runs[-1].append(delta)
        else:
            runs.append([delta])
    return [
        Delta(turn=run[0].turn, text="".join(d.text for d in run), at=run[0].at) for run in runs
    ]
