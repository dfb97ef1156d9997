"""What is asked of a model beside chat: counts, embeddings, sound, pictures.

It takes the same way as a chat call (`serving.py`): candidates, decision, journal, the
looks before and behind the write. What differs is how a candidate is tried: the
request is written by the operation, and the answer is read by it as a whole, or its
bytes are passed on as they come.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from typing import Generic, TypeVar

import msgspec

from changeover.conversation.model import Loss, Usage
from changeover.directory.model import ModelKind, Route, Waits
from changeover.gateway.attempt import Attempt
from changeover.gateway.exchange import CUT_BY_ORDER, ServedBy
from changeover.gateway.model import Operation
from changeover.gateway.ports import Incoming, Outgoing, UpstreamError
from changeover.gateway.refusal import Refusal
from changeover.gateway.serving import Serving
from changeover.gateway.trying import Bound, Passed, PassedOver, served_by
from changeover.orders.decision import Decision
from changeover.wire.errors import ProtocolError
from changeover.wire.operation import Written

R = TypeVar("R")


class Read(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """What an answer says, with the vendor's counts and its name of the model."""

    result: R
    usage: Usage = Usage()
    model: str | None = None


class ToDo(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """Something to be done by a model; the first fields are as in `serving.Asked`.

    `write` gives the request for a route and its host's name of the model, None where the
    route's protocol knows no such operation, and raises `ProtocolError` where it cannot
    say what is asked. `read` reads a whole answer to a request on a route.
    `without` is the result that needs no vendor, where the route has no such operation.
    """

    call_id: str
    service: str
    slot: str
    caller: str
    model: str
    operation: Operation
    kind: ModelKind
    write: Callable[[Route, str], Written | None]
    read: Callable[[Route, bytes], Read[R]]
    losses: tuple[Loss, ...] = ()
    without: Callable[[], tuple[R, Loss]] | None = None
    only: bool = True
    content: tuple[str, ...] = ()


class Done(Generic[R]):
    """An answer that was read as a whole."""

    def __init__(self, served: ServedBy, attempt: Attempt) -> None:
        self.served = served
        self.attempt = attempt
        self.model = served.route.upstream_model
        self.headers: Mapping[str, str] = {}
        self._result: R | None = None
        self._stack = AsyncExitStack()

    @property
    def result(self) -> R:
        assert self._result is not None
        return self._result

    def take(self, result: R) -> None:
        """The result, where no vendor gave it."""
        self._result = result

    async def read(self, todo: ToDo[R], incoming: Incoming) -> None:
        """Reads the answer; `VendorProtocolError` if it is none."""
        self.headers = incoming.headers
        body = b"".join([chunk async for chunk in incoming.chunks()])
        read = todo.read(self.served.route, body)
        self._result = read.result
        self.model = read.model or self.model
        self.attempt.conclude("answered", status=200, served_model=read.model, usage=read.usage)

    def hand_over(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    def cut(self, why: str) -> None:
        """Nothing: it is over."""

    async def aclose(self) -> None:
        await self._stack.aclose()


class Forwarded:
    """A vendor's bytes, passed on as they come. Whoever takes it must close it, read or not."""

    def __init__(self, served: ServedBy, attempt: Attempt, serving: Serving) -> None:
        self.served = served
        self.attempt = attempt
        self.model = served.route.upstream_model
        self.headers: Mapping[str, str] = {}
        self.media_type = ""
        self._serving = serving
        self._stack = AsyncExitStack()
        self._incoming: Incoming | None = None
        self._chunks: AsyncGenerator[bytes] = _each(())
        self._cut = False

    async def begin(self, todo: ToDo[bytes], incoming: Incoming) -> None:
        """Waits for the first bytes, so that a vendor that gives none gives way to the next.

        JSON is read as a whole, because the counts stand in it.
        """
        chunks = incoming.chunks()
        self.headers = incoming.headers
        self.media_type = incoming.content_type
        if incoming.content_type == "application/json":
            read = todo.read(self.served.route, b"".join([chunk async for chunk in chunks]))
            self.attempt.conclude("answered", status=200, usage=read.usage)
            self._chunks = _each((read.result,))
            return
        first = await anext(chunks, b"")
        self._incoming = incoming
        self._chunks = self._passing_on(first, chunks)

    def hand_over(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    def cut(self, why: str) -> None:  # noqa: ARG002 - bytes have no place for words
        """Breaks off; the client sees a body that ends too soon."""
        self._cut = True
        if self._incoming is not None:
            self._incoming.abort()

    @property
    def whole(self) -> bool:
        """Whether the answer came to its end."""
        return self.attempt.result == "answered"

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs, which the journal calls cut."""
        await self._chunks.aclose()
        self.attempt.conclude("cut", status=200)
        await self._stack.aclose()
        self._serving.finished(self)

    async def _passing_on(
        self, first: bytes, chunks: AsyncIterator[bytes]
    ) -> AsyncGenerator[bytes]:
        try:
            yield first
            async for chunk in chunks:
                yield chunk
            self.attempt.conclude("answered", status=200)
        except UpstreamError as error:
            if self._cut:
                self.attempt.conclude("cut", status=200, error=CUT_BY_ORDER)
            else:
                self.attempt.conclude("failed", status=200, error=type(error).__name__)
            raise


async def _each(pieces: Iterable[bytes]) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


class Operations:
    """Has things done by models. One per process."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def perform(self, todo: ToDo[R]) -> Done[R]:
        """The whole answer, read. Raises `Refusal` when there is none to be had."""

        async def trying(
            bound: Bound[ToDo[R]], decision: Decision, instead_of: str | None, passed: Passed
        ) -> Done[R]:
            route, written = self._written(bound, decision, passed)
            if written is None:
                attempt = self._serving.tries.attempt(bound, decision)
                attempt.lose(todo.losses)
            else:
                losses = (*todo.losses, *written.losses)
                attempt = await self._serving.tries.begin(
                    bound, decision, written.body, losses, written.content_type
                )
            done: Done[R] = Done(served_by(bound, attempt, decision, instead_of, passed), attempt)
            if written is None:
                return _without(todo, done)
            outgoing = _outgoing(route, written, attempt, bound.waits)

            async def begin(incoming: Incoming) -> None:
                await done.read(todo, incoming)

            return await self._serving.open(done, bound.asked, outgoing, begin)

        done = await self._serving.offer(todo, trying)
        await done.aclose()
        self._serving.finished(done)
        return done

    async def pass_on(self, todo: ToDo[bytes]) -> Forwarded:
        """The answer's bytes, begun. Raises `Refusal` when there is none to be had."""

        async def trying(
            bound: Bound[ToDo[bytes]], decision: Decision, instead_of: str | None, passed: Passed
        ) -> Forwarded:
            route, written = self._written(bound, decision, passed)
            if written is None:
                raise PassedOver(_unknown_there(todo, route))
            losses = (*todo.losses, *written.losses)
            attempt = await self._serving.tries.begin(
                bound, decision, written.body, losses, written.content_type
            )
            served = served_by(bound, attempt, decision, instead_of, passed)
            forwarded = Forwarded(served, attempt, self._serving)
            outgoing = _outgoing(route, written, attempt, bound.waits, accept="*/*")

            async def begin(incoming: Incoming) -> None:
                await forwarded.begin(todo, incoming)

            return await self._serving.open(forwarded, bound.asked, outgoing, begin)

        return await self._serving.offer(todo, trying)

    def _written(
        self, bound: Bound[ToDo[R]], decision: Decision, passed: Passed
    ) -> tuple[Route, Written | None]:
        route = self._serving.reachable(bound, decision, passed)
        try:
            return route, bound.asked.write(route, self._serving.name_at(route))
        except ProtocolError as error:
            raise PassedOver(
                Refusal(error.status, error.code, str(error), field=error.field)
            ) from error


def _without(todo: ToDo[R], done: Done[R]) -> Done[R]:
    """The result that needs no vendor; nothing was sent, so nothing is journalled."""
    if todo.without is None:
        raise PassedOver(_unknown_there(todo, done.served.route))
    result, loss = todo.without()
    done.take(result)
    done.attempt.lose((loss,))
    return done


def _outgoing(
    route: Route,
    written: Written,
    attempt: Attempt,
    waits: Waits,
    accept: str = "application/json",
) -> Outgoing:
    return Outgoing(
        host=route.host,
        protocol=route.protocol,
        body=written.body,
        target=written.target,
        beside=written.beside,
        content_type=written.content_type,
        accept=accept,
        stream=False,
        stand_in=attempt.intent.stand_in,
        dialect=route.dialect,
        waits=waits,
    )


_CANNOT: dict[Operation, str] = {
    "chat": "to chat",
    "count-tokens": "to count",
    "embed": "to embed",
    "speak": "to speak",
    "transcribe": "to transcribe",
    "translate-speech": "to translate speech",
    "draw": "to draw",
    "edit-image": "to change a picture",
}


def _unknown_there(todo: ToDo[R], route: Route) -> Refusal:
    spoken = route.protocol if route.dialect is None else f"{route.protocol} ({route.dialect})"
    return Refusal(
        501,
        "not_carried",
        f"{route.id} cannot be asked {_CANNOT[todo.operation]}: its host is called by {spoken}, "
        "which has no such call that this gateway knows. Name a model with another route.",
        {"x-should-retry": "false"},
    )
