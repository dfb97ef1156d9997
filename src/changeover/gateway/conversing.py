"""Calls that Changeover itself makes for a person, such as the chat's.

They take the same way as an application's: `Serving`, with its decisions, its
journal and its two looks at the rules. What differs is that request and answer
are canonical already, and that the ledger names an account where it would name
a key.
"""

from collections.abc import AsyncGenerator

import msgspec

from changeover.basics.ids import new_id
from changeover.conversation.events import Event
from changeover.conversation.model import ChatRequest
from changeover.gateway.exchange import Exchange, ServedBy
from changeover.gateway.serving import Asked, Serving
from changeover.wire.passing import Passed


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A person's call through a service's slot; `account` is the person's id.

    `only` wants the model asked for and no replacement. `content` are the data classes of
    what goes with the question, beside its service's own.
    """

    service: str
    slot: str
    account: str
    request: ChatRequest
    only: bool = False
    content: tuple[str, ...] = ()


class ModelAnswer:
    """An answer that has begun. Whoever takes it must close it, read or not."""

    def __init__(self, exchange: Exchange, serving: Serving) -> None:
        self._exchange = exchange
        self._serving = serving

    @property
    def served(self) -> ServedBy:
        """Which route serves it and why."""
        return self._exchange.served

    @property
    def losses(self) -> tuple[str, ...]:
        """The fields not carried, as far as is known; complete at the end."""
        return self._exchange.attempt.lost

    async def events(self) -> AsyncGenerator[Event]:
        """The events as they come.

        An answer that breaks off ends with `Failed`; its kind is
        `exchange.CUT_BY_ORDER` where an order ended it.
        """
        async for batch in self._exchange.pieces():
            for piece in batch:
                # Nothing passes through here: what is asked is canonical.
                if not isinstance(piece, Passed | bytes):
                    yield piece

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs."""
        try:
            await self._exchange.aclose()
        finally:
            self._serving.finished(self._exchange)


class Conversing:
    """Asks models on behalf of people."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def ask(self, asking: Asking) -> ModelAnswer:
        """The answer, begun. Raises `refusal.Refusal` when there is none to be had."""
        asked = Asked(
            call_id=new_id("call"),
            service=asking.service,
            slot=asking.slot,
            caller=asking.account,
            request=asking.request,
            only=asking.only,
            content=asking.content,
        )
        return ModelAnswer(await self._serving.serve(asked), self._serving)
