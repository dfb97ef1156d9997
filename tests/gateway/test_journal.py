import asyncio
import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.gateway.charging import spent_on
from changeover.gateway.group_commit import GroupCommit
from changeover.gateway.journal import SegmentJournal
from changeover.gateway.model import CallRecord
from changeover.gateway.ports import Journal
from changeover.gateway.replay import ENDED, forget, replay
from changeover.gateway.segments import (
    Concluded,
    Intended,
    JournalError,
    Lock,
    Opened,
    Segment,
    line,
    record_in,
)
from tests.gateway.calls import NOW, call, intent, outcome


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """A full disk: the system itself refuses what would make a file larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _segments(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.journal"))


def _leave(directory: Path, *records: bytes, name: str = "start_1-00000001.journal") -> Path:
    path = directory / name
    path.write_bytes(b"".join(records))
    return path


OPENED = line(Opened(start="start_1", number=1, next_seq=1))


@pytest.fixture(params=[False, True], ids=["written", "synced"])
def fsync(request):
    return request.param


async def test_a_call_is_on_file_before_and_after(tmp_path, fsync):
    seen: list[CallRecord] = []
    async with SegmentJournal(tmp_path / "journal", "start_1", fsync=fsync) as journal:
        as_port: Journal = journal
        journal.subscribe(seen.append)
        (path,) = _segments(tmp_path / "journal")
        await as_port.intend(intent(1))
        assert b"call_1" in path.read_bytes()
        assert seen == []
        as_port.conclude(outcome(1))
        (concluded,) = seen
        assert (concluded.intent, concluded.outcome) == (intent(1), outcome(1))
        assert (journal.next_seq, journal.undrained) == (2, 1)
    found = replay(tmp_path / "journal")
    assert (found.concluded, found.unfinished, found.faults) == (tuple(seen), (), ())
    assert (tmp_path / "journal").stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


async def test_the_sequence_has_no_gaps(tmp_path):
    async with SegmentJournal(tmp_path, "start_1") as journal:
        await call(journal)
        for wrong in (intent(1), intent(3), intent(0), intent(2, "start_2")):
            with pytest.raises(JournalError, match="not the next one"):
                await journal.intend(wrong)
        assert await call(journal) == 2


async def test_only_an_open_intent_is_concluded(tmp_path):
    async with SegmentJournal(tmp_path, "start_1") as journal:
        await call(journal)
        for wrong in (outcome(1), outcome(2), outcome(1, "start_2")):
            with pytest.raises(JournalError, match="no open intent"):
                journal.conclude(wrong)


async def test_a_closed_journal_refuses(tmp_path):
    journal = SegmentJournal(tmp_path, "start_1")
    with pytest.raises(JournalError, match="closed"):
        await journal.intend(intent(1))
    async with journal:
        await journal.intend(intent(1))
    with pytest.raises(JournalError, match="closed"):
        await journal.intend(intent(2))
    with pytest.raises(JournalError, match="no open intent"):
        journal.conclude(outcome(1))


async def test_two_processes_do_not_write_one_start(tmp_path):
    async with SegmentJournal(tmp_path, "start_1"):
        with pytest.raises(JournalError, match="another process"):
            await SegmentJournal(tmp_path, "start_1").__aenter__()


async def test_a_directory_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="cannot be written") as caught:
        await SegmentJournal(tmp_path / "file", "start_1").__aenter__()
    assert str(tmp_path / "file") in caught.value.do


async def test_a_full_disk_stops_calls_and_tears_nothing(tmp_path, fsync):
    async with SegmentJournal(tmp_path, "start_1", fsync=fsync) as journal:
        seen: list[CallRecord] = []
        journal.subscribe(seen.append)
        await journal.intend(intent(1))
        (path,) = _segments(tmp_path)
        size = path.stat().st_size
        with _files_of_at_most(size + 50):
            with pytest.raises(JournalError, match="cannot be written"):
                await journal.intend(intent(2))
            journal.conclude(outcome(1))
        assert [each.outcome for each in seen] == [outcome(1)]
        assert path.stat().st_size == size
        assert await call(journal) == 2
    found = replay(tmp_path)
    assert found.faults == ()
    assert [each.intent.seq for each in found.concluded] == [2]
    assert [each.intent.seq for each in found.unfinished] == [1]


async def test_a_full_disk_at_a_new_segment_leaves_none_behind(tmp_path):
    async with SegmentJournal(tmp_path, "start_1", segment_bytes=10) as journal:
        with _files_of_at_most(20), pytest.raises(JournalError):
            await journal.intend(intent(1))
        assert len(_segments(tmp_path)) == 1
        assert await call(journal) == 1


def test_a_record_that_cannot_be_taken_back_closes_the_segment(tmp_path, monkeypatch):
    segment = Segment(tmp_path, Opened(start="start_1", number=1, next_seq=1))

    def fails(*_):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("os.write", fails)
        broken.setattr("os.ftruncate", fails)
        with pytest.raises(OSError, match="Input/output"):
            segment.append(line(Intended(intent(1))))
    with pytest.raises(OSError, match="torn"):
        segment.append(line(Intended(intent(1))))
    segment.close()


async def test_too_many_undrained_calls_stop_new_ones(tmp_path):
    seen: list[CallRecord] = []
    async with SegmentJournal(tmp_path, "start_1", most_undrained=2) as journal:
        journal.subscribe(seen.append)
        await journal.intend(intent(1))
        await call(journal)
        with pytest.raises(JournalError, match="2 calls wait"):
            await journal.intend(intent(3))
        journal.conclude(outcome(1))
        journal.drained(seen[:1])
        assert await call(journal) == 3


async def test_segments_go_when_all_before_them_are_drained(tmp_path):
    seen: list[CallRecord] = []
    async with SegmentJournal(tmp_path, "start_1", segment_bytes=1000) as journal:
        journal.subscribe(seen.append)
        await journal.intend(intent(1))
        for _ in range(8):
            await call(journal)
        names = [path.name for path in _segments(tmp_path)]
        assert len(names) > 3
        journal.drained(seen)
        # The first holds an open intent, and the outcomes behind it wait for it.
        assert [path.name for path in _segments(tmp_path)] == names
        journal.conclude(outcome(1))
        journal.drained(seen)
        assert [path.name for path in _segments(tmp_path)] == names[-1:]
        assert replay(tmp_path).alive == ("start_1",)
    assert list(tmp_path.iterdir()) == []


async def test_what_remains_of_a_drained_journal_replays_without_faults(tmp_path):
    seen: list[CallRecord] = []
    async with SegmentJournal(tmp_path, "start_1", segment_bytes=1000) as journal:
        journal.subscribe(seen.append)
        for seq in range(1, 7):
            await journal.intend(intent(seq))
        for seq in range(1, 7):
            journal.conclude(outcome(seq))
        journal.drained(seen[:3])
    found = replay(tmp_path)
    assert found.faults == ()
    assert found.unfinished == ()
    assert {each.intent.seq for each in found.concluded} >= {4, 5, 6}
    assert min(each.intent.seq for each in found.concluded) > 1


async def test_many_waiters_share_a_sync(tmp_path, monkeypatch):
    synced = []
    genuine = os.fsync

    def counting(descriptor):
        synced.append(descriptor)
        genuine(descriptor)

    monkeypatch.setattr("os.fsync", counting)
    async with SegmentJournal(tmp_path, "start_1", fsync=True, segment_bytes=20_000) as journal:
        await asyncio.gather(*(journal.intend(intent(seq)) for seq in range(1, 201)))
        assert len(_segments(tmp_path)) > 3
        assert len(synced) < 40
    assert len(replay(tmp_path).unfinished) == 200


async def test_a_failed_sync_stops_calls_for_good(tmp_path, monkeypatch):
    seen: list[CallRecord] = []
    async with SegmentJournal(tmp_path, "start_1", fsync=True) as journal:
        journal.subscribe(seen.append)
        await call(journal)

        def fails(descriptor):
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as broken:
            broken.setattr("os.fsync", fails)
            results = await asyncio.gather(
                journal.intend(intent(2)), journal.intend(intent(3)), return_exceptions=True
            )
        assert [type(result) for result in results] == [JournalError, JournalError]
        with pytest.raises(JournalError, match="could not be synced"):
            await journal.intend(intent(4))
        assert [each.outcome.result for each in seen] == ["answered", "failed", "failed"]


async def test_a_cancelled_wait_is_concluded_as_failed(tmp_path, monkeypatch):
    waits = asyncio.Event()

    async def never(self, segment):
        waits.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(GroupCommit, "synced", never)
    seen: list[CallRecord] = []
    async with SegmentJournal(tmp_path, "start_1", fsync=True) as journal:
        journal.subscribe(seen.append)
        task = asyncio.create_task(journal.intend(intent(1)))
        await waits.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [each.outcome.result for each in seen] == ["failed"]
        # Nothing was sent, so nothing is owed, also where something was reserved.
        assert [spent_on(each).cost for each in seen] == [0]


_CHILD = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from changeover.gateway.journal import SegmentJournal
    from tests.gateway.calls import intent, outcome

    async def main():
        journal = SegmentJournal(
            Path(sys.argv[1]), "start_1", fsync=sys.argv[2] == "True", segment_bytes=5000
        )
        async with journal:
            while True:
                seq = journal.next_seq
                await journal.intend(intent(seq))
                print("intended", seq, flush=True)
                if seq % 3:
                    journal.conclude(outcome(seq))
                    print("concluded", seq, flush=True)

    asyncio.run(main())
""")


def test_a_killed_process_loses_nothing(tmp_path, fsync):
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path), str(fsync)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])},
    )
    assert child.stdout is not None
    told = [child.stdout.readline().split() for _ in range(60)]
    assert replay(tmp_path).alive == ("start_1",)
    child.send_signal(signal.SIGKILL)
    # Not communicate(): it reads behind the lines that readline() has put by.
    with child.stdout:
        rest = child.stdout.read()
    # The kill may have cut the last line.
    told += [text.split() for text in rest.splitlines(keepends=True) if text.endswith("\n")]
    assert child.wait(timeout=10) == -signal.SIGKILL

    found = replay(tmp_path)
    assert all(fault.torn for fault in found.faults)
    assert found.alive == ()
    seqs = [each.intent.seq for each in found.calls]
    assert seqs == list(range(1, len(seqs) + 1))
    assert {int(seq) for what, seq in told if what == "intended"} <= set(seqs)
    concluded = {each.intent.seq for each in found.concluded}
    assert {int(seq) for what, seq in told if what == "concluded"} <= concluded
    assert {each.intent.seq for each in found.unfinished} >= {3, 6, 9}
    signs = [each.intent.at for each in found.calls]
    last_sign = max(signs + [each.outcome.at for each in found.concluded])
    for each in found.unfinished:
        assert (each.outcome.result, each.outcome.error) == ("unknown", ENDED)
        assert each.outcome.at == last_sign
    assert replay(tmp_path) == found


def test_a_torn_last_line_is_tolerated_and_reported(tmp_path):
    whole = line(Intended(intent(1)))
    _leave(tmp_path, OPENED, whole, line(Intended(intent(2)))[:-20])
    found = replay(tmp_path)
    assert [each.intent.seq for each in found.calls] == [1]
    (fault,) = found.faults
    assert fault.torn
    assert (fault.file, fault.offset) == ("start_1-00000001.journal", len(OPENED) + len(whole))


def test_a_changed_byte_is_a_fault_and_hides_nothing_behind_it(tmp_path):
    changed = bytearray(line(Intended(intent(1))))
    changed[40] ^= 1
    path = _leave(tmp_path, OPENED, bytes(changed), line(Intended(intent(2))))
    found = replay(tmp_path)
    assert [each.intent.seq for each in found.calls] == [2]
    assert [(fault.offset, fault.torn) for fault in found.faults] == [
        (len(OPENED), False),
        (len(OPENED) + len(changed), False),
    ]
    forget(found)
    assert [left.name for left in tmp_path.iterdir()] == [path.name + ".damaged"]
    assert replay(tmp_path).files == ()


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([Intended(intent(2))], "intent 2 where 1 belongs"),
        ([Intended(intent(1)), Intended(intent(1))], "second intent 1"),
        ([Intended(intent(1, "start_2"))], "intent of start start_2"),
        ([Opened(start="start_2", number=1, next_seq=1)], "beginning of start start_2"),
        ([Opened(start="start_1", number=2, next_seq=5)], "missing, before intent 5"),
    ],
)
def test_records_that_do_not_belong_are_faults(tmp_path, records, says):
    _leave(tmp_path, OPENED, *map(line, records))
    (fault,) = replay(tmp_path).faults
    assert says in fault.what
    assert not fault.torn


def test_outcomes_that_do_not_belong_are_faults(tmp_path):
    _leave(
        tmp_path,
        line(Opened(start="start_1", number=3, next_seq=4)),
        line(Concluded(outcome(3))),
        line(Intended(intent(4))),
        line(Concluded(outcome(4))),
        line(Concluded(outcome(4))),
        line(Concluded(outcome(9))),
        line(Concluded(outcome(4, "start_2"))),
        name="start_1-00000003.journal",
    )
    found = replay(tmp_path)
    assert [each.intent.seq for each in found.concluded] == [4]
    assert [fault.what for fault in found.faults] == [
        "a second outcome of intent 4",
        "an outcome of intent 9, which is missing",
        "an outcome of start start_2",
    ]


def test_an_absent_directory_and_foreign_files_hold_nothing(tmp_path):
    assert replay(tmp_path / "absent").calls == ()
    (tmp_path / "notes.txt").write_text("mine")
    found = replay(tmp_path)
    assert found.files == ()
    forget(found)
    assert (tmp_path / "notes.txt").exists()


def test_an_unfinished_call_without_other_signs_ends_at_its_intent(tmp_path):
    _leave(tmp_path, OPENED, line(Intended(intent(1))))
    (unfinished,) = replay(tmp_path).unfinished
    assert unfinished.outcome.at == intent(1).at > NOW


def test_forgetting_removes_a_dead_starts_files_and_lock(tmp_path):
    _leave(tmp_path, OPENED)
    forget(replay(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_free_again_when_released(tmp_path):
    lock = Lock.take(tmp_path, "start_1")
    assert lock is not None
    assert Lock.take(tmp_path, "start_1") is None
    lock.release(remove=False)
    again = Lock.take(tmp_path, "start_1")
    assert again is not None
    again.release(remove=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("start", ["", "../up", "a-b", "a.b"])
def test_a_start_names_a_file_and_nothing_else(tmp_path, start):
    with pytest.raises(ValueError, match="cannot name a file"):
        Lock.take(tmp_path, start)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=100)
@given(st.data())
def test_no_changed_byte_passes_for_a_record(data):
    whole = line(Intended(intent(1)))[:-1]
    assert record_in(whole) == Intended(intent(1))
    position = data.draw(st.integers(0, len(whole) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(whole)
    changed[position] ^= 1 << bit
    assert record_in(bytes(changed)) is None
    assert record_in(whole[:position]) is None


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_replay_without_an_error(tmp_path_factory, garbage):
    directory = tmp_path_factory.mktemp("journal")
    _leave(directory, OPENED, line(Intended(intent(1))), garbage)
    found = replay(directory)
    assert [each.intent for each in found.calls] == [intent(1)]
    assert bool(found.faults) == bool(garbage)
