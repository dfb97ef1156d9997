"""Answers being written: one supervised task for each conversation at most.

A task outlives whoever asked: it writes to the log, which anybody may follow. It
ends in exactly one of these ways, and each stores what had arrived:

* *complete*: the answer is whole;
* *refused*: a rule forbids the model, and nothing was sent;
* *cut*: an order ended it on its way;
* *failed*: the vendor gave no answer, broke off or fell silent; also where this
  program itself is at fault;
* *stopped*: the person ended it;
* *interrupted*: the server ends. What a killed server leaves `generating` is
  made this by another, or at the next start (`recovery`).

Who finds the turn ended by another process stores nothing and tells nobody.

The turn's row is written twice: when it begins and when it ends. In between its
text and its stamp live in the log alone. Who cites an order here looks at the
rules in force then, which are what cut or refused it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from zoneinfo import ZoneInfo

import msgspec
import structlog

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.chat import problems
from changeover.chat.choices import DEFAULT, Choosing, Endpoints
from changeover.chat.log import EventLog
from changeover.chat.model import (
    ChatEvent,
    Ended,
    ModelChoice,
    Problem,
    Served,
    StoredTurn,
    TurnSeen,
    TurnState,
)
from changeover.chat.ports import Asking, ChatWork, ModelAnswer, Models
from changeover.chat.progress import Progress
from changeover.chat.served import Stamp
from changeover.conversation.events import Failed
from changeover.gateway.exchange import CUT_BY_ORDER
from changeover.gateway.refusal import Refusal
from changeover.orders.in_force import Rules

_SETTLE_TRIES = 8
_SETTLE_WAIT = 0.5
_SETTLE_WAIT_MOST = 4.0


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What generation works with; `patience` is how many seconds a model may be silent."""

    log: EventLog
    models: Models
    rules: Rules
    endpoints: Endpoints
    clock: Clock
    demonstration: bool
    patience: float = 120.0


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A turn to be written, what to ask for it, and what to do once it is complete."""

    turn: StoredTurn
    asking: Asking
    completed: Callable[[StoredTurn], None]


class _End(msgspec.Struct, frozen=True):
    """How an answer ended."""

    state: TurnState
    problem: Problem | None = None


class _Running:
    """A task with the turn it writes; `reason` is why it was told to end."""

    def __init__(self, turn: str) -> None:
        self.turn = turn
        self.task: asyncio.Task[None] | None = None
        self.reason: TurnState | None = None
        self.ending = False

    def end(self, reason: TurnState) -> None:
        """Has it end, unless it is ending already."""
        if self.reason is None and not self.ending and self.task is not None:
            self.reason = reason
            self.task.cancel()


class Generations:
    """The answers being written by this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._running: dict[str, _Running] = {}

    def running(self, conversation: str) -> str | None:
        """The turn that is being written in a conversation."""
        running = self._running.get(conversation)
        return None if running is None else running.turn

    def start(self, job: Job) -> None:
        """Begins to write a turn; no other may be running in its conversation."""
        conversation = job.turn.conversation
        assert conversation not in self._running
        running = _Running(job.turn.id)
        running.task = asyncio.create_task(self._run(job, running), name=f"chat {job.turn.id}")
        self._running[conversation] = running
        running.task.add_done_callback(lambda task: self._done(conversation, task))

    def written(self) -> dict[str, str]:
        """The turns that are being written, by conversation."""
        return {conversation: running.turn for conversation, running in self._running.items()}

    def end(self, conversation: str, turn: str, reason: TurnState) -> None:
        """Has a turn end, if it is written here; `settled` returns when that is stored."""
        running = self._running.get(conversation)
        if running is not None and running.turn == turn:
            running.end(reason)

    async def settled(self, conversation: str) -> None:
        """Returns at once unless the answer ends or was told to; then when that is stored."""
        running = self._running.get(conversation)
        if running is not None and (running.ending or running.reason is not None):
            await self._ended([running])

    async def close(self) -> None:
        """Ends all as interrupted, and returns when what they have is stored."""
        every = list(self._running.values())
        for running in every:
            running.end("interrupted")
        await self._ended(every)

    async def _ended(self, every: Sequence[_Running]) -> None:
        tasks = [running.task for running in every if running.task is not None]
        if tasks:
            await asyncio.wait(tasks)

    def _done(self, conversation: str, task: asyncio.Task[None]) -> None:
        self._running.pop(conversation, None)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            structlog.get_logger("changeover.chat").error(
                "an answer was given up", task=task.get_name(), exc_info=fault
            )

    async def _run(self, job: Job, running: _Running) -> None:
        writing = _Writing(self._parts, job)
        end = _End("failed", problems.broke_off(writing.model_name, kept=False))
        try:
            end = await writing.answer()
        except asyncio.CancelledError:
            state = running.reason or "interrupted"
            told = problems.stopped if state == "stopped" else problems.interrupted
            end = _End(state, told(kept=writing.progress.kept))
        finally:
            running.ending = True
            await writing.settle(end)


class _Writing:
    """One turn on its way."""

    def __init__(self, parts: Parts, job: Job) -> None:
        self._parts = parts
        self._job = job
        self._stamp: Stamp | None = None
        self._losses: tuple[str, ...] = ()
        self._route: str | None = None
        self.progress = Progress(job.turn.id)
        self.model_name = job.asking.request.model

    async def answer(self) -> _End:
        """Asks, and writes what comes to the log; how it ended."""
        self.model_name = self._asked().name
        try:
            async with asyncio.timeout(self._parts.patience):
                answer = await self._parts.models.ask(self._job.asking)
        except Refusal as refusal:
            return self._refused(refusal)
        except TimeoutError:
            return _End("failed", problems.fell_silent(self._asked().name, kept=False))
        try:
            await self._begin(answer)
            return await self._follow(answer)
        finally:
            self._losses = answer.losses
            await answer.aclose()

    async def settle(self, end: _End) -> None:
        """Stores the turn as it ended, and tells so. A store that fails is tried again."""
        turn = msgspec.structs.replace(
            self._job.turn,
            state=end.state,
            parts=self.progress.parts,
            served=self._served(),
            problem=end.problem,
            cause=None if self._stamp is None else self._stamp.cause,
        )
        for attempt in range(_SETTLE_TRIES):
            try:
                settled = await self._parts.log.write(turn.conversation, self._settling(turn))
                break
            except ChangeoverError:
                if attempt == _SETTLE_TRIES - 1:
                    raise
                await asyncio.sleep(min(_SETTLE_WAIT * 2**attempt, _SETTLE_WAIT_MOST))
        if settled and end.state == "complete":
            self._job.completed(turn)

    def _settling(self, turn: StoredTurn) -> Callable[[ChatWork], tuple[bool, Sequence[ChatEvent]]]:
        now = self._parts.clock.now()

        def settle(work: ChatWork) -> tuple[bool, Sequence[ChatEvent]]:
            if not work.conversations.settle(turn):
                return False, ()
            work.conversations.touch(turn.conversation, now)
            return True, (TurnSeen(turn=turn.shown()), Ended(turn=turn.id, state=turn.state))

        return settle

    async def _begin(self, answer: ModelAnswer) -> None:
        """Tells who answers, before the first word."""
        by, ruleset = answer.served, self._parts.rules.current
        self._stamp = Stamp(ruleset, self._job.asking.slot, by)
        self._route = by.route.id
        self.model_name = ruleset.directory.models[by.route.model].name
        self._losses = answer.losses
        shown = msgspec.structs.replace(self._job.turn, served=self._served()).shown()
        await self._parts.log.write(
            self._job.turn.conversation, lambda _: (None, (TurnSeen(turn=shown),))
        )

    async def _follow(self, answer: ModelAnswer) -> _End:
        loop, patience = asyncio.get_running_loop(), self._parts.patience
        try:
            async with asyncio.timeout(patience) as limit, aclosing(answer.events()) as events:
                async for event in events:
                    limit.reschedule(loop.time() + patience)
                    piece = self.progress.take(event)
                    if piece is not None:
                        self._parts.log.piece(self._job.turn.conversation, piece)
        except TimeoutError:
            kept = self.progress.kept
            return _End("failed", problems.fell_silent(self.model_name, kept=kept))
        return self._ended()

    def _ended(self) -> _End:
        kept = self.progress.kept
        match self.progress.end:
            case Failed(kind=kind) if kind == CUT_BY_ORDER:
                choosing = self._choosing()
                choice = choosing.of_route(self._route or "")
                return _End("cut", problems.cut(choosing, choice, kept=kept))
            case Failed() | None as failed:
                self._log("an answer broke off", failed.message if failed else "no end")
                return _End("failed", problems.broke_off(self.model_name, kept=kept))
            case _ if not kept:
                return _End("failed", problems.without_words(self.model_name))
            case _:
                return _End("complete")

    def _refused(self, refusal: Refusal) -> _End:
        choice = self._asked()
        if refusal.status in problems.BY_RULES and choice.outcome == "refuse":
            return _End("refused", problems.refused(self._choosing(), choice))
        if refusal.status in problems.BY_RULES and self._job.asking.content:
            return _End("refused", problems.overtaken(choice.name))
        self._log("no answer began", refusal.message)
        zone = ZoneInfo(self._parts.rules.current.directory.zone)
        if (limited := problems.limited(choice.name, refusal, zone)) is not None:
            return _End("failed", limited)
        down = self._names(refusal.down)
        if len(down) > 1:
            return _End("failed", problems.all_down(down))
        return _End("failed", problems.unavailable(choice.name, refusal.status))

    def _names(self, routes: Sequence[str]) -> list[str]:
        """The models of routes, each once."""
        directory = self._parts.rules.current.directory
        models = (directory.routes[route].model for route in routes if route in directory.routes)
        return [directory.models[model].name for model in dict.fromkeys(models)]

    def _asked(self) -> ModelChoice:
        """What was asked for, as the rules stand now."""
        choosing, name = self._choosing(), self._job.asking.request.model
        choice = None if name == DEFAULT else choosing.of_model(name)
        return choice or choosing.default()

    def _choosing(self) -> Choosing:
        asking = self._job.asking
        ruleset, now = self._parts.rules.current, self._parts.clock.now()
        return Choosing(ruleset, asking.service, asking.slot, now, self._parts.endpoints)

    def _served(self) -> Served | None:
        if self._stamp is None:
            return None
        seen = self.progress.seen(self._losses)
        return self._stamp.served(seen, demonstration=self._parts.demonstration)

    def _log(self, what: str, why: str) -> None:
        structlog.get_logger("changeover.chat").warning(
            what, turn=self._job.turn.id, route=self._route, why=why
        )
