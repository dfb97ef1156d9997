"""Verifying a data folder's ledger from its database file, whether or not a server runs."""

from pathlib import Path
from typing import Any

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.ledger.checkpoint import VerifierKey
from changeover.ledger.crosscheck import RecordFault, verify_record
from changeover.ledger.keys import load
from changeover.ledger.verification import Verification, verify
from changeover.storage import sqlite
from changeover.storage.ledger import SqlLedger
from changeover.storage.record import SqlRecord
from changeover.wiring.places import database_file, ledger_key_file


def verify_ledger(data: Path, *, known: bytes | None, vkey: str | None) -> dict[str, Any]:
    """The verification as plain values; `fault` is None when everything holds."""
    key = VerifierKey.parse(vkey) if vkey else load(ledger_key_file(data)).verifier
    path = _database(data)
    engine = sqlite.reading_engine(path)
    try:
        with sqlite.explained(path), engine.begin() as connection:
            ledger = SqlLedger(connection)
            found = verify(ledger, key, known=known)
            if not found.ok:
                # An altered entry may be no JSON any more: there is nothing to compare with.
                return _plain(found, None)
            return _plain(found, verify_record(SqlRecord(connection).entries(), ledger.entries()))
    finally:
        engine.dispose()


def newest_checkpoint(data: Path) -> bytes:
    """The newest signed note; `NotFoundError` while nothing was recorded."""
    path = _database(data)
    engine = sqlite.reading_engine(path)
    try:
        with sqlite.explained(path), engine.begin() as connection:
            last = SqlLedger(connection).last_checkpoint()
    finally:
        engine.dispose()
    if last is None:
        raise NotFoundError("The ledger is empty, so there is no checkpoint yet.")
    return last.note


def _database(data: Path) -> Path:
    path = database_file(data)
    if not path.is_file():
        raise NotFoundError(
            f"There is no database in {data}.",
            do="Name the data folder with --data, before the command.",
        )
    return path


def _plain(found: Verification, apart: RecordFault | None) -> dict[str, Any]:
    """`apart` is where the record differs from a ledger that is whole in itself."""
    return {
        "ok": found.ok and apart is None,
        "size": found.size,
        "root": found.root.hex(),
        "first": found.first,
        "last": found.last,
        "kinds": found.counts,
        "signed": found.signed,
        "fault": _fault(found) or _apart(apart),
    }


def _fault(found: Verification) -> dict[str, Any] | None:
    if found.fault is None:
        return None
    return {"where": found.fault.where, **msgspec.structs.asdict(found.fault)}


def _apart(apart: RecordFault | None) -> dict[str, Any] | None:
    if apart is None:
        return None
    return {"where": apart.where, "kind": "record", **msgspec.structs.asdict(apart)}
