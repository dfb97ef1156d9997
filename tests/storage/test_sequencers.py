"""Several processes that queue and sequence at once, some of them killed, on real PostgreSQL."""

import multiprocessing
import random
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

import msgspec
import pytest

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import verify_record
from changeover.ledger.entries import digest
from changeover.ledger.numbering import Numbering
from changeover.ledger.sequencing import Sequencer, SequencerLoop
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify, verify_waiting
from changeover.storage.database import Database, Work
from changeover.storage.drain import CallDrain
from changeover.storage.works import LedgerWorks
from tests.postgres import PostgresServer
from tests.storage.test_calls import AT, made

KEY = SigningKey("ledger.example", bytes(32))
_WITHIN = 60.0

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def write(url: str, start: str, rounds: int, telling: Connection) -> None:
    """Acts and calls, each told with what it tells of, and sequenced by whoever comes first."""
    with Database(url) as database:
        sequencer = Sequencer(database, Ledger(KEY))
        works = LedgerWorks(database, sequencer, demonstration=False)
        drain = CallDrain(database, sequencer, demonstration=False)
        with SequencerLoop(sequencer, every=0.001):
            for number in range(rounds):
                drain.drain([made(20 * number + each, start=start) for each in range(1, 21)])
                with works.begin() as work:
                    body = f"{start} {number}".encode()
                    work.record.append("release", f"{start}/{number}", AT, body)
                    fields = {"service": "s", "route": "r", "by": "b", "sha256": digest(body)}
                    work.tell("release", AT, fields)
                telling.send(number + 1)


class Writer:
    """A process that writes; killed when its block ends, if it has not ended."""

    def __init__(self, url: str, start: str, rounds: int) -> None:
        self._told, telling = _processes.Pipe(duplex=False)
        self._process = _processes.Process(target=write, args=(url, start, rounds, telling))
        self._process.start()
        telling.close()

    def wait_for_one(self) -> None:
        assert self._told.poll(_WITHIN)
        self._told.recv()

    def rest(self) -> int:
        """How many rounds more it tells of before it ends."""
        rounds = 0
        with suppress(EOFError):
            while self._told.poll(_WITHIN):
                self._told.recv()
                rounds += 1
        return rounds

    def kill(self) -> None:
        self._process.kill()

    def ended(self) -> int | None:
        self._process.join(_WITHIN)
        return self._process.exitcode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.join(_WITHIN)
        self._told.close()


def whole(work: Work) -> tuple[Numbering, dict[str, int]]:
    """What the ledger and its queue tell, once both were found to hold."""
    numbering = Numbering()
    found = verify(work.ledger, KEY.verifier, watching=numbering)
    assert found.fault is None
    verify_waiting(work.queue.waiting(), seen=numbering.take)
    entries = work.record.entries()
    assert verify_record(entries, work.ledger.entries(), work.queue.waiting()) is None
    return numbering, found.counts


def test_two_processes_sequence_at_once_and_every_entry_is_in_the_tree_once(postgres_url: str):
    rounds = 40
    with Writer(postgres_url, "a", rounds) as first, Writer(postgres_url, "b", rounds) as second:
        assert (first.rest(), second.rest()) == (rounds, rounds)
        assert (first.ended(), second.ended()) == (0, 0)
    with Database(postgres_url) as database, database.reading() as work:
        numbering, counts = whole(work)
        assert work.queue.empty()
        assert counts == {"call": 2 * 20 * rounds, "release": 2 * rounds}
        reports = numbering.reports(lambda _: False)
        assert numbering.fault(reports) is None
        assert {(each.start, each.calls, each.last) for each in reports} == {
            ("a", 20 * rounds, 20 * rounds),
            ("b", 20 * rounds, 20 * rounds),
        }


def test_two_processes_drain_the_same_journal_at_once_and_each_call_is_told_once(
    postgres_url: str,
):
    calls = [made(number, start="dead") for number in range(1, 1501)]
    barrier = threading.Barrier(2)
    with Database(postgres_url) as one, Database(postgres_url) as other:

        def drain(database: Database, *, backwards: bool) -> None:
            drained = CallDrain(database, Sequencer(database, Ledger(KEY)), demonstration=False)
            barrier.wait(10)
            for at in range(0, 1500, 300):
                part = calls[at : at + 300]
                drained.drain(part[::-1] if backwards else part)

        threads = [
            threading.Thread(target=drain, args=(one,), kwargs={"backwards": False}),
            threading.Thread(target=drain, args=(other,), kwargs={"backwards": True}),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        Sequencer(one, Ledger(KEY)).catch_up()
        with one.reading() as work:
            numbering, counts = whole(work)
            assert counts == {"call": 1500}
            (report,) = numbering.reports(lambda _: False)
            assert (report.calls, report.last, report.gaps) == (1500, 1500, ())


def test_processes_killed_in_the_middle_lose_and_double_nothing(postgres_url: str):
    """Each is killed at another moment; another one goes on sequencing what they leave."""
    dice = random.Random(5)
    told: dict[str, int] = {}
    with Database(postgres_url) as database:
        with SequencerLoop(Sequencer(database, Ledger(KEY)), every=0.002):
            for number in range(30):
                start = f"run_{number}"
                with Writer(postgres_url, start, 1_000_000) as process:
                    rounds = dice.randint(1, 8)
                    for _ in range(rounds):
                        process.wait_for_one()
                    threading.Event().wait(dice.random() * 0.02)
                    process.kill()
                    rounds += process.rest()
                    assert process.ended() == -signal.SIGKILL
                told[start] = rounds
        with database.reading() as work:
            numbering, _ = whole(work)
            reports = numbering.reports(lambda _: False)
            assert numbering.fault(reports) is None
            for each in reports:
                assert each.calls == each.last
                assert told[each.start] * 20 <= each.calls <= (told[each.start] + 1) * 20
            assert len(reports) == len(told)


def test_the_queue_outlives_a_server_that_is_killed(postgres: PostgresServer):
    url = postgres.new()
    with Database(url) as database:
        CallDrain(database, Sequencer(database, None), demonstration=False).drain([made(1)])
    postgres.kill()
    postgres.begin()
    with Database(url) as database:
        with database.reading() as work:
            assert work.queue.count() == 1
        assert Sequencer(database, Ledger(KEY)).run_once() == 1
        with database.reading() as work:
            (entry,) = work.ledger.entries()
            assert msgspec.json.decode(entry.body)["seq"] == 1


def test_a_tree_that_another_process_holds_is_left_to_it(postgres_url: str):
    with Database(postgres_url) as one, Database(postgres_url) as other:
        CallDrain(one, Sequencer(one, None), demonstration=False).drain([made(1)])
        with other.begin(alone=False) as work:
            assert work.ledger.hold()
            assert Sequencer(one, Ledger(KEY)).run_once() == 0
        assert Sequencer(one, Ledger(KEY)).run_once() == 1


@pytest.mark.parametrize("asked", ["gpt-\x00", "gpt-\u20ac\t\n\\N"])
def test_a_models_name_is_the_clients_and_may_hold_anything(database_url: str, asked: str):
    call = made(1)
    call = msgspec.structs.replace(call, intent=msgspec.structs.replace(call.intent, asked=asked))
    with Database(database_url) as database:
        CallDrain(database, Sequencer(database, Ledger(KEY)), demonstration=False).drain([call])
        with database.reading() as work:
            assert [msgspec.json.decode(each.body)["asked"] for each in work.ledger.entries()] == [
                asked
            ]
