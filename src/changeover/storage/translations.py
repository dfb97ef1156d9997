"""Translations in the database.

A job's and a segment's body hold all that only translation understands; what is asked for by
value has a column too, which counts.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.storage.schema import account as accounts
from changeover.storage.schema import translation as jobs
from changeover.storage.schema import translation_segment as parts
from changeover.translation.model import Counts, Job, Segment
from changeover.translation.ports import Due

_encoder = msgspec.json.Encoder()
_job_decoder = msgspec.json.Decoder(Job)
_JOB = (jobs.c.body, jobs.c.state, jobs.c.start)
_segment_decoder = msgspec.json.Decoder(Segment)


class SqlTranslations:
    """Implements `translation.ports.Jobs`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, job: Job, original: bytes, segments: Sequence[Segment]) -> None:
        row = {"id": job.id, "account": job.account, "original": original, **_columns(job)}
        self._connection.execute(insert(jobs).values(row))
        rows = [
            {"translation": job.id, "number": one.number, **_segment_columns(one)}
            for one in segments
        ]
        if rows:
            self._connection.execute(insert(parts), rows)

    def get(self, job: str, *, lock: bool = False) -> Job:
        wanted = select(*_JOB).where(jobs.c.id == job)
        if lock:
            # As conversations are locked: SQLite has one writer and needs none.
            wanted = wanted.with_for_update(key_share=True)
        row = self._connection.execute(wanted).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no translation {job}.")
        return _job(row)

    def of(self, account: str) -> list[tuple[Job, Counts]]:
        own = (jobs.c.account == account) & jobs.c.removed.is_(None)
        counted = (
            select(parts.c.translation, parts.c.state, func.count())
            .join(jobs, jobs.c.id == parts.c.translation)
            .where(own)
            .group_by(parts.c.translation, parts.c.state)
        )
        counts: dict[str, dict[str, int]] = {}
        for job, state, count in self._connection.execute(counted):
            counts.setdefault(job, {})[state] = count
        found = self._all(select(*_JOB).where(own))
        return [(job, Counts(**counts.get(job.id, {}))) for job in found]

    def removed_of(self, account: str) -> list[Job]:
        own = (jobs.c.account == account) & jobs.c.removed.is_not(None)
        return self._all(select(*_JOB).where(own), by=jobs.c.removed)

    def original(self, job: str) -> bytes:
        content = self._connection.scalar(select(jobs.c.original).where(jobs.c.id == job))
        if content is None:
            raise NotFoundError(f"There is no translation {job}.")
        return bytes(content)

    def segments(self, job: str, *, after: int = -1) -> list[Segment]:
        return self._segments(select(parts.c.body).where(parts.c.version > after), job)

    def counts(self, job: str) -> Counts:
        rows = self._connection.execute(
            select(parts.c.state, func.count())
            .where(parts.c.translation == job)
            .group_by(parts.c.state)
        )
        return Counts(**dict(rows.tuples().all()))

    def waiting(self, job: str, most: int) -> list[Segment]:
        return self._segments(
            select(parts.c.body).where(parts.c.state == "waiting").limit(most), job
        )

    def some(self, job: str, numbers: Collection[int]) -> list[Segment]:
        return self._segments(select(parts.c.body).where(parts.c.number.in_(numbers)), job)

    def put(self, job: Job, changed: Sequence[Segment] = ()) -> None:
        self._connection.execute(update(jobs).where(jobs.c.id == job.id).values(_columns(job)))
        for one in changed:
            its = (parts.c.translation == job.id) & (parts.c.number == one.number)
            self._connection.execute(update(parts).where(its).values(_segment_columns(one)))

    def running(self) -> list[Job]:
        return self._all(select(*_JOB).where(jobs.c.state == "running"))

    def parties(self) -> list[str]:
        rows = self._connection.execute(
            select(accounts.c.party)
            .join(jobs, jobs.c.account == accounts.c.id)
            .distinct()
            .order_by(accounts.c.party)
        )
        return [party for (party,) in rows]

    def due(
        self, party: str, *, removed_before: datetime, changed_before: datetime | None, most: int
    ) -> list[Due]:
        over = jobs.c.removed < microseconds(removed_before)
        if changed_before is not None:
            over = or_(over, jobs.c.changed < microseconds(changed_before))
        rows = self._connection.execute(
            select(jobs.c.id, jobs.c.removed)
            .join(accounts, accounts.c.id == jobs.c.account)
            .where(accounts.c.party == party, over, jobs.c.state != "running")
            .order_by(jobs.c.changed, jobs.c.id)
            .limit(most)
        )
        return [Due(name, removed is not None) for name, removed in rows]

    def remove(self, job: str) -> int:
        gone = self._connection.execute(delete(parts).where(parts.c.translation == job))
        self._connection.execute(delete(jobs).where(jobs.c.id == job))
        return gone.rowcount

    def _all(self, wanted: Select[Any], by: Any = jobs.c.changed) -> list[Job]:
        rows = self._connection.execute(wanted.order_by(by.desc(), jobs.c.id))
        return [_job(row) for row in rows]

    def _segments(self, wanted: Select[bytes], job: str) -> list[Segment]:
        rows = self._connection.execute(
            wanted.where(parts.c.translation == job).order_by(parts.c.number)
        )
        return [_segment_decoder.decode(body) for (body,) in rows]


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    job = _job_decoder.decode(row.body)
    return msgspec.structs.replace(job, state=row.state, start=row.start)


def _columns(job: Job) -> dict[str, Any]:
    return {
        "state": job.state,
        "start": job.start,
        "changed": microseconds(job.changed),
        "removed": None if job.removed is None else microseconds(job.removed),
        "body": _encoder.encode(job),
    }


def _segment_columns(segment: Segment) -> dict[str, Any]:
    return {
        "state": segment.state,
        "version": segment.version,
        "body": _encoder.encode(segment),
    }
