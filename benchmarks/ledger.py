"""Verifying a ledger, beside hashing what it must hash and doing nothing else.

The entries are those of calls, in a SQLite database as the product keeps it,
queued and then sequenced, with a checkpoint after every batch. Verification reads
them from the database with another connection and checks the numbers of the calls,
as `changeover ledger verify` does.
"""

import hashlib
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.results import Against, Goal, Row, median, row
from changeover.basics.canonical import canonical_part
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import Entry, call_entry
from changeover.ledger.leaves import OF_A_CALL, shown
from changeover.ledger.numbering import Numbering
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.storage.beside import reading_beside
from changeover.storage.database import Database, Work

BEGIN = datetime(2026, 2, 26, 14, tzinfo=UTC)
START = "start_01kjd2a8n4benchmark"
_BATCH = 500
_SHOWN = frozenset({"kind", "v", *OF_A_CALL})


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries, and how often they are verified."""

    entries: int = 100_000
    rounds: int = 3


QUICK = Plan(entries=20_000, rounds=1)


class NotVerifiedError(Exception):
    """The ledger that was made does not verify."""


def measure(plan: Plan) -> list[Row]:
    key = SigningKey.generate("benchmark.ledger")
    entries = [entry_of_call(number) for number in range(plan.entries)]
    with tempfile.TemporaryDirectory(prefix="changeover-bench-") as folder:
        path = Path(folder) / "changeover.db"
        appended = _append(path, Ledger(key), entries)
        rates: list[float] = []
        hashing: list[float] = []
        for _ in range(plan.rounds):
            rates.append(plan.entries / _verify_seconds(path, key, plan.entries))
            hashing.append(plan.entries / _hash_seconds(entries))
    size = sum(len(entry.body) for entry in entries) // len(entries)
    of = f"the same three hashlib.sha256 of each of {plan.entries:,} entries of {size} bytes"
    batches = f"{plan.entries:,} entries, {_BATCH} queued and then sequenced, each synced"
    return [
        row(
            "ledger-verify",
            median(rates),
            "entries/s",
            Against(of, median(hashing)),
            Goal(400_000, "least"),
        ),
        row(
            "ledger-append",
            plan.entries / appended,
            "entries/s",
            Against(batches),
            Goal(5_000, "least"),
        ),
    ]


def entry_of_call(number: int) -> Entry:
    """A call's entry, with the fields that the gateway's drain writes."""
    at = BEGIN + timedelta(milliseconds=number)
    fields = {
        "start": START,
        "seq": number + 1,
        "call": f"call_01kjd2a8n4{number:012}",
        "service": "statechat",
        "party": "state",
        "slot": "chat",
        "purpose": "staff-assistance",
        "key": "5xm1bmn5",
        "asked": "gpt-4.1",
        "route": "openai/gpt-4.1@openai",
        "model": "openai/gpt-4.1",
        "maker": "openai",
        "host": "openai",
        "outcome": "allow",
        "instruments": [],
        "ruleset": "r11-3ad786fc21d8",
        "stand_in": False,
        "ended": at + timedelta(milliseconds=3),
        "result": "answered",
        "status": 200,
        "served_model": "gpt-4.1-2025-04-14",
        "input_tokens": 180,
        "output_tokens": 224,
        "error": None,
    }
    return call_entry(fields, at=at, demonstration=False)


def _append(path: Path, ledger: Ledger, entries: list[Entry]) -> float:
    with Database(f"sqlite:///{path}") as database:
        sequencer = Sequencer(database, ledger)
        began = time.perf_counter()
        append(database, sequencer, entries)
        return time.perf_counter() - began


def append(database: Database, sequencer: Sequencer, entries: list[Entry]) -> None:
    """Queues and sequences the entries, batch by batch."""
    for first in range(0, len(entries), _BATCH):
        with database.begin(alone=False) as work:
            work.queue.add(entries[first : first + _BATCH])
        sequencer.catch_up()


def _verify_seconds(path: Path, key: SigningKey, entries: int) -> float:
    numbering = Numbering()
    with reading_beside(f"sqlite:///{path}") as (connection, _):
        work = Work(connection)
        began = time.perf_counter()
        found = verify(work.ledger, key.verifier, watching=numbering)
        elapsed = time.perf_counter() - began
    (start,) = numbering.reports(lambda _: False)
    if not found.ok or found.size != entries or start.calls != entries or start.gaps:
        raise NotVerifiedError(found)
    return elapsed


def _hash_seconds(entries: list[Entry]) -> float:
    """The digest of the rest, the leaf over the opening, a node over two: all that is hashed."""
    hashed = [(canonical_part(_rest(entry)), shown(entry.body)) for entry in entries]
    pair = b"\x01" + bytes(64)
    sha256 = hashlib.sha256
    began = time.perf_counter()
    for rest, opening in hashed:
        sha256(rest).hexdigest()
        sha256(opening).digest()
        sha256(pair).digest()
    return time.perf_counter() - began


def _rest(entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.json.decode(entry.body)
    return {name: value for name, value in fields.items() if name not in _SHOWN}
