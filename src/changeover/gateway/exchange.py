"""A vendor's answer on its way: bytes to canonical events, and the intent's conclusion.

Both forms are the same events: a whole reply is their fold, a stream is their
passing on one by one. A stream is handed over only when its first event was
read, so that a vendor which answers garbage or hangs at once gives way to the
next candidate instead of breaking the client's stream.

An exchange concludes its attempt exactly once: *answered* when the answer was
whole, *failed* when the vendor broke off, *cut* when the client left or an order
ended it. Whoever takes an exchange must close it, read or not.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack

import msgspec

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
    Started,
    StreamError,
    UsageSeen,
    fold,
    merge_usage,
)
from changeover.conversation.model import Reply, Usage
from changeover.directory.model import Route
from changeover.gateway.attempt import Attempt
from changeover.gateway.flow import Flow, Piece
from changeover.gateway.model import CallResult
from changeover.gateway.ports import Incoming, UpstreamError
from changeover.orders.decision import Call, Decision
from changeover.wire.errors import VendorProtocolError

CUT_BY_ORDER = "cut_by_order"


class ServedBy(msgspec.Struct, frozen=True, kw_only=True):
    """Which route serves a call and why.

    `instead_of` is the route that was asked for where another model's serves, and
    `replaced` the decision that refused it, where it was refused and did not fail.
    """

    call_id: str
    asked: str
    call: Call
    route: Route
    maker: str
    decision: Decision
    instead_of: str | None
    replaced: Decision | None
    stand_in: bool


class Exchange:
    """One answer. Its first events were read; the others come with `events`.

    `headers` are those of the vendor's response.
    """

    def __init__(self, served: ServedBy, attempt: Attempt, stack: AsyncExitStack) -> None:
        self.served = served
        self.attempt = attempt
        self.reply: Reply | None = None
        self.headers: Mapping[str, str] = {}
        self._stack = stack
        self._incoming: Incoming | None = None
        self._batches: AsyncGenerator[list[Event]] | None = None
        self._model: str | None = None
        self._usage = Usage()
        self._end: Finished | Failed | None = None
        self._cut: str | None = None

    async def open_whole(self, flow: Flow, incoming: Incoming) -> None:
        """Reads a whole answer; `VendorProtocolError` or `StreamError` if it is none."""
        self.headers = incoming.headers
        body = b"".join([chunk async for chunk in incoming.chunks()])
        events = flow.whole(body)
        self.reply = fold(events)
        self._see(events)
        self._conclude("answered")
        self._batches = _one(events)

    async def open_stream(self, flow: Flow, incoming: Incoming) -> None:
        """Reads a stream up to its first event; `VendorProtocolError` if it fails at once."""
        self.headers, chunks = incoming.headers, incoming.chunks()
        first: list[Piece] = []
        async for chunk in chunks:
            first = flow.feed(chunk)
            if first:
                break
        else:
            first = flow.close()
        if isinstance(first[0], Failed):
            raise VendorProtocolError(f"The vendor broke off at once: {first[0].message}")
        self._incoming = incoming
        self._batches = self._passing_on(first, chunks, flow)

    def hand_over(self, stack: AsyncExitStack) -> None:
        """Takes the connection over from whoever opened it."""
        self._stack = stack

    @property
    def model(self) -> str | None:
        """What the vendor calls the model that answers, once it said so."""
        return self._model

    def events(self) -> AsyncGenerator[list[Event]]:
        """The events as they come, in the batches they come in; the last one ends the answer."""
        assert self._batches is not None
        return self._batches

    def cut(self, why: str) -> None:
        """Ends a running answer because of an order; its events end with `Failed`."""
        if self._cut is None and self._end is None and self._incoming is not None:
            self._cut = why
            self._incoming.abort()

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs, which the journal calls cut."""
        if self._batches is not None:
            await self._batches.aclose()
        self._conclude(self._left())
        await self._stack.aclose()

    async def _passing_on(
        self, first: list[Piece], chunks: AsyncIterator[bytes], flow: Flow
    ) -> AsyncGenerator[list[Event]]:
        try:
            yield self._see(first)
            async for chunk in chunks:
                if self._cut is not None:
                    break
                if events := flow.feed(chunk):
                    yield self._see(events)
            if self._cut is None:
                if events := flow.close():
                    yield self._see(events)
                self._conclude("failed" if isinstance(self._end, Failed) else "answered")
        except (UpstreamError, VendorProtocolError, StreamError) as error:
            if self._cut is None:
                failed = Failed(kind="upstream_failure", message=str(error))
                self._end = failed
                self._conclude("failed", type(error).__name__)
                yield [failed]
        finally:
            self._conclude(self._left(), CUT_BY_ORDER if self._cut else None)
        if self._cut is not None:
            yield [Failed(kind=CUT_BY_ORDER, message=self._cut)]

    def _left(self) -> CallResult:
        """What it is when nobody listens any more: whole, if its end was passed on."""
        return "answered" if isinstance(self._end, Finished) and self._cut is None else "cut"

    def _see(self, events: list[Event]) -> list[Event]:
        for event in events:
            match event:
                case Started():
                    self._model = event.model or None
                case UsageSeen():
                    self._usage = merge_usage(self._usage, event.usage)
                case Finished() | Failed():
                    self._end = event
                case LossSeen():
                    self.attempt.lose((event.loss,))
                case _:
                    pass  # what the answer says is its client's business
        return events

    def _conclude(self, result: CallResult, error: str | None = None) -> None:
        if error is None and isinstance(self._end, Failed):
            error = self._end.kind
        self.attempt.conclude(
            result, status=200, served_model=self._model, usage=self._usage, error=error
        )


async def _one(events: list[Event]) -> AsyncGenerator[list[Event]]:
    yield events
