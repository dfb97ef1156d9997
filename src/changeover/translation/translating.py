"""Translations being made: one task each, a batch of segments at a time.

Every batch is a call of its own through the gateway: decided when it is sent, journalled, limited
and recorded like every other. An order that takes effect between two batches has the next one go
to the model that may be used then; one that cuts a batch on its way leaves its segments waiting,
and they are asked for again. What came back is stored before more is asked for, so that whatever
ends a task loses at most the batch on its way.

A job that is `running` names the process that works at it. What a killed process leaves is taken
up by another, or at the next start.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager

import msgspec
import structlog

from changeover.basics.errors import ChangeoverError, NotFoundError
from changeover.chat.model import Served
from changeover.translation import halts
from changeover.translation.asking import Checked, answered, batch, request
from changeover.translation.calling import Caller, Halted, TranslatingParts
from changeover.translation.model import Halt, Job, JobState, Segment

_AT_ONCE = 8
"""Batches that a process has on their way; translations take turns, so that none waits for all
of another."""
_LOOK_AHEAD = 20
_TAKE_UP_EVERY = 15.0


class Translating:
    """The translations that this process makes."""

    def __init__(self, parts: TranslatingParts) -> None:
        self._parts = parts
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._caller = Caller(parts)

    @property
    def start(self) -> str:
        return self._parts.start

    def begin(self, job: str) -> None:
        """Has a job that is `running` here worked at, unless it is already."""
        if job not in self._tasks:
            task = asyncio.create_task(self._work(job), name=f"translation {job}")
            self._tasks[job] = task
            task.add_done_callback(lambda task: self._done(job, task))

    async def end(self, job: str) -> None:
        """Has work at a job end here; what had come is stored."""
        task = self._tasks.get(job)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def settled(self) -> None:
        """Returns when nothing is being translated here."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Takes up what others left, now and then; ends its own work with the block."""
        looking = asyncio.create_task(self._take_up())
        try:
            yield
        finally:
            every = [looking, *self._tasks.values()]
            for task in every:
                task.cancel()
            await asyncio.gather(*every, return_exceptions=True)

    async def take_up(self) -> None:
        """Works at what is `running` in a process that serves no more."""
        for job in await self._parts.offload(self._left):
            self.begin(job)

    async def _take_up(self) -> None:
        while True:
            try:
                await self.take_up()
            except ChangeoverError as error:
                _log().error("no translation taken up", why=str(error))
            await asyncio.sleep(_TAKE_UP_EVERY)

    def _left(self) -> list[str]:
        parts = self._parts
        with parts.store.reading() as work:
            found = work.translations.running()
        living = {parts.start, *parts.living()}
        left = [job.id for job in found if job.start not in living]
        for name in left:
            with parts.store.begin(alone=False) as work:
                job = work.translations.get(name, lock=True)
                if job.state == "running" and job.start not in living:
                    work.translations.put(msgspec.structs.replace(job, start=parts.start))
        mine = [job.id for job in found if job.start == parts.start]
        return [*left, *mine]

    def _done(self, job: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(job, None)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            _log().error("a translation was given up", job=job, exc_info=fault)

    async def _work(self, job: str) -> None:
        halt: Halt | None = halts.at_fault()
        try:
            while await self._in_turn(job):
                pass
            halt = None
        except Halted as halted:
            halt = halted.halt
        except NotFoundError:
            halt = None  # It was removed meanwhile.
        except asyncio.CancelledError:
            halt = None
            raise
        finally:
            if halt is not None:
                why = halt
                await self._parts.offload(lambda: self._end(job, "halted", why))

    async def _in_turn(self, job: str) -> bool:
        async with self._free:
            return await self._step(job)

    async def _step(self, name: str) -> bool:
        """Translates the next batch; False when there is nothing more to do here."""
        job, waiting, before = await self._parts.offload(lambda: self._next(name))
        if job.state != "running" or job.start != self._parts.start or job.removed is not None:
            return False
        if not waiting:
            return not await self._parts.offload(lambda: self._end(name, "done", None))
        asked = batch(waiting)
        wrong = await self._ask(job, asked, before, None)
        if len(wrong) == len(asked) > 1 and not any(one.target for one in wrong.values()):
            raise Halted(halts.not_in_form(self._caller.asked()))
        if wrong:
            again = [one for one in asked if one.number in wrong]
            await self._ask(job, again, before, wrong)
        return True

    async def _ask(
        self,
        job: Job,
        asked: Sequence[Segment],
        before: Sequence[Segment],
        wrong: Mapping[int, Checked] | None,
    ) -> dict[int, Checked]:
        """Asks for segments and stores what is sound; the others, which the second time fail."""
        said, served = await self._caller.ask(job, request(job.wish, asked, before, wrong))
        checked = answered(job.wish, asked, said)
        unsound = {number: one for number, one in checked.items() if one.problem is not None}
        kept = {
            number: one
            for number, one in checked.items()
            if one.problem is None or wrong is not None
        }
        await _whole(self._parts.offload(lambda: self._keep(job.id, kept, served)))
        return unsound

    def _next(self, name: str) -> tuple[Job, list[Segment], list[Segment]]:
        with self._parts.store.reading() as work:
            job = work.translations.get(name)
            if job.only:
                some = work.translations.some(name, job.only)
                waiting = [one for one in some if one.state == "waiting"]
            else:
                waiting = work.translations.waiting(name, _LOOK_AHEAD)
            first = waiting[0].number if waiting else 0
            return job, waiting, work.translations.some(name, (first - 2, first - 1))

    def _keep(self, name: str, kept: Mapping[int, Checked], by: Served) -> None:
        """Stores translations of what still waits for them."""
        with self._parts.store.begin(alone=False) as work:
            job = work.translations.get(name, lock=True)
            if by not in job.served:
                job = msgspec.structs.replace(job, served=(*job.served, by))
            changed = [
                msgspec.structs.replace(
                    one,
                    target=kept[one.number].target,
                    problem=kept[one.number].problem,
                    state="machine" if kept[one.number].problem is None else "failed",
                    by=job.served.index(by),
                    version=job.version + 1,
                )
                for one in work.translations.some(name, kept.keys())
                if one.state == "waiting"
            ]
            work.translations.put(self._changed(job), changed)

    def _end(self, name: str, state: JobState, halt: Halt | None) -> bool:
        """Ends work at a job; False where more has come to be done."""
        with self._parts.store.begin(alone=False) as work:
            job = work.translations.get(name, lock=True)
            if job.state != "running" or job.start != self._parts.start:
                return True
            waiting = work.translations.waiting(name, 1)
            if state == "done" and waiting:
                some = work.translations.some(name, job.only)
                if not job.only or any(one.state == "waiting" for one in some):
                    return False  # One was asked for again just now.
                state = "stopped"
            ended = msgspec.structs.replace(job, state=state, halt=halt, start=None, only=())
            work.translations.put(self._changed(ended))
        return True

    def _changed(self, job: Job) -> Job:
        return msgspec.structs.replace(
            job, changed=self._parts.clock.now(), version=job.version + 1
        )


async def _whole(storing: Awaitable[None]) -> None:
    """Stores to the end, also where the task is told to end meanwhile."""
    task = asyncio.ensure_future(storing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _log() -> structlog.stdlib.BoundLogger:
    log: structlog.stdlib.BoundLogger = structlog.get_logger("changeover.translation")
    return log
