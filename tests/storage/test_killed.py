"""A process killed in the middle of its writes leaves a whole ledger behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import verify_record
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.storage.database import Database
from changeover.storage.works import LedgerWorks

WRITER = """
import sys
from datetime import UTC, datetime
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import digest
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.storage.database import Database
from changeover.storage.works import LedgerWorks

at = datetime(2026, 2, 26, 14, tzinfo=UTC)
database = Database(sys.argv[1])
ledger = Ledger(SigningKey("ledger.example", bytes(32)))
works = LedgerWorks(database, Sequencer(database, ledger), demonstration=False)
for number in range(1_000_000):
    body = b"%d" % number
    with works.begin() as work:
        for part in range(3):
            work.record.append("release", f"{number}.{part}", at, body)
            fields = {"service": "s", "route": "r", "by": "b", "sha256": digest(body)}
            work.tell("release", at, fields)
    print(number + 1, flush=True)
"""


@pytest.mark.parametrize("commits", [1, 7, 40])
def test_a_killed_writer_loses_nothing_that_it_committed(tmp_path: Path, commits: int):
    url = f"sqlite:///{tmp_path}/changeover.db"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(commits):
            assert writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        told = commits + len(writer.stdout.readlines())
    assert writer.returncode == -signal.SIGKILL

    key = SigningKey("ledger.example", bytes(32))
    with Database(url) as database:
        with database.reading() as work:
            found = verify(work.ledger, key.verifier)
            assert found.fault is None
            assert found.size % 3 == 0
            whole = found.size + work.queue.count()
            assert whole // 3 in {told, told + 1}
            waiting = work.queue.waiting()
            assert verify_record(work.record.entries(), work.ledger.entries(), waiting) is None
        works = LedgerWorks(database, Sequencer(database, Ledger(key)), demonstration=False)
        with works.begin() as telling:
            telling.tell("intake", telling.record.entries()[0].recorded, {"sha256": "00"})
        with database.reading() as work:
            assert verify(work.ledger, key.verifier).size == whole + 1
            assert work.queue.empty()
            assert verify_record(work.record.entries(), work.ledger.entries()) is None
