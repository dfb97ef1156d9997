"""Asking a model for one batch of segments, through the decision that every call goes through."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from zoneinfo import ZoneInfo

import msgspec
import structlog

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.chat.choices import Choosing, Endpoints
from changeover.chat.model import Served
from changeover.chat.ports import Asking, ModelAnswer, Models, Offload
from changeover.chat.progress import Progress
from changeover.chat.served import Seen, Stamp
from changeover.conversation.events import Failed
from changeover.conversation.model import ChatRequest, words_of
from changeover.gateway.exchange import CUT_BY_ORDER
from changeover.gateway.refusal import Refusal
from changeover.orders.in_force import Rules
from changeover.translation import halts
from changeover.translation.model import Halt, Job
from changeover.translation.ports import JobStore

_TRIES = 3


class TranslatingParts(msgspec.Struct, frozen=True, kw_only=True):
    """What translating works with; `living` gives the starts of other processes that serve.

    `service` and `slot` are asked. `patience` is how many seconds a model may be silent.
    """

    store: JobStore
    models: Models
    rules: Rules
    endpoints: Endpoints
    clock: Clock
    offload: Offload
    service: str
    slot: str
    start: str
    living: Callable[[], frozenset[str]]
    demonstration: bool
    patience: float = 120.0


class Halted(Exception):  # noqa: N818 (an end, not a fault)
    """The translation does not go on by itself."""

    def __init__(self, halt: Halt) -> None:
        super().__init__(halt.words.en)
        self.halt = halt


class _AnswerBroken(Exception):  # noqa: N818 (asked again, not told)
    """An answer that is not whole: cut by an order, or broken off."""


class Caller:
    """Asks a model for one batch."""

    def __init__(self, parts: TranslatingParts) -> None:
        self._parts = parts

    async def ask(self, job: Job, asked: ChatRequest) -> tuple[str, Served]:
        """The whole answer, and who gave it; `Halted` when none is to be had."""
        for _ in range(_TRIES):
            try:
                return await self._once(job, asked)
            except _AnswerBroken as broken:
                _log().info("a batch is asked for again", job=job.id, why=str(broken))
        raise Halted(halts.unavailable(self.asked()))

    def asked(self) -> str:
        """The name of the model that is asked now."""
        return self._choosing().default().name

    def _refused(self, refusal: Refusal) -> Halt:
        zone = ZoneInfo(self._parts.rules.current.directory.zone)
        try:
            return halts.refused(self._choosing(), refusal, zone)
        except (NotFoundError, ConflictError):
            return halts.unbound()

    def _choosing(self) -> Choosing:
        """What may be asked now; raises where there is no such service, or nothing to ask."""
        parts = self._parts
        now = parts.clock.now()
        return Choosing(parts.rules.current, parts.service, parts.slot, now, parts.endpoints)

    async def _once(self, job: Job, asked: ChatRequest) -> tuple[str, Served]:
        parts = self._parts
        asking = Asking(service=parts.service, slot=parts.slot, account=job.account, request=asked)
        try:
            async with asyncio.timeout(parts.patience):
                answer = await parts.models.ask(asking)
        except Refusal as refusal:
            _log().info("no translation", job=job.id, why=refusal.message)
            raise Halted(self._refused(refusal)) from None
        except TimeoutError:
            raise _AnswerBroken("it did not begin in time") from None
        stamp = Stamp(parts.rules.current, parts.slot, answer.served)
        try:
            progress = await self._followed(job, answer)
        finally:
            await answer.aclose()
        seen = Seen(version=progress.seen(()).version)
        served = stamp.served(seen, demonstration=parts.demonstration)
        return words_of(progress.parts), served

    async def _followed(self, job: Job, answer: ModelAnswer) -> Progress:
        loop, patience = asyncio.get_running_loop(), self._parts.patience
        progress = Progress(job.id)
        try:
            async with asyncio.timeout(patience) as limit, aclosing(answer.events()) as events:
                async for event in events:
                    limit.reschedule(loop.time() + patience)
                    progress.take(event)
        except TimeoutError:
            raise _AnswerBroken("it fell silent") from None
        if progress.end is None or isinstance(progress.end, Failed):
            failed = progress.end
            cut = failed is not None and failed.kind == CUT_BY_ORDER
            raise _AnswerBroken("an order ended it" if cut else "it broke off")
        return progress


def _log() -> structlog.stdlib.BoundLogger:
    log: structlog.stdlib.BoundLogger = structlog.get_logger("changeover.translation")
    return log
