"""What a pack says of a small world: each of the three answers, and who may rely on what."""

import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.evidence import verifier
from changeover.evidence.exporting import Made, export
from changeover.evidence.pack import Asked
from changeover.evidence.verifier import Key, verdict
from changeover.ledger.usecases import LedgerError
from changeover.storage.database import Database
from tests.evidence.proven import ALPHA, BETA, KEY, OTHER_KEY, World, called, lived, world
from tests.orders.worlds import day, order

CLOUD = "alpha/one@cloud"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "data") as made:
        yield made


def judged(folder: Path, content: bytes, **given: Any) -> dict[str, Any]:
    file = folder / "pack.zip"
    file.write_bytes(content)
    return verdict(file, **({"key": Key(str(KEY.verifier))} | given))


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return file.read(name)


def test_none_recorded_and_the_record_unbroken(kept: World, tmp_path: Path):
    content, exported = lived(kept).pack()
    found = judged(tmp_path, content)
    assert (found["verdict"], found["holds"], found["reasons"]) == ("none-recorded", True, [])
    assert found["words"][1].startswith("None recorded.")
    assert found["calls"] == []
    assert exported.manifest.first > 0
    shown = [json.loads(line)["entry"] for line in part(content, "entries.jsonl").splitlines()]
    assert not any('"kind":"call"' in entry for entry in shown)


def test_the_calls_are_split_by_where_they_stand_in_law(kept: World, tmp_path: Path):
    alphas = (
        called(1, 4),
        called(2, 6),
        called(3, 20),
        called(4, 70),
        called(5, 71, result="refused"),
        called(6, 20, CLOUD, service="far", party="elsewhere"),
        called(7, 20, ALPHA, service="gone", party="elsewhere"),
        called(8, 105),
    )
    content, _ = lived(kept, *alphas).pack()
    found = judged(tmp_path, content)
    assert found["verdict"] == "these-calls"
    assert found["groups"] == {
        "before-effect": 1,
        "permitted": 1,
        "refused": 1,
        "unauthorised": 1,
        "unknown": 1,
        "winding-down": 1,
    }
    assert [(call["seq"], call["group"]) for call in found["calls"]] == [
        (2, "before-effect"),
        (3, "winding-down"),
        (4, "unauthorised"),
        (6, "permitted"),
        (7, "unknown"),
    ]
    assert "1 refused before anything was sent." in found["words"]


def test_what_was_lawful_as_known_then_and_is_not_as_known_now(kept: World, tmp_path: Path):
    lived(kept, called(1, 20))
    kept.on(120)
    kept.office.issue(order("late", at=day(15)), by="an officer")
    content, _ = kept.pack()
    (call,) = judged(tmp_path, content)["calls"]
    assert call["group"] == "unauthorised"
    lines = map(json.loads, part(content, "entries.jsonl").splitlines())
    (law,) = (line["law"] for line in lines if "law" in line)
    assert (law["then"]["outcome"], law["then"]["instruments"]) == ("notice", ["bar"])
    assert (law["now"]["outcome"], law["now"]["instruments"]) == ("refuse", ["late", "bar"])


def test_a_party_is_asked_about_with_all_that_is_part_of_it(kept: World, tmp_path: Path):
    lived(kept, called(1, 20), called(2, 20, service="far", party="elsewhere"))
    content, exported = kept.pack(party="state")
    assert exported.manifest.parties == ("bureau", "state")
    found = judged(tmp_path, content)
    assert [call["party"] for call in found["calls"]] == ["bureau"]
    assert judged(tmp_path, kept.pack(party="body")[0])["verdict"] == "none-recorded"


def test_a_host_is_asked_about_by_the_makers_of_what_it_serves(kept: World, tmp_path: Path):
    lived(kept, called(1, 20, CLOUD), called(2, 20, ALPHA))
    content, exported = kept.pack(vendor="cloud")
    assert exported.manifest.makers == ("alpha", "cloud", "gamma")
    assert [call["route"] for call in judged(tmp_path, content)["calls"]] == [CLOUD]


@pytest.mark.parametrize("explained", [False, True])
def test_a_gap_makes_the_record_incomplete_explained_or_not(
    kept: World, tmp_path: Path, explained: bool
):
    kept.on(6)
    kept.begins("start_1")
    kept.calls(called(1, 20, BETA), called(4, 21, BETA))
    kept.on(30)
    kept.lives.killed({"start_1": 4})
    if explained:
        kept.lives.explain("start_1", (2, 3), why="The disk burnt.", by="ada")
    found = judged(tmp_path, kept.pack()[0])
    assert (found["verdict"], found["holds"]) == ("incomplete", True)
    (reason,) = found["reasons"]
    assert reason.startswith("No entry tells of calls 2 to 3 of start start_1")
    assert ("ada explains: The disk burnt." in reason) is explained
    assert judged(tmp_path, kept.pack(until=day(5.5))[0])["verdict"] == "none-recorded"


def test_a_lost_start_makes_all_incomplete_that_it_may_have_lived_in(kept: World, tmp_path: Path):
    kept.on(6)
    kept.begins("start_1")
    kept.on(8)
    kept.begins("start_2")
    (reason,) = judged(tmp_path, kept.pack()[0])["reasons"]
    assert reason.startswith("Start start_1 was lost")


def test_what_waits_and_a_window_that_is_not_over_make_it_incomplete(kept: World, tmp_path: Path):
    lived(kept)
    (reason,) = judged(tmp_path, kept.pack(until=day(150), reached=day(140))[0])["reasons"]
    assert "inside the window" in reason
    kept.sequencer = type(kept.sequencer)(kept.database, None)
    kept.calls(called(1, 20, start="start_9"))
    (reason,) = judged(tmp_path, kept.pack()[0])["reasons"]
    assert reason.startswith("1 calls wait to be sequenced")


def test_it_is_compared_with_a_checkpoint_kept_outside(kept: World, tmp_path: Path):
    early = kept.checkpoint()
    lived(kept)
    late = kept.checkpoint()
    content, _ = kept.pack()
    assert judged(tmp_path, content, known=late)["verdict"] == "none-recorded"
    assert "older state" in judged(tmp_path, content, known=early)["reasons"][0]
    assert judged(tmp_path, kept.pack(known=1)[0], known=early)["verdict"] == "none-recorded"
    kept.begins("start_5")
    assert "older state" in judged(tmp_path, content, known=kept.checkpoint())["reasons"][0]


def test_another_key_is_not_believed(kept: World, tmp_path: Path):
    content, _ = lived(kept).pack()
    found = judged(tmp_path, content, key=Key(str(OTHER_KEY.verifier)))
    assert (found["verdict"], found["holds"], found["manifest"]) == ("incomplete", False, None)
    assert judged(tmp_path, content, key=None)["trusted"] == "the file's own key"


def test_what_cannot_be_asked_is_told(kept: World):
    for asked, error, said in (
        ({"vendor": "alpho"}, NotFoundError, "no vendor 'alpho'"),
        ({"party": "stat"}, NotFoundError, "no party 'stat'"),
        ({"until": day(5)}, InvalidInputError, "ends before it begins"),
        ({"key": OTHER_KEY}, Exception, "not signed by"),
    ):
        with pytest.raises(error, match=said):
            kept.pack(**asked)


def test_no_pack_is_made_of_an_altered_ledger(kept: World):
    lived(kept, called(1, 20))
    with kept.database.begin() as work:
        statement = "UPDATE ledger_entry SET body = replace(CAST(body AS TEXT), 'alpha', 'gamma')"
        work._connection.exec_driver_sql(statement)
    with pytest.raises(LedgerError, match="not as it was last signed"):
        kept.pack()


def test_the_same_state_gives_the_same_bytes(kept: World):
    lived(kept, called(1, 20))
    assert kept.pack()[0] == kept.pack()[0]


def test_the_declaration_keeps_records_and_statements_apart(kept: World):
    text = part(lived(kept).pack()[0], "declaration.txt").decode()
    machine, people = text.split("B. What I state")
    assert KEY.verifier.name in machine
    assert "902(11)" in people
    assert "________" not in machine.split("A. What the machine recorded")[1]


def test_the_verifier_stands_alone_in_one_file(kept: World, tmp_path: Path):
    source = Path(verifier.__file__).read_text()
    assert len(source.splitlines()) < 500
    alone = tmp_path / "verify.py"
    alone.write_text(source)
    file = tmp_path / "pack.zip"
    for status, asked in ((0, {}), (1, {"reached": day(50)})):
        with world(tmp_path / f"ending_with_{status}") as made:
            file.write_bytes(lived(made, called(1, 20)).pack(**asked)[0])
        ran = subprocess.run(
            [sys.executable, "-I", alone, file, "--vkey", str(KEY.verifier), "--json"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (status, "")
        assert json.loads(ran.stdout) == verdict(file, Key(str(KEY.verifier)))


def test_a_pack_is_made_on_either_database(database_url: str, tmp_path: Path):
    with Database(database_url) as database:
        found = judged(tmp_path, lived(World(database), called(1, 20)).pack()[0])
    assert (found["verdict"], found["groups"]) == ("these-calls", {"winding-down": 1})


def test_it_is_made_and_verified_in_bounded_memory(kept: World, tmp_path: Path):
    kept.begins("start_1")
    calls = [called(n, 20 + n / 1000, BETA) for n in range(1, 6001)]
    kept.calls(*calls)
    kept.on(110)
    kept.lives.stopped("start_1", len(calls))
    held = 700 * len(calls)
    with (tmp_path / "pack.zip").open("wb") as file, kept.database.reading() as work:
        asked = Asked(vendor="alpha", since=day(5), until=day(100))
        making = Made(key=KEY, reached=day(200), software="1", demonstration=False)
        tracemalloc.start()
        export(work, asked, making, file)
        _, exporting = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    tracemalloc.start()
    found = verdict(tmp_path / "pack.zip", Key(str(KEY.verifier)))
    _, verifying = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found["verdict"] == "none-recorded"
    assert max(exporting, verifying) < held
