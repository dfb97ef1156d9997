"""Translations, on the fake and on each database."""

from datetime import timedelta
from typing import cast

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.chat.ports import ChatWork
from changeover.translation.model import Counts, Job, Segment, Term, Wish
from changeover.translation.ports import Due, Jobs, JobWork
from tests.chat.world import ANA, MARC
from tests.orders.worlds import T0

DAY = timedelta(days=1)
JOB = Job(
    id="tr_1",
    account=ANA.id,
    name="memo <b>.docx",
    form="word",
    wish=Wish(source="en", target="ar", terms=(Term("memo", "مذكرة"),)),
    state="running",
    start="start_1",
    created=T0,
    changed=T0,
)
PARTS = [
    Segment(number=n, unit=0, before=" ", source=f"Part <1/> {n}.", refs=(3,)) for n in range(1, 13)
]
ORIGINAL = bytes(range(256))


@pytest.fixture
def jobs(work: ChatWork) -> Jobs:
    return cast(JobWork, work).translations


def changed(job: Job, **fields: object) -> Job:
    return msgspec.structs.replace(job, **fields)


def test_a_translation_is_kept_with_its_original_and_segments(jobs: Jobs):
    jobs.add(JOB, ORIGINAL, PARTS)
    assert jobs.get("tr_1") == jobs.get("tr_1", lock=True) == JOB
    assert jobs.original("tr_1") == ORIGINAL
    assert jobs.segments("tr_1") == PARTS
    assert jobs.some("tr_1", (12, 2, 99)) == [PARTS[1], PARTS[11]]
    assert jobs.of(ANA.id) == [(JOB, Counts(waiting=12))]
    assert jobs.counts("tr_1") == Counts(waiting=12)
    assert jobs.of(MARC.id) == []
    for wrong in (jobs.get, jobs.original):
        with pytest.raises(NotFoundError):
            wrong("tr_2")


def test_what_changed_is_kept_and_told_apart_by_its_version(jobs: Jobs):
    jobs.add(JOB, ORIGINAL, PARTS)
    done = msgspec.structs.replace(PARTS[0], state="machine", target="جزء", by=0, version=3)
    stopped = changed(JOB, state="stopped", start=None, version=3)
    jobs.put(stopped, [done])
    assert jobs.get("tr_1") == stopped
    assert jobs.segments("tr_1", after=2) == [done]
    assert jobs.waiting("tr_1", 2) == PARTS[1:3]
    assert jobs.of(ANA.id) == [(stopped, Counts(waiting=11, machine=1))]
    assert jobs.counts("tr_1") == Counts(waiting=11, machine=1)
    assert jobs.running() == []
    jobs.put(changed(JOB, version=4))
    assert [job.id for job in jobs.running()] == ["tr_1"]


def test_what_was_removed_is_out_of_sight_and_due_after_its_time(jobs: Jobs):
    for number, state in ((1, "done"), (2, "done"), (3, "running")):
        jobs.add(
            changed(JOB, id=f"tr_{number}", state=state, changed=T0 + number * DAY), b"", PARTS
        )
    assert jobs.parties() == ["bureau"]
    jobs.put(changed(jobs.get("tr_2"), removed=T0 + 3 * DAY))
    assert [job.id for job, _ in jobs.of(ANA.id)] == ["tr_3", "tr_1"]
    assert [job.id for job in jobs.removed_of(ANA.id)] == ["tr_2"]

    def due(removed_days: int, changed_days: int | None, most: int = 9) -> list[Due]:
        return jobs.due(
            "bureau",
            removed_before=T0 + removed_days * DAY,
            changed_before=None if changed_days is None else T0 + changed_days * DAY,
            most=most,
        )

    assert due(3, None) == []
    assert due(4, None) == [Due("tr_2", True)]
    # What is being translated is left for the next round.
    assert due(3, 9) == [Due("tr_1", False), Due("tr_2", True)]
    assert due(3, 9, most=1) == [Due("tr_1", False)]
    assert jobs.due("elsewhere", removed_before=T0, changed_before=None, most=9) == []
    assert jobs.remove("tr_1") == 12
    with pytest.raises(NotFoundError):
        jobs.get("tr_1")
