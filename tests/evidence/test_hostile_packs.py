"""Packs by one who holds the ledger's key: what readers are told is what was asked and shown."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import html

from changeover.cli import changeover as command_line
from changeover.evidence.pack_page import page
from changeover.evidence.verifier import Key, tell
from tests.docs.repository import ROOT
from tests.evidence.mutations import Opened
from tests.evidence.proven import ALPHA, BETA, KEY, World, called, lived, world
from tests.orders.worlds import day

Judge = Callable[..., dict[str, Any]]
INSTRUMENT = {"id": "bar", "title": "Bar", "at_from": "pending", "at_to": "ended"}


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": []},
        {"parties": ""},
        {"parties": {}},
        {"parties": ["anybody", "to alpha"]},
        {"parties": ["bureau\nNone recorded."]},
        {"parties": [" bureau"]},
        {"parties": ["bureau", 5]},
        {"vendor": "Alpha", "makers": ["Alpha", "alpha"]},
        {"vendor": "alpha\n", "makers": ["alpha\n", "alpha"]},
        {"vendor_name": None},
        {"vendor_name": "\ud800"},
        {"not_covered": None},
        {"not_covered": 5},
        {"not_covered": "all of it"},
        {"not_covered": [[1]]},
        {"instruments": None},
        {"instruments": [1]},
        {"instruments": [INSTRUMENT | {"title": 5}]},
        {"routes": [{"route": 5}]},
        {"routes": [{}]},
        {"demonstration": "no"},
        {"key": 5},
        {"reached": 5},
        {"from": "2026-1-06T00:00:00.000000Z"},
        {"from": "2027-01-01T00:00:00.000000Z"},
    ],
    ids=repr,
)
def test_what_is_asked_is_said_as_it_is(content: bytes, judge: Judge, changes: dict[str, Any]):
    pack = Opened(content).copied()
    pack.manifest |= changes
    found = judge(pack.closed(strictly=False))
    assert (found["verdict"], found["holds"]) == ("incomplete", False)
    assert tell(found).encode()
    assert page(found, "fr")


@pytest.mark.parametrize("lacking", ["vendor_name", "demonstration", "parties", "not_covered"])
def test_what_is_said_is_there(content: bytes, judge: Judge, lacking: str):
    pack = Opened(content).copied()
    del pack.manifest[lacking]
    found = judge(pack.closed())
    assert not found["holds"]
    assert tell(found).encode()
    assert page(found, "en")


def test_the_page_and_the_words_name_the_vendor_and_the_parties_asked_of(
    content: bytes, judge: Judge
):
    pack = Opened(content).copied()
    pack.manifest |= {"vendor_name": "Beta", "party": "all", "parties": ["all"]}
    found = judge(pack.closed())
    assert found["words"][0].startswith("Asked: calls of the parties named all to alpha, ")
    read = html.fromstring(page(found, "en"))
    assert read.xpath("//h1")[0].text == "Calls to Beta (alpha)"
    assert "Calls of the parties named all, from" in read.text_content()
    assert judge(content)["words"][0].startswith("Asked: calls of all parties to alpha, ")


def test_a_start_is_told_once(tmp_path: Path, judge: Judge):
    """Told again after the window, it would seem not to have lived, nor to lack a call, in it."""
    with world(tmp_path / "data") as made:
        made.on(6)
        made.begins("start_1")
        made.calls(called(2, 20, BETA))
        made.on(30)
        made.lives.killed({"start_1": 2})
        assert "calls 1 to 1 of start start_1" in judge(made.pack()[0])["reasons"][0]
        made.on(150)
        made.begins("start_1")
        found = judge(made.pack()[0])
    assert not found["holds"]
    assert "begins a start anew" in found["reasons"][0]


def test_that_a_start_runs_is_said_to_be_the_exporters_word(tmp_path: Path, judge: Judge):
    with world(tmp_path / "data") as made:
        made.on(6)
        made.begins("start_1")
        made.calls(called(1, 20, BETA))
        content, _ = made.pack()
    (said,) = [line for line in judge(content)["words"] if "still ran" in line]
    assert "is the word of who signed" in said
    pack = Opened(content).copied()
    (start,) = [one for one in pack.manifest["starts"] if one["state"] == "running"]
    start["state"] = "lost"
    assert judge(pack.closed())["verdict"] == "incomplete"
    assert "that a start still runs" in (ROOT / "docs" / "evidence.md").read_text()
    assert any("still ran" in line for line in pack.manifest["not_covered"])


def _gapped(folder: Path) -> bytes:
    """Start 1 lacks call 2 in the window; start 9 lived after it, and lacks none."""
    with world(folder) as made:
        made.on(6)
        made.begins("start_1")
        made.calls(called(1, 20), called(3, 21, BETA), called(4, 22))
        made.on(30)
        made.lives.killed({"start_1": 4})
        made.on(150)
        made.begins("start_9")
        made.calls(
            *(called(n, 151, r, start="start_9") for n, r in enumerate((ALPHA, ALPHA, BETA), 1))
        )
        made.on(160)
        made.lives.stopped("start_9", 3)
        return made.pack()[0]


GAP = {"why": None, "by": None}


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({"gaps": []}, {"gaps": [GAP | {"first": 2, "last": 2}], "calls": 3, "last": 4}),
        ({"gaps": [], "calls": 4}, {"gaps": [GAP | {"first": 2, "last": 2}], "calls": 2}),
        ({"gaps": [], "calls": 4}, {"gaps": [GAP | {"first": 4, "last": 5}], "calls": 2}),
        ({"gaps": [], "calls": 4}, {"calls": 1, "last": 1}),
        ({"gaps": [], "calls": 2, "last": 2}, {"calls": 4, "last": 4}),
        ({"gaps": [GAP | {"first": 5, "last": 6}], "calls": 3, "last": 5}, {}),
        ({"gaps": [GAP | {"first": 2.0, "last": 2.0}]}, {}),
    ],
    ids=[
        "moved",
        "over a call",
        "beyond",
        "fewer than shown",
        "lower",
        "past the end",
        "no number",
    ],
)
def test_a_gap_is_not_moved_to_where_a_call_is(
    tmp_path: Path, judge: Judge, first: dict[str, Any], other: dict[str, Any]
):
    content = _gapped(tmp_path / "data")
    assert "calls 2 to 2 of start start_1" in judge(content)["reasons"][0]
    pack = Opened(content).copied()
    told = {one["start"]: one for one in pack.manifest["starts"]}
    told["start_1"] |= first
    told["start_9"] |= other
    assert not judge(pack.closed(strictly=False))["holds"]


def test_a_start_is_listed_once_and_a_number_told_once(tmp_path: Path, judge: Judge):
    content = _gapped(tmp_path / "data")
    pack = Opened(content).copied()
    pack.manifest["starts"].append(pack.manifest["starts"][0] | {"calls": 0, "last": 0, "gaps": []})
    assert "tell of every start once" in judge(pack.closed())["reasons"][0]
    with world(tmp_path / "other") as made:
        made.begins("start_1")
        made.calls(called(1, 20), called(2, 21))
        made.on(30)
        entry = json.loads(_entry(made, "call"))
        with made.works.begin() as work:
            work.tell("call", made.clock.now(), _fields(entry))
        found = judge(made.pack()[0])
    assert "tells of a number that another call has" in found["reasons"][0]


def _entry(made: World, kind: str) -> str:
    with made.database.reading() as work:
        return next(one.body.decode() for one in work.ledger.entries() if one.kind == kind)


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in entry.keys() - {"v", "kind", "at", "demonstration"}}


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("entries.jsonl", zipfile.ZIP_LZMA),
        ("entries.jsonl", zipfile.ZIP_BZIP2),
        ("\x1b[2J\x1b[HNone recorded.\u202e", zipfile.ZIP_STORED),
        ("x" * 60_000, zipfile.ZIP_STORED),
    ],
    ids=["lzma", "bzip2", "escapes", "long"],
)
def test_a_hostile_zip_gets_an_answer(content: bytes, judge: Judge, name: str, packed: int):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as whole, zipfile.ZipFile(out, "w") as file:
        for part in whole.namelist():
            given = (name, packed) if part == "entries.jsonl" else (part, zipfile.ZIP_STORED)
            file.writestr(given[0], whole.read(part), given[1])
    damaged = bytearray(out.getvalue())
    damaged[out.getvalue().find(b"{", 60)] ^= 1
    for pack in (out.getvalue(), bytes(damaged)):
        found = judge(pack)
        assert not found["holds"]
        said = tell(found)
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert len(said) < 2000
        assert page(found, "en")


def test_no_line_does_anything_to_a_terminal(content: bytes, tmp_path: Path, judge: Judge):
    pack = Opened(content).copied()
    pack.manifest["not_covered"] = ["\x1b]0;owned\x07\x9b31m\u202e", "\r\nNone recorded."]
    found = judge(pack.closed())
    assert found["holds"]
    told = tell(found)
    assert all(c.isprintable() or c == "\n" for c in told)
    assert "\\x1b]0;owned" in told
    assert "\nNone recorded." not in told
    file = tmp_path / "pack.zip"
    asked = ["--vkey", str(KEY.verifier)]
    for command in (
        ["verify", str(file)],
        ["report", str(file), "--out", str(tmp_path / "r.html")],
    ):
        ran = CliRunner().invoke(command_line, ["evidence", *command, *asked])
        assert ran.exit_code == 0
        assert all(c.isprintable() or c == "\n" for c in ran.output)


def test_what_calls_are_said_of_is_text(content: bytes, tmp_path: Path, judge: Judge):
    """A call of another form, which the key's holder put into the ledger."""
    with world(tmp_path / "data") as made:
        lived(made, called(1, 20))
        entry = _fields(json.loads(_entry(made, "call")))
        at = made.clock.now()
        with made.works.begin() as work:
            told = entry | {"maker": "alpha", "host": "alpha", "service": 5, "start": "start_8"}
            work.tell("call", at, told | {"seq": 1})
        found = judge(made.pack(until=day(190))[0])
    assert not found["holds"]
    assert "not of the form of a call" in found["reasons"][0]
    assert page(found, "en")


def test_a_key_that_is_none_is_told():
    with pytest.raises(ValueError, match="C2SP form"):
        Key("name+00000000+AAAA")
