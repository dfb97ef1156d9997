"""One reader of a conversation's events: what is stored, then what happens now.

A reader is registered before it reads the store, and what happens meanwhile
waits in its buffer with the text that was under way but not stored. So:

* nothing is missed: an event was stored before the registration, and is read
  from the store, or after it, and is in the buffer;
* nothing comes twice: a stored event of the buffer that the store gave already
  is passed over by its number, text by its place in the turn.

Only stored events carry a number. Text comes at once and without one; when it
is stored, a *mark* carries the number alone and moves the `Last-Event-ID` that a
browser comes back with (HTML Standard, 9.2). Who comes back is given all text
after that number, and skips by place what it holds already.

The buffer is bounded: a reader that is too slow is dropped, and may come back.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

import msgspec

from changeover.chat.model import ChatEvent, Delta, StoredEvent, after_units

PAGE = 200
_OVERHEAD = 200

Reading = Callable[[int], Awaitable[list[StoredEvent]]]
"""The first `PAGE` stored events after a number."""


class Sending(msgspec.Struct, frozen=True):
    """What a reader is sent: an event with its number, text without, or a mark."""

    id: int | None = None
    event: ChatEvent | None = None


class Subscription:
    """One reader. `events` is iterated once; `close` must be called."""

    def __init__(
        self, read: Reading, after: int, *, most: int, closed: Callable[["Subscription"], None]
    ) -> None:
        self._read = read
        self._last = after
        self._most = most
        self._closed = closed
        self._waiting: deque[Sending] = deque()
        self._weight = 0
        self._news = asyncio.Event()
        self._over = False
        self._turn = ""
        self._reached = 0

    def offer(self, sending: Sending) -> None:
        """Puts what happens now in the buffer; a reader whose buffer is full is dropped."""
        if self._over:
            return
        self._weight += _weight(sending)
        if self._weight > self._most:
            self.close()
            return
        self._waiting.append(sending)
        self._news.set()

    def close(self) -> None:
        """Ends `events`; what waits in the buffer is forgotten."""
        self._over = True
        self._waiting.clear()
        self._news.set()
        self._closed(self)

    async def events(self) -> AsyncGenerator[Sending]:
        """What to send, in order. Ends when the reader is dropped or the log closes."""
        while not self._over:
            page = await self._read(self._last)
            for stored in page:
                self._last = stored.seq
                self._note(stored.event)
                yield Sending(stored.seq, stored.event)
            if len(page) < PAGE:
                break
        while not self._over:
            if not self._waiting:
                self._news.clear()
                await self._news.wait()
                continue
            sending = self._waiting.popleft()
            self._weight -= _weight(sending)
            wanted = self._unseen(sending)
            if wanted is not None:
                yield wanted

    def _unseen(self, sending: Sending) -> Sending | None:
        if sending.id is not None:
            if sending.id <= self._last:
                return None
            self._last = sending.id
            return sending
        assert isinstance(sending.event, Delta)
        delta = sending.event
        if delta.turn == self._turn and delta.at < self._reached:
            rest = after_units(delta.text, self._reached - delta.at)
            if not rest:
                return None
            delta = Delta(turn=delta.turn, text=rest, at=self._reached)
        self._note(delta)
        return Sending(None, delta)

    def _note(self, event: ChatEvent) -> None:
        """Remembers how far the text of the newest turn was sent."""
        if isinstance(event, Delta):
            reached = self._reached if event.turn == self._turn else 0
            self._turn, self._reached = event.turn, max(reached, event.end)


def _weight(sending: Sending) -> int:
    match sending.event:
        case Delta(text=text):
            return _OVERHEAD + 2 * len(text)
        case None:
            return _OVERHEAD
        case _:
            return _OVERHEAD + len(msgspec.json.encode(sending.event))
