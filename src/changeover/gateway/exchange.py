"""A vendor's answer on its way: bytes to canonical events, and the intent's conclusion.

Both forms are the same events: a whole reply is their fold, a stream is their
passing on one by one. A stream is handed over only when its first event was
read (comments are none), so that a vendor which answers garbage or hangs at once gives way to the
next candidate instead of breaking the client's stream.

An exchange concludes its attempt exactly once: *answered* when the answer was
whole, *failed* when the vendor broke off, *cut* when the client left or an order
ended it. Whoever takes an exchange must close it, read or not.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack

import msgspec

from changeover.conversation.events import (
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
from changeover.wire.passing import Passed

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
    """One answer. Its first events were read; the others come with `pieces`.

    `headers` are those of the vendor's response.
    """

    def __init__(self, served: ServedBy, attempt: Attempt, stack: AsyncExitStack) -> None:
        self.served = served
        self.attempt = attempt
        self.reply: Reply | Passed | None = None
        self.flow: Flow | None = None
        self.headers: Mapping[str, str] = {}
        self._stack = stack
        self._incoming: Incoming | None = None
        self._batches: AsyncGenerator[list[Piece]] | None = None
        self._model: str | None = None
        self._usage = Usage()
        self._end: Finished | Failed | None = None
        self._cut: str | None = None

    async def open_whole(self, flow: Flow, incoming: Incoming) -> None:
        """Reads a whole answer; `VendorProtocolError` or `StreamError` if it is none."""
        self.flow, self.headers = flow, incoming.headers
        body = b"".join([chunk async for chunk in incoming.chunks()])
        pieces = flow.whole(body)
        self.reply = _whole(pieces)
        self._see(pieces)
        self._conclude("answered")
        self._batches = _one(pieces)

    async def open_stream(self, flow: Flow, incoming: Incoming) -> None:
        """Reads a stream up to its first event; `VendorProtocolError` if it fails at once."""
        self.flow, self.headers, chunks = flow, incoming.headers, incoming.chunks()
        first: list[Piece] = []
        async for chunk in chunks:
            first += flow.feed(chunk)
            if not all(map(_is_comment, first)):
                incoming.progress()
                break
        else:
            first += flow.close()
        failed = _failed(first)
        if failed is not None:
            raise VendorProtocolError(f"The vendor broke off at once: {failed.message}")
        self._incoming = incoming
        self._batches = self._passing_on(first, incoming, chunks, flow)

    def hand_over(self, stack: AsyncExitStack) -> None:
        """Takes the connection over from whoever opened it."""
        self._stack = stack

    @property
    def model(self) -> str | None:
        """What the vendor calls the model that answers, once it said so."""
        return self._model

    def pieces(self) -> AsyncGenerator[list[Piece]]:
        """The answer as it comes, in the batches it comes in; the last one ends it."""
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
        self, first: list[Piece], incoming: Incoming, chunks: AsyncIterator[bytes], flow: Flow
    ) -> AsyncGenerator[list[Piece]]:
        try:
            yield self._see(first)
            async for chunk in chunks:
                if self._cut is not None:
                    break
                pieces = flow.feed(chunk)
                if pieces or b"\n" in chunk:
                    # A whole line without an event says at least that the vendor still works.
                    incoming.progress()
                if pieces:
                    yield self._see(pieces)
            if self._cut is None:
                if pieces := flow.close():
                    yield self._see(pieces)
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

    def _see(self, pieces: list[Piece]) -> list[Piece]:
        for piece in pieces:
            match piece:
                case bytes():
                    pass
                case Passed():
                    self._see([*piece.told])
                case Started():
                    self._model = piece.model or None
                case UsageSeen():
                    self._usage = merge_usage(self._usage, piece.usage)
                case Finished() | Failed():
                    self._end = piece
                case LossSeen():
                    self.attempt.lose((piece.loss,))
                case _:
                    pass  # what the answer says is its client's business
        return pieces

    def _conclude(self, result: CallResult, error: str | None = None) -> None:
        if self.flow is not None and result != "answered":
            self._see([*self.flow.left()])
        if error is None and isinstance(self._end, Failed):
            error = self._end.kind
        self.attempt.conclude(
            result, status=200, served_model=self._model, usage=self._usage, error=error
        )


def _is_comment(piece: Piece) -> bool:
    """Whether a piece is what a vendor sends to keep the connection, and says nothing."""
    if not isinstance(piece, Passed):
        return False
    return all(not line or line.startswith(b":") for line in piece.data.splitlines())


async def _one(pieces: list[Piece]) -> AsyncGenerator[list[Piece]]:
    yield pieces


def _whole(pieces: list[Piece]) -> Reply | Passed:
    """A whole answer: bytes that passed through, or the fold of its events."""
    passed = next((piece for piece in pieces if isinstance(piece, Passed)), None)
    if passed is not None:
        return passed
    return fold(piece for piece in pieces if not isinstance(piece, Passed | bytes))


def _failed(pieces: list[Piece]) -> Failed | None:
    """How an answer failed in its first pieces, if it did."""
    first = pieces[0] if pieces else None
    events = first.told if isinstance(first, Passed) else (first,)
    return next((event for event in events if isinstance(event, Failed)), None)
