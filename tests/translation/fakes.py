"""Fakes of translation's ports."""

from collections.abc import Collection, Sequence
from datetime import datetime

from changeover.basics.errors import NotFoundError
from changeover.translation.model import Counts, Job, Segment
from changeover.translation.ports import Due
from changeover.translation.seen import counted


class FakeTranslations:
    """Implements `translation.ports.Jobs`; everybody is of the party `bureau`."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.originals: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, Segment]] = {}

    def add(self, job: Job, original: bytes, segments: Sequence[Segment]) -> None:
        self.jobs[job.id], self.originals[job.id] = job, original
        self.parts[job.id] = {one.number: one for one in segments}

    def get(self, job: str, *, lock: bool = False) -> Job:
        if job not in self.jobs:
            raise NotFoundError(f"There is no translation {job}.")
        return self.jobs[job]

    def of(self, account: str) -> list[tuple[Job, Counts]]:
        own = [job for job in self._by_change() if job.account == account and job.removed is None]
        return [(job, counted(self.segments(job.id))) for job in own]

    def removed_of(self, account: str) -> list[Job]:
        gone = [job for job in self.jobs.values() if job.account == account]
        found = [(job.removed, job) for job in gone if job.removed is not None]
        return [job for _, job in sorted(found, key=lambda one: one[0], reverse=True)]

    def original(self, job: str) -> bytes:
        self.get(job)
        return self.originals[job]

    def segments(self, job: str, *, after: int = -1) -> list[Segment]:
        return [one for _, one in sorted(self.parts[job].items()) if one.version > after]

    def counts(self, job: str) -> Counts:
        return counted(self.segments(job))

    def waiting(self, job: str, most: int) -> list[Segment]:
        return [one for one in self.segments(job) if one.state == "waiting"][:most]

    def some(self, job: str, numbers: Collection[int]) -> list[Segment]:
        return [one for one in self.segments(job) if one.number in numbers]

    def put(self, job: Job, changed: Sequence[Segment] = ()) -> None:
        self.jobs[job.id] = job
        self.parts[job.id] |= {one.number: one for one in changed}

    def running(self) -> list[Job]:
        return [job for job in self._by_change() if job.state == "running"]

    def parties(self) -> list[str]:
        return ["bureau"] if self.jobs else []

    def due(
        self, party: str, *, removed_before: datetime, changed_before: datetime | None, most: int
    ) -> list[Due]:
        found = [
            Due(job.id, job.removed is not None)
            for job in reversed(self._by_change())
            if job.state != "running"
            and (
                (job.removed is not None and job.removed < removed_before)
                or (changed_before is not None and job.changed < changed_before)
            )
        ]
        return found[:most] if party == "bureau" else []

    def remove(self, job: str) -> int:
        del self.jobs[job], self.originals[job]
        return len(self.parts.pop(job))

    def _by_change(self) -> list[Job]:
        return sorted(self.jobs.values(), key=lambda job: job.changed, reverse=True)
