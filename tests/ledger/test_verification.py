"""Every mutation is made in a real SQLite file, behind the program's back."""

import sqlite3
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.ledger.checkpoint import Checkpoint, SigningKey
from changeover.ledger.entries import Entry, call_entry, digest, fact_entry
from changeover.ledger.facts import DocumentTaken, KeyCreated
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.tree import EMPTY_ROOT, Subtrees
from changeover.ledger.usecases import Ledger, LedgerError
from changeover.ledger.verification import verify
from changeover.ledger.verified import Fault, Verification
from changeover.storage.database import Database
from tests.fakes import FakeLedgerStore

START = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example/changeover", bytes(range(32)))
SIZES = (1, 4, 5, 9, 12)


def made(number: int) -> Entry:
    at = START + timedelta(minutes=number)
    if number % 3 == 0:
        fact = DocumentTaken(sha256=digest(b"%d" % number))
        return fact_entry(fact, at=at, demonstration=True)
    if number % 3 == 1:
        key = KeyCreated(prefix=f"co_{number}", service="statechat", by="ada")
        return fact_entry(key, at=at, demonstration=True)
    call = {"seq": number, "service": "statechat", "maker": "openai"}
    call |= {"outcome": "allow", "result": "answered"}
    return call_entry(call, at=at, demonstration=True)


class Kept:
    """A ledger of twelve entries in five appends, and each append's note."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        self.notes: list[bytes] = []
        ledger = Ledger(KEY)
        with Database(self.url) as database:
            for start, stop in zip((0, *SIZES), SIZES, strict=False):
                with database.begin() as work:
                    appended = ledger.append(work.ledger, [made(n) for n in range(start, stop)])
                self.notes.append(appended.checkpoint.note)
        self.whole = path.read_bytes()

    def restore(self) -> None:
        self.path.write_bytes(self.whole)

    def sql(self, *statements: str) -> None:
        connection = sqlite3.connect(self.path)
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
        connection.commit()
        connection.close()

    def verified(self, known: bytes | None = None) -> Verification:
        with Database(self.url) as database, database.reading() as work:
            return verify(work.ledger, KEY.verifier, known=known)

    def fault(self, known: bytes | None = None) -> Fault:
        found = self.verified(known).fault
        assert found is not None
        return found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("ledger") / "changeover.db")


@pytest.fixture
def kept(written: Kept) -> Kept:
    written.restore()
    return written


def test_a_whole_ledger_verifies_and_is_described(kept: Kept):
    seen: list[int] = []
    with Database(kept.url) as database, database.reading() as work:
        found = verify(work.ledger, KEY.verifier, progress=seen.append)
    tree = Subtrees()
    for number in range(12):
        tree.add(entry_leaf(made(number).body))
    assert found == Verification(
        size=12,
        root=tree.root(),
        first=START,
        last=START + timedelta(minutes=11),
        counts={"call": 4, "intake": 4, "key-created": 4},
        signed=12,
    )
    assert found.ok
    assert seen == [12]


def test_an_empty_ledger_verifies():
    found = verify(FakeLedgerStore(), KEY.verifier)
    assert found.ok
    assert (found.size, found.root, found.first) == (0, EMPTY_ROOT, None)


def replace_blob(
    table: str, column: str, where: str, at: int, change: int
) -> Callable[[Kept], None]:
    def mutate(kept: Kept) -> None:
        connection = sqlite3.connect(kept.path)
        read = f'SELECT "{column}" FROM {table} WHERE {where}'
        value = bytearray(connection.execute(read).fetchone()[0])
        value[at % len(value)] ^= change
        write = f'UPDATE {table} SET "{column}" = ? WHERE {where}'
        connection.execute(write, (bytes(value),))
        connection.commit()
        connection.close()

    return mutate


@given(st.integers(0, 11), st.integers(0, 500), st.integers(1, 255))
@settings(max_examples=40, deadline=None)
def test_one_changed_byte_of_an_entry_names_the_entry(written: Kept, n: int, at: int, change: int):
    written.restore()
    replace_blob("ledger_entry", "body", f'"index" = {n}', at, change)(written)
    fault = written.fault()
    assert (fault.kind, fault.index, fault.where) == ("leaf", n, f"entry {n}")


@given(st.integers(0, 11), st.integers(0, 31), st.integers(1, 255))
@settings(max_examples=20, deadline=None)
def test_one_changed_byte_of_a_leaf_names_the_entry(written: Kept, n: int, at: int, change: int):
    written.restore()
    replace_blob("ledger_entry", "leaf", f'"index" = {n}', at, change)(written)
    fault = written.fault()
    assert (fault.kind, fault.index) == ("leaf", n)


@given(
    st.sampled_from(["root", "note"]),
    st.sampled_from(SIZES),
    st.integers(0, 500),
    st.integers(1, 255),
)
@settings(max_examples=40, deadline=None)
def test_one_changed_byte_of_a_checkpoint_names_its_size(
    written: Kept, column: str, size: int, at: int, change: int
):
    written.restore()
    replace_blob("ledger_checkpoint", column, f"size = {size}", at, change)(written)
    fault = written.fault()
    assert (fault.kind, fault.where) == ("checkpoint", f"at size {size}")


@given(st.integers(0, 63), st.integers(1, 255))
@settings(max_examples=10, deadline=None)
def test_one_changed_byte_of_the_subtrees_is_seen(written: Kept, at: int, change: int):
    written.restore()
    replace_blob("ledger_tree", "subtrees", "id = 1", at, change)(written)
    assert written.fault().kind == "state"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_tree SET size = 11",
        "UPDATE ledger_tree SET size = 'twelve'",
        "UPDATE ledger_tree SET subtrees = x'00'",
        "DELETE FROM ledger_tree",
    ],
)
def test_an_altered_tree_is_seen_and_never_continued(kept: Kept, statement: str):
    kept.sql(statement)
    assert kept.fault().kind == "state"
    with (
        Database(kept.url) as database,
        database.begin() as work,
        pytest.raises(LedgerError),
    ):
        Ledger(KEY).append(work.ledger, [made(12)])


def test_one_changed_byte_in_the_file_itself_names_the_entry(kept: Kept):
    whole = bytearray(kept.whole)
    at = whole.index(made(6).body) + 40
    whole[at] ^= 1
    kept.path.write_bytes(bytes(whole))
    assert kept.fault().where == "entry 6"


@pytest.mark.parametrize(
    "value",
    ["'key-createe'", "'call'", "''", "x'63616cff'", "CAST(x'63616cff' AS TEXT)", "7"],
)
def test_a_changed_kind_names_the_entry(kept: Kept, value: str):
    kept.sql(f'UPDATE ledger_entry SET kind = {value} WHERE "index" = 7')
    fault = kept.fault()
    assert (fault.kind, fault.index) == ("kind", 7)


@pytest.mark.parametrize(
    "expression",
    ["replace(body, 'co_7', 'co_8')", "CAST(x'ff00' AS TEXT)", "''", "0", "body || x'00'"],
)
def test_a_body_replaced_by_another_type_is_read_and_named(kept: Kept, expression: str):
    kept.sql(f'UPDATE ledger_entry SET body = {expression} WHERE "index" = 7')
    fault = kept.fault()
    assert (fault.kind, fault.index) == ("leaf", 7)


@pytest.mark.parametrize("n", range(11))
def test_a_deleted_entry_is_missed(kept: Kept, n: int):
    kept.sql(f'DELETE FROM ledger_entry WHERE "index" = {n}')
    fault = kept.fault()
    assert (fault.kind, fault.index) == ("index", n)


def test_a_deleted_entry_whose_followers_moved_up_is_seen_at_the_next_checkpoint(kept: Kept):
    kept.sql(
        'DELETE FROM ledger_entry WHERE "index" = 6',
        'UPDATE ledger_entry SET "index" = -"index" WHERE "index" > 6',
        'UPDATE ledger_entry SET "index" = -"index" - 1 WHERE "index" < 0',
    )
    fault = kept.fault()
    assert (fault.kind, fault.after, fault.before) == ("root", 5, 9)
    assert fault.where == "between the checkpoints of size 5 and 9"


def test_swapped_entries_are_seen_at_the_next_checkpoint(kept: Kept):
    kept.sql(
        'UPDATE ledger_entry SET "index" = -1 WHERE "index" = 1',
        'UPDATE ledger_entry SET "index" = 1 WHERE "index" = 2',
        'UPDATE ledger_entry SET "index" = 2 WHERE "index" = -1',
    )
    fault = kept.fault()
    assert (fault.kind, fault.after, fault.before) == ("root", 1, 4)


def test_an_entry_rewritten_with_its_hash_is_seen_at_the_next_checkpoint(kept: Kept):
    forged = made(10).body.replace(b"statechat", b"treasury-")
    assert forged != made(10).body
    kept.sql(
        f"UPDATE ledger_entry SET body = x'{forged.hex()}', leaf = x'{entry_leaf(forged).hex()}'"
        ' WHERE "index" = 10'
    )
    fault = kept.fault()
    assert (fault.kind, fault.after, fault.before) == ("root", 9, 12)


def test_entries_cut_off_are_missed(kept: Kept):
    kept.sql('DELETE FROM ledger_entry WHERE "index" >= 10')
    fault = kept.fault()
    assert (fault.kind, fault.after, fault.before) == ("missing", 10, 12)


def test_entries_without_their_checkpoint_are_unsigned(kept: Kept):
    kept.sql("DELETE FROM ledger_checkpoint WHERE size = 12")
    fault = kept.fault()
    assert (fault.kind, fault.after, fault.before) == ("unsigned", 9, 12)


def cut_back(kept: Kept) -> None:
    """To the state after the fourth append, subtrees and all."""
    tree = Subtrees()
    for number in range(9):
        tree.add(entry_leaf(made(number).body))
    kept.sql(
        'DELETE FROM ledger_entry WHERE "index" >= 9',
        "DELETE FROM ledger_checkpoint WHERE size > 9",
        f"UPDATE ledger_tree SET size = 9, subtrees = x'{b''.join(tree.hashes).hex()}'",
    )


def test_a_ledger_cut_back_whole_is_seen_by_whoever_kept_a_checkpoint(kept: Kept):
    cut_back(kept)
    assert kept.verified().ok
    assert kept.verified(known=kept.notes[3]).ok
    fault = kept.fault(known=kept.notes[4])
    assert (fault.kind, fault.after, fault.before) == ("known", 9, 12)


@pytest.mark.parametrize("index", range(5))
def test_every_checkpoint_kept_outside_is_of_the_whole_ledger(kept: Kept, index: int):
    assert kept.verified(known=kept.notes[index]).ok


def test_a_history_signed_anew_is_seen_by_whoever_kept_a_checkpoint(tmp_path: Path, kept: Kept):
    other = tmp_path / "anew.db"
    with Database(f"sqlite:///{other}") as database, database.begin() as work:
        Ledger(KEY).append(work.ledger, [made(n) for n in range(1, 13)])
        assert verify(work.ledger, KEY.verifier).ok
        fault = verify(work.ledger, KEY.verifier, known=kept.notes[2]).fault
    assert fault is not None
    assert (fault.kind, fault.before) == ("known", 5)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"garbage",
        SigningKey("ledger.example/changeover", bytes(32)).sign("ledger.example/changeover\n"),
        KEY.sign(Checkpoint(origin=KEY.verifier.name, size=0, root=bytes(32)).text()),
    ],
)
def test_a_checkpoint_that_is_not_of_this_ledger_is_refused(kept: Kept, note: bytes):
    assert kept.fault(known=note).kind == "known"


def test_a_witness_may_have_signed_the_checkpoint_kept_outside(kept: Kept):
    witness = SigningKey("witness.example", bytes([7] * 32))
    text = kept.notes[2].decode().split("\n\n")[0] + "\n"
    line = witness.sign(text).decode().split("\n\n")[1]
    note = kept.notes[2] + line.encode()
    assert kept.verified(known=note).ok
    kept.sql(f"UPDATE ledger_checkpoint SET note = x'{note.hex()}' WHERE size = 5")
    assert kept.fault().kind == "checkpoint"


def test_another_key_verifies_nothing(kept: Kept):
    with Database(kept.url) as database, database.reading() as work:
        other = SigningKey("ledger.example/changeover", bytes(32)).verifier
        fault = verify(work.ledger, other).fault
    assert fault is not None
    assert (fault.kind, fault.before) == ("checkpoint", 1)


def test_a_checkpoint_moved_to_another_size_is_seen(kept: Kept):
    kept.sql("UPDATE ledger_checkpoint SET size = 7 WHERE size = 9")
    fault = kept.fault()
    assert (fault.kind, fault.before) == ("checkpoint", 7)


def test_a_checkpoint_without_entries_is_seen(kept: Kept):
    empty = Checkpoint(origin=KEY.verifier.name, size=0, root=EMPTY_ROOT)
    note = KEY.sign(empty.text())
    kept.sql(f"INSERT INTO ledger_checkpoint VALUES (0, x'{EMPTY_ROOT.hex()}', x'{note.hex()}')")
    assert kept.fault().what == "A checkpoint of size 0 stands where none can."


def signed_as_is(*bodies: bytes) -> FakeLedgerStore:
    """A ledger whose keeper, holding the key, signed bodies that are no entries."""
    store, tree = FakeLedgerStore(), Subtrees()
    for index, body in enumerate(bodies):
        tree.add(entry_leaf(body))
        store.stored.append(
            StoredEntry(index=index, kind="intake", body=body, leaf=entry_leaf(body))
        )
    checkpoint = Checkpoint(origin=KEY.verifier.name, size=tree.size, root=tree.root())
    note = KEY.sign(checkpoint.text())
    store.signed.append(StoredCheckpoint(size=tree.size, root=tree.root(), note=note))
    store.size, store.subtrees = tree.size, tree.hashes
    return store


GOOD = made(0).body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"not json",
        b"[" * 100_000,
        GOOD + b"\n",
        GOOD.replace(b'"v":2', b'"v": 2'),
        GOOD.replace(b'"v":2', b'"v":2.5'),
        GOOD.replace(b'"v":2', b'"v":3'),
        GOOD.replace(b'"v":2', b'"v":99999999999999999'),
        GOOD.replace(b'"v":2', b'"v":2,"v":2'),
        GOOD.replace(b"14:00:00.000000Z", b"14:00:00Z"),
        GOOD.replace(b'"demonstration":true', b'"demonstration":1'),
        GOOD.replace(b'{"at"', b'{"x":"\\u0041","at"'),
    ],
)
def test_what_is_no_entry_is_named_even_where_it_was_signed(body: bytes):
    assert verify(signed_as_is(GOOD), KEY.verifier).ok
    fault = verify(signed_as_is(GOOD, body), KEY.verifier).fault
    assert fault is not None
    assert (fault.kind, fault.index) == ("form", 1)


def test_verification_reads_in_bounded_memory(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        entries = [made(n) for n in range(10_000)]
        with database.begin() as work:
            Ledger(KEY).append(work.ledger, entries)
        held = sum(len(entry.body) for entry in entries)
        seen: list[int] = []
        with database.reading() as work:
            tracemalloc.start()
            found = verify(work.ledger, KEY.verifier, progress=seen.append)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert (found.ok, found.size) == (True, 10_000)
    assert peak < held
    assert seen == [10_000]
