"""Some hundreds of ways to cheat: each is caught, changes nothing, or is a limit the docs name."""

import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.gateway.model import CallRecord
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.usecases import LedgerError
from changeover.ledger.verification import verify
from changeover.storage.database import Database
from tests.docs.repository import ROOT
from tests.evidence.mutations import (
    LINED,
    Mutation,
    Opened,
    of_checkpoints,
    of_entries,
    of_lines,
    of_numbers,
    of_openings,
)
from tests.evidence.proven import ALPHAS, BETA, KEY, OTHER_KEY, World, called, lived, world
from tests.orders.worlds import day

FAMILIES = (of_lines, of_openings, of_entries, of_checkpoints, of_numbers)


def _mutations(pack: Opened) -> list[Mutation]:
    return [mutation for family in FAMILIES for mutation in family(pack)]


def test_whoever_holds_the_key_and_signs_anew_is_caught(
    content: bytes, judge: Callable[..., dict[str, Any]]
):
    """Without a checkpoint kept outside: the old ones of the file still have their roots."""
    pack = Opened(content)
    honest = judge(pack.copied().closed())
    assert (honest["verdict"], len(honest["calls"])) == ("these-calls", 2)
    mutations = _mutations(pack)
    survived = []
    for mutation in mutations:
        mutated = pack.copied()
        mutation.do(mutated)
        assert mutated.lines != pack.lines or mutated.manifest != pack.manifest, mutation.name
        found = judge(mutated.closed())
        if found["verdict"] == "incomplete":
            continue
        if _truth(found) != _truth(honest):
            survived.append(mutation.name)
        else:
            # A checkpoint between two others can be left out: the next signs the same entries. And
            # an order or directory from before the range: of calls it says nothing.
            assert mutation.name.startswith(("drop checkpoints", "drop entries")), mutation.name
    assert survived == []
    assert len(mutations) >= 200


def _truth(found: dict[str, Any]) -> tuple[Any, ...]:
    return found["verdict"], found["groups"], found["calls"]


def test_whoever_does_not_hold_the_key_is_caught_at_any_byte(
    content: bytes, judge: Callable[..., dict[str, Any]]
):
    chance = random.Random(11)
    honest = judge(content)
    for _ in range(150):
        at = chance.randrange(len(content))
        mutated = bytearray(content)
        mutated[at] ^= 1 << chance.randrange(8)
        found = judge(bytes(mutated))
        # Of a ZIP's own bytes some say nothing of what is in it, such as a part's date.
        assert not found["holds"] or found == honest, at
    for at in range(0, len(content), len(content) // 40 + 1):
        assert not judge(content[:at])["holds"]


def test_another_key_or_an_unsigned_manifest_is_caught(
    content: bytes, judge: Callable[..., dict[str, Any]]
):
    pack = Opened(content)
    assert not judge(pack.copied().closed(OTHER_KEY))["holds"]
    mutated = pack.copied()
    mutated.manifest["vendor"] = "beta"
    assert not judge(mutated.closed())["holds"]


@pytest.mark.parametrize(
    "alphas",
    [
        ALPHAS[:2],
        (*ALPHAS[:2], called(3, 20, BETA), ALPHAS[3]),
        (*ALPHAS[:2], called(3, 4), ALPHAS[3]),
        (),
    ],
    ids=["without a call", "with a call elsewhere", "with a call back-dated", "without any"],
)
def test_another_history_is_caught_by_a_checkpoint_kept_outside_alone(
    tmp_path: Path, judge: Callable[..., dict[str, Any]], alphas: tuple[CallRecord, ...]
):
    """The limit that the docs name: the key's holder signs a whole other ledger."""
    with world(tmp_path / "true") as true:
        kept = lived(true, *ALPHAS).checkpoint()
        assert judge(true.pack()[0], known=kept)["holds"]
    with world(tmp_path / "forked") as forked:
        pack, _ = lived(forked, *alphas).pack()
    assert judge(pack)["holds"]
    assert not judge(pack, known=kept)["holds"]
    assert "**Another history by the holder of the key.**" in _docs()


def test_an_older_pack_or_a_ledger_cut_back_does_not_pass_for_the_newest(
    tmp_path: Path, judge: Callable[..., dict[str, Any]]
):
    with world(tmp_path / "data") as made:
        made.begins("start_1")
        earlier, _ = made.pack(reached=day(200))
        made.calls(called(1, 20))
        kept = made.checkpoint()
        later, _ = made.pack(reached=day(200))
    assert judge(earlier)["verdict"] == "none-recorded"
    assert not judge(earlier, known=kept)["holds"]
    assert judge(later, known=kept)["verdict"] == "these-calls"
    assert "cut one back after its last checkpoint that anybody keeps" in _docs()


@pytest.mark.parametrize(
    ("first", "then", "call", "said"),
    [
        (20, 10, 20, "clock went back"),
        (20, 40, 7, "back-dated"),
        (20, 40, 90, "post-dated"),
    ],
)
def test_a_clock_that_was_moved_is_seen(
    tmp_path: Path,
    judge: Callable[..., dict[str, Any]],
    first: float,
    then: float,
    call: float,
    said: str,
):
    with world(tmp_path / "data") as made:
        made.on(first)
        made.begins("start_1")
        made.calls(called(1, call))
        made.on(then)
        made.lives.stopped("start_1", 1)
        found = judge(made.pack()[0])
    assert not found["holds"]
    assert said in found["reasons"][0]


@pytest.mark.parametrize("value", [None, -1, 2**70, "x", [], {}, [[]], True])
def test_whatever_its_form_a_file_gets_an_answer(
    content: bytes, judge: Callable[..., dict[str, Any]], value: Any
):
    """Signed by one who holds the key, so that what is inside is read at all."""
    pack = Opened(content)
    for name in pack.manifest:
        mutated = pack.copied()
        mutated.manifest[name] = value
        assert judge(_closed(mutated))["verdict"] in {"incomplete", "these-calls", "none-recorded"}
    for part in LINED:
        for at in (0, len(pack.lines[part]) - 1):
            told = json.loads(pack.lines[part][at])
            for name in told if isinstance(told, dict) else ():
                mutated = pack.copied()
                mutated.lines[part][at] = json.dumps(told | {name: value}).encode()
                assert not judge(_closed(mutated))["holds"] or name in {"law", "record"}
            mutated = pack.copied()
            mutated.lines[part][at] = json.dumps(value).encode()
            assert not judge(_closed(mutated))["holds"]


def _closed(pack: Opened) -> bytes:
    """Closed although a canonical form may be lacking."""
    try:
        return pack.closed()
    except InvalidInputError:
        return b""


def test_what_the_exporter_states_is_named_as_a_limit(
    content: bytes, judge: Callable[..., dict[str, Any]]
):
    """What only the exporter can know, and the docs say so of."""
    pack = Opened(content)
    for name, value in (
        ("routes", []),
        ("instruments", []),
        ("reached", "2027-01-01T00:00:00.000000Z"),
        ("waiting_calls", 0),
    ):
        mutated = pack.copied()
        mutated.manifest[name] = value
        assert judge(mutated.closed())["holds"]
    mutated = pack.copied()
    entries = mutated.lines["entries.jsonl"]
    entries[:] = [line.replace(b'"winding-down"', b'"permitted"') for line in entries]
    assert judge(mutated.closed())["groups"]["permitted"] == 1
    docs = _docs()
    assert "so takes the groups on the word of who signed the pack" in docs
    assert "the exporter's statements, signed" in docs


def test_an_altered_database_is_found_by_verify_and_gives_no_pack(tmp_path: Path):
    """Behind the program's back, by one who knows how leaves are hashed."""
    path = tmp_path / "data" / "changeover.db"
    with world(tmp_path / "data") as made:
        size = lived(made, *ALPHAS).pack()[1].manifest.size
    whole = path.read_bytes()
    tried = 0
    for index in range(size):
        for change in (_drop, _edit, _edit_with_leaf, _back_date_with_leaf, _swap_with_next):
            path.write_bytes(whole)
            connection = sqlite3.connect(path)
            changed = change(connection, index)
            connection.commit()
            connection.close()
            if not changed:
                continue
            tried += 1
            with Database(f"sqlite:///{path}") as database:
                with database.reading() as work:
                    found = verify(work.ledger, KEY.verifier)
                assert not found.ok, (index, change)
                altered = object.__new__(World)
                altered.database = database
                with pytest.raises(LedgerError):
                    altered.pack()
    assert tried >= 5 * size - 10


def _row(connection: sqlite3.Connection, index: int) -> bytes:
    query = 'SELECT CAST(body AS BLOB) FROM ledger_entry WHERE "index" = ?'
    row = connection.execute(query, (index,)).fetchone()
    return b"" if row is None else bytes(row[0])


def _set(connection: sqlite3.Connection, index: int, body: bytes, leaf: bytes | None) -> bool:
    assert body != _row(connection, index)
    change = 'UPDATE ledger_entry SET body = ?, leaf = coalesce(?, leaf) WHERE "index" = ?'
    return connection.execute(change, (body, leaf, index)).rowcount == 1


def _drop(connection: sqlite3.Connection, index: int) -> bool:
    return connection.execute('DELETE FROM ledger_entry WHERE "index" = ?', (index,)).rowcount == 1


def _edit(connection: sqlite3.Connection, index: int) -> bool:
    return _set(connection, index, _row(connection, index).replace(b'":', b'_":', 1), None)


def _edit_with_leaf(connection: sqlite3.Connection, index: int) -> bool:
    body = _row(connection, index).replace(b'"demonstration":false', b'"demonstration":true')
    return _set(connection, index, body, entry_leaf(body))


def _back_date_with_leaf(connection: sqlite3.Connection, index: int) -> bool:
    body = _row(connection, index).replace(b'"at":"2026', b'"at":"2025')
    return _set(connection, index, body, entry_leaf(body))


def _swap_with_next(connection: sqlite3.Connection, index: int) -> bool:
    one, other = _row(connection, index), _row(connection, index + 1)
    if not other:
        return False
    _set(connection, index, other, entry_leaf(other))
    return _set(connection, index + 1, one, entry_leaf(one))


def _docs() -> str:
    return " ".join((ROOT / "docs" / "evidence.md").read_text().split())
