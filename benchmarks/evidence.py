"""Verifying an evidence pack with the verifier that stands alone, beside hashing its leaves.

The ledger is that of `benchmarks.ledger`: calls to one maker, in one start that ended. The pack is
asked about another maker, so that no call is shown whole and every leaf is an opening.
"""

import hashlib
import tempfile
import time
import zipfile
from datetime import timedelta
from pathlib import Path

from benchmarks.ledger import BEGIN, START, NotVerifiedError, Plan, append, entry_of_call
from benchmarks.results import Against, Goal, Row, median, row
from changeover.basics.clock import FixedClock
from changeover.evidence.exporting import Made, export
from changeover.evidence.pack import Asked
from changeover.evidence.verifier import Key, verdict
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.lives import Lives
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.usecases import Office
from changeover.storage.database import Database
from changeover.storage.works import LedgerWorks, RecordedCallDays
from changeover.wiring.scenarios import SHIPPED, read_scenario

_END = BEGIN + timedelta(days=30)


def measure(plan: Plan) -> list[Row]:
    key = SigningKey.generate("benchmark.ledger")
    with tempfile.TemporaryDirectory(prefix="changeover-bench-") as folder:
        pack = Path(folder) / "pack.zip"
        exported = _export(Path(folder) / "changeover.db", key, plan, pack)
        rates = [plan.entries / _verify_seconds(pack, key) for _ in range(plan.rounds)]
        with zipfile.ZipFile(pack) as file:
            leaves = file.read("openings.jsonl").splitlines()
        hashing = [plan.entries / _hash_seconds(leaves) for _ in range(plan.rounds)]
    of = f"hashlib.sha256 over the same {plan.entries:,} leaves"
    return [
        row(
            "pack-verify",
            median(rates),
            "entries/s",
            Against(of, median(hashing)),
            Goal(200_000, "least"),
        ),
        row(
            "pack-export",
            plan.entries / exported,
            "entries/s",
            Against("two readings of the ledger in SQLite, and a ZIP"),
            Goal(20_000, "least"),
        ),
    ]


def _export(path: Path, key: SigningKey, plan: Plan, pack: Path) -> float:
    clock = FixedClock(BEGIN - timedelta(days=1))
    with Database(f"sqlite:///{path}") as database:
        sequencer = Sequencer(database, Ledger(key))
        works = LedgerWorks(database, sequencer, demonstration=False)
        directory = read_scenario(SHIPPED).directory
        Office(works, RecordedCallDays(database), clock).apply(directory, by="benchmark")
        lives = Lives(works, clock)
        lives.began(START, host="benchmark", version="0")
        append(database, sequencer, [entry_of_call(number) for number in range(plan.entries)])
        clock.move_to(_END)
        lives.stopped(START, plan.entries)
        asked = Asked(vendor="anthropic", since=BEGIN, until=_END)
        made = Made(key=key, reached=_END, software="benchmark", demonstration=False)
        with database.reading() as work, pack.open("wb") as file:
            began = time.perf_counter()
            export(work, asked, made, file)
            return time.perf_counter() - began


def _verify_seconds(pack: Path, key: SigningKey) -> float:
    began = time.perf_counter()
    found = verdict(pack, Key(str(key.verifier)))
    elapsed = time.perf_counter() - began
    if found["verdict"] != "none-recorded":
        raise NotVerifiedError(found["reasons"])
    return elapsed


def _hash_seconds(leaves: list[bytes]) -> float:
    began = time.perf_counter()
    for leaf in leaves:
        hashlib.sha256(leaf).digest()
    return time.perf_counter() - began
