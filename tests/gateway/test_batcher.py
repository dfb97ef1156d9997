import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import structlog

from changeover.basics.errors import ChangeoverError
from changeover.gateway.batcher import Batcher, Pace
from changeover.gateway.journal import SegmentJournal
from changeover.gateway.model import CallRecord
from changeover.gateway.ports import CallSink
from changeover.gateway.replay import replay
from changeover.gateway.segments import Intended, JournalError, Opened, line
from tests.gateway.calls import call, intent

NEVER = Pace(every=60, most=1000)


class Sink:
    """Keeps calls as the port asks; `failing` has it refuse, `gate` has it wait."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], CallRecord] = {}
        self.batches: list[int] = []
        self.failing: Exception | None = None
        self.tried = 0
        self.gate: threading.Event | None = None
        self.at_once = 0
        self.most_at_once = 0

    def drain(self, calls: Sequence[CallRecord]) -> None:
        self.tried += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.gate is not None:
                assert self.gate.wait(5)
            if self.failing is not None:
                raise self.failing
            self.batches.append(len(calls))
            for each in calls:
                self.kept.setdefault((each.intent.start, each.intent.seq), each)
        finally:
            self.at_once -= 1

    @property
    def seqs(self) -> list[int]:
        return [seq for _, seq in self.kept]


async def _until(is_so) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - what is waited for happens in threads too
            await asyncio.sleep(0.005)


def _leave(directory: Path, *, damaged: bool = False) -> None:
    """A dead start with one intent without outcome."""
    records = line(Opened(start="start_0", number=1, next_seq=1))
    records += line(Intended(intent(1, "start_0")))
    if damaged:
        records += b"garbage\n"
    (directory / "start_0-00000001.journal").write_bytes(records)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
async def journal(tmp_path):
    async with SegmentJournal(tmp_path, "start_1", segment_bytes=2000) as journal:
        yield journal


async def test_calls_are_drained_after_a_while(journal, sink):
    as_port: CallSink = sink
    async with Batcher(journal, as_port, Pace(every=0.02)):
        for _ in range(3):
            await call(journal)
        await _until(lambda: sink.seqs == [1, 2, 3])
        await _until(lambda: journal.undrained == 0)


async def test_calls_are_drained_when_many_wait(journal, sink):
    async with Batcher(journal, sink, Pace(every=60, most=4)) as batcher:
        for _ in range(10):
            await call(journal)
        await _until(lambda: batcher.waiting == 0)
    assert sum(sink.batches) == 10
    assert max(sink.batches) <= 4


async def test_nothing_is_drained_before_it_is_due(journal, sink):
    async with Batcher(journal, sink, NEVER) as batcher:
        await call(journal)
        await asyncio.sleep(0.05)
        assert (sink.tried, batcher.waiting) == (0, 1)
        await batcher.drain_now()
        assert (sink.seqs, batcher.waiting, journal.undrained) == ([1], 0, 0)


async def test_leaving_drains_all_and_removes_the_files(tmp_path, sink):
    async with (
        SegmentJournal(tmp_path, "start_1", segment_bytes=2000) as journal,
        Batcher(journal, sink, Pace(every=60, most=7)),
    ):
        for _ in range(20):
            await call(journal)
    assert sink.seqs == list(range(1, 21))
    assert list(tmp_path.iterdir()) == []


async def test_an_open_intent_is_not_drained(journal, sink):
    async with Batcher(journal, sink, NEVER) as batcher:
        await journal.intend(intent(1))
        await batcher.drain_now()
        assert (sink.tried, journal.undrained) == (0, 1)


@pytest.mark.parametrize("failure", [ChangeoverError("Away."), OSError("away")])
async def test_a_sink_that_fails_and_recovers_gets_everything(journal, sink, failure):
    sink.failing = failure
    with structlog.testing.capture_logs() as logs:
        async with Batcher(journal, sink, Pace(every=0.01, longest_delay=0.04)) as batcher:
            for _ in range(5):
                await call(journal)
            await _until(lambda: sink.tried >= 4)
            assert (batcher.waiting, journal.undrained, sink.kept) == (5, 5, {})
            sink.failing = None
            await _until(lambda: sink.seqs == [1, 2, 3, 4, 5])
    delays = [entry["again_in"] for entry in logs if entry["event"] == "drain_failed"]
    assert delays[:4] == [0.01, 0.02, 0.04, 0.04]
    assert {entry["why"] for entry in logs} <= {"error", "OSError"}


async def test_a_full_queue_does_not_shorten_the_delay(journal, sink):
    sink.failing = OSError("away")
    async with Batcher(journal, sink, Pace(every=0.5, most=1)):
        for _ in range(5):
            await call(journal)
            await asyncio.sleep(0.02)
        assert sink.tried == 1
        sink.failing = None


async def test_the_journal_bounds_what_waits(tmp_path, sink):
    sink.failing = OSError("away")
    async with (
        SegmentJournal(tmp_path, "start_1", most_undrained=3) as journal,
        Batcher(journal, sink, NEVER) as batcher,
    ):
        for _ in range(3):
            await call(journal)
        with pytest.raises(JournalError, match="wait to be recorded"):
            await call(journal)
        with pytest.raises(OSError, match="away"):
            await batcher.drain_now()
        sink.failing = None
        await batcher.drain_now()
        assert await call(journal) == 4


async def test_only_one_drain_runs_at_a_time_and_calls_go_on_meanwhile(journal, sink):
    sink.gate = threading.Event()
    async with Batcher(journal, sink, Pace(every=0.01, most=2)) as batcher:
        await call(journal)
        await _until(lambda: sink.tried == 1)
        drains = [asyncio.create_task(batcher.drain_now()) for _ in range(3)]
        for _ in range(5):
            await call(journal)
        assert sink.at_once == 1
        sink.gate.set()
        await asyncio.gather(*drains)
        await batcher.drain_now()
    assert sink.most_at_once == 1
    assert sink.seqs == [1, 2, 3, 4, 5, 6]
    assert sum(sink.batches) == 6


async def test_a_drain_whose_end_was_not_seen_is_repeated_and_passed_over(journal, sink):
    sink.gate = threading.Event()
    async with Batcher(journal, sink, NEVER) as batcher:
        await call(journal)
        drain = asyncio.create_task(batcher.drain_now())
        await _until(lambda: sink.tried == 1)
        drain.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drain
        sink.gate.set()
        await _until(lambda: sink.seqs == [1])
        await batcher.drain_now()
    assert sink.batches == [1, 1]
    assert sink.seqs == [1]
    assert journal.undrained == 0


async def test_what_cannot_be_drained_at_the_stop_waits_for_the_next_start(tmp_path, sink):
    sink.failing = OSError("away")
    with structlog.testing.capture_logs() as logs:
        async with (
            SegmentJournal(tmp_path, "start_1") as journal,
            Batcher(journal, sink, NEVER),
        ):
            for _ in range(3):
                await call(journal)
    assert [entry["calls"] for entry in logs if entry["event"] == "calls_left_in_journal"] == [3]
    sink.failing = None
    async with (
        SegmentJournal(tmp_path, "start_2") as journal,
        Batcher(journal, sink, NEVER) as batcher,
    ):
        await call(journal)
        await batcher.drain_now()
        assert list(sink.kept) == [("start_1", 1), ("start_1", 2), ("start_1", 3), ("start_2", 1)]
        assert not list(tmp_path.glob("start_1*"))


async def test_a_dead_starts_open_intent_is_drained_as_unknown(tmp_path, journal, sink):
    _leave(tmp_path)
    with structlog.testing.capture_logs() as logs:
        async with Batcher(journal, sink, Pace(every=0.01)):
            await _until(lambda: ("start_0", 1) in sink.kept)
    assert sink.kept["start_0", 1].outcome.result == "unknown"
    assert [(entry["concluded"], entry["unknown"]) for entry in logs] == [(0, 1)]
    assert not list(tmp_path.glob("start_0*"))


async def test_a_dead_starts_files_stay_until_the_sink_has_its_calls(tmp_path, journal, sink):
    _leave(tmp_path)
    sink.failing = OSError("away")
    async with Batcher(journal, sink, NEVER) as batcher:
        with pytest.raises(OSError, match="away"):
            await batcher.drain_now()
        assert list(tmp_path.glob("start_0*.journal"))
        sink.failing = None
        await batcher.drain_now()
        assert not list(tmp_path.glob("start_0*"))


async def test_a_damaged_file_is_reported_and_set_aside(tmp_path, journal, sink):
    _leave(tmp_path, damaged=True)
    with structlog.testing.capture_logs() as logs:
        async with Batcher(journal, sink, NEVER):
            pass
    (fault,) = [entry for entry in logs if entry["event"] == "journal_fault"]
    assert fault["file"] == "start_0-00000001.journal"
    assert not fault["torn"]
    assert [path.name for path in tmp_path.glob("start_0*")] == ["start_0-00000001.journal.damaged"]


async def test_an_error_that_is_no_failure_of_the_database_is_not_hidden(journal, sink):
    sink.failing = ZeroDivisionError()
    batcher = Batcher(journal, sink, Pace(every=0.01))
    with structlog.testing.capture_logs() as logs:
        await batcher.__aenter__()
        await call(journal)
        await _until(lambda: any(entry["event"] == "batcher_died" for entry in logs))
        sink.failing = None
        with pytest.raises(ZeroDivisionError):
            await batcher.__aexit__(None, None, None)
    assert sink.seqs == [1]


async def test_leaving_does_not_wait_for_the_time_to_drain(journal, sink):
    began = time.monotonic()
    async with Batcher(journal, sink, NEVER):
        await call(journal)
    assert time.monotonic() - began < 2
    assert sink.seqs == [1]


async def test_a_dead_start_is_told_of_when_its_calls_are_in_the_sink(tmp_path, journal, sink):
    _leave(tmp_path)
    told: list[dict[str, int]] = []

    def killed(last: Mapping[str, int]) -> None:
        assert ("start_0", 1) in sink.kept
        assert list(tmp_path.glob("start_0*.journal"))
        told.append(dict(last))

    async with Batcher(journal, sink, NEVER, killed=killed) as batcher:
        await call(journal)
        await batcher.drain_now()
        await batcher.drain_now()
    assert told == [{"start_0": 1}]


async def test_a_dead_start_that_could_not_be_told_of_is_told_of_again(tmp_path, journal, sink):
    _leave(tmp_path)
    told: list[Mapping[str, int]] = []

    def killed(last: Mapping[str, int]) -> None:
        told.append(last)
        if len(told) == 1:
            raise OSError("away")

    async with Batcher(journal, sink, NEVER, killed=killed) as batcher:
        with pytest.raises(OSError, match="away"):
            await batcher.drain_now()
        assert list(tmp_path.glob("start_0*.journal"))
        await batcher.drain_now()
    assert told == [{"start_0": 1}] * 2
    assert not list(tmp_path.glob("start_0*"))


async def test_a_dead_start_is_taken_up_by_one_process(tmp_path, journal, sink):
    _leave(tmp_path)
    sink.failing = OSError("away")
    async with Batcher(journal, sink, NEVER):
        assert set(replay(tmp_path).alive) == {"start_0", "start_1"}
    assert replay(tmp_path).last == {"start_0": 1}
