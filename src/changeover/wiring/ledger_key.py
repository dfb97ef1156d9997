"""The ledger's key of an installation: whose it is, and whether this process has it.

The private key stays in a file of the data folder; the database knows only the
public one, under `ledger.verifier`. A key is made once in an installation's life:

1. with a file and no key on record, the file's is put on record, unless the ledger
   was signed by another;
2. with both, they must be the same key;
3. with neither, and an empty ledger, a key is made;
4. without a file but with a key on record or a ledger: on a database that many
   share, this process serves and queues, and another sequences; a file of SQLite
   has no other, so the key must come back.
"""

from pathlib import Path

from changeover.basics.errors import ChangeoverError
from changeover.ledger.checkpoint import NoteError, SigningKey, VerifierKey, open_checkpoint
from changeover.ledger.keys import generate, load
from changeover.ledger.usecases import Ledger
from changeover.storage.database import Database, Work

LEDGER_NAME = "changeover.ledger"
VERIFIER = "ledger.verifier"


class OtherLedgerKeyError(ChangeoverError):
    """The key in the data folder is not the key of the database's ledger."""

    code = "other_ledger_key"


def open_ledger(file: Path, database: Database, name: str = LEDGER_NAME) -> Ledger | None:
    """The ledger with its key; None where this process leaves sequencing to others.

    `name` is the ledger's where its key is made now: a ledger keeps its name.

    Raises `KeyFileError` for a file that is missing or cannot be trusted, and
    `OtherLedgerKeyError` for one with another ledger's key.
    """
    with database.begin() as work:
        on_record = work.settings.get(VERIFIER)
        if file.exists():
            key = load(file)
        elif on_record is None and work.ledger.last_checkpoint() is None:
            key = generate(file, name)
        elif database.shared:
            return None
        else:
            key = load(file)  # which says that it is missing
        _check(key, on_record, work, file)
        if on_record is None:
            work.settings.set(VERIFIER, str(key.verifier))
    return Ledger(key)


def _check(key: SigningKey, on_record: str | None, work: Work, file: Path) -> None:
    signed = work.ledger.last_checkpoint()
    if on_record is not None:
        same = on_record == str(key.verifier)
    else:
        same = signed is None or _signed_by(signed.note, key.verifier)
    if not same:
        raise OtherLedgerKeyError(
            f"The key in {file} is not the key of this database's ledger.",
            means="Nothing that it signed would verify, so nothing is started with it.",
            do="Put the ledger's own key there, from the data folder that made it or its backup. "
            "Where several processes share a PostgreSQL database, move the file away: "
            "this one then leaves signing to those that have the key.",
        )


def _signed_by(note: bytes, verifier: VerifierKey) -> bool:
    try:
        open_checkpoint(note, verifier)
    except NoteError:
        return False
    return True
