"""One reader of a conversation's events: what is stored, then what happens now.

A reader is registered before it reads the store, and what happens meanwhile
waits in its buffer with the text that was under way but not stored. What other
processes store does not come by the buffer: the reader reads it when it is told to
look, or when a number in the buffer shows that something came between. So:

* nothing is missed: an event was stored before the registration, and is read
  from the store, or after it, and is in the buffer or behind a gap;
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

from changeover.basics.errors import ChangeoverError
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
    """One reader, sent all up to the event `last`. `events` is iterated once.

    `close` must be called.
    """

    def __init__(
        self, read: Reading, after: int, *, most: int, closed: Callable[["Subscription"], None]
    ) -> None:
        self.last = after
        self._read = read
        self._begun = False
        self._behind = True
        self._most = most
        self._closed = closed
        self._waiting: deque[Sending] = deque()
        self._weight = 0
        self._news = asyncio.Event()
        self._over = False
        self._reached: dict[str, int] = {}

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

    def look(self) -> None:
        """Has it read what others stored."""
        self._behind = True
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
            if self._behind:
                for sending in await self._page():
                    yield sending
            elif self._waiting:
                sending = self._waiting.popleft()
                self._weight -= _weight(sending)
                wanted = self._unseen(sending)
                if wanted is not None:
                    yield wanted
            else:
                self._news.clear()
                await self._news.wait()

    async def _page(self) -> list[Sending]:
        """The next of what is stored; when that fails later than at first, the next look's."""
        self._behind = False
        try:
            page = await self._read(self.last)
        except ChangeoverError:
            if not self._begun:
                raise
            return []
        self._begun = True
        self._behind = self._behind or len(page) == PAGE
        return [self._stored(each) for each in page]

    def _stored(self, stored: StoredEvent) -> Sending:
        self.last = stored.seq
        event = stored.event
        return Sending(stored.seq, self._rest(event) if isinstance(event, Delta) else event)

    def _unseen(self, sending: Sending) -> Sending | None:
        if sending.id is None:
            assert isinstance(sending.event, Delta)
            rest = self._rest(sending.event)
            return None if rest is None else Sending(None, rest)
        if sending.id > self.last + 1:
            self._behind = True
            return None
        if sending.id <= self.last:
            return None
        self.last = sending.id
        return sending

    def _rest(self, delta: Delta) -> Delta | None:
        """The piece without what of its turn was sent already."""
        reached = self._reached.get(delta.turn, delta.at)
        self._reached[delta.turn] = max(reached, delta.end)
        if reached <= delta.at:
            return delta
        text = after_units(delta.text, reached - delta.at)
        return Delta(turn=delta.turn, text=text, at=reached) if text else None


def _weight(sending: Sending) -> int:
    match sending.event:
        case Delta(text=text):
            return _OVERHEAD + 2 * len(text)
        case None:
            return _OVERHEAD
        case _:
            return _OVERHEAD + len(msgspec.json.encode(sending.event))
