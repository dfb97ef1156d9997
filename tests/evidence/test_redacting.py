"""A redacted pack: it says so, it verifies, and nothing true can be changed under its cover."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.evidence.pack_page import page
from changeover.evidence.redacting import HIDDEN, Redaction, redact
from changeover.evidence.verifier import tell
from changeover.ledger.leaves import opening
from tests.docs.repository import ROOT
from tests.evidence.mutations import Opened
from tests.evidence.proven import KEY, OTHER_KEY, called, lived, world

Judge = Callable[..., dict[str, Any]]


def redacted(folder: Path, content: bytes, key: Any = KEY, **asked: Any) -> bytes:
    source, out = folder / "whole.zip", BytesIO()
    source.write_bytes(content)
    told = {"by": "ada", "why": "Names of services."} | asked
    redact(source, out, Redaction(**told), key)
    return out.getvalue()


def calls(pack: Opened) -> list[dict[str, Any]]:
    lines = map(json.loads, pack.lines["entries.jsonl"])
    return [line for line in lines if "opening" in line]


def test_it_says_so_and_gives_the_same_answer(content: bytes, tmp_path: Path, judge: Judge):
    whole = judge(content)
    made = redacted(tmp_path, content, calls=None, orders=frozenset({"bar"}))
    found = judge(made)
    assert (found["verdict"], found["holds"]) == (whole["verdict"], True)
    assert (found["groups"], found["days"]) == (whole["groups"], whole["days"])
    assert {call["service"] for call in found["calls"]} == {HIDDEN}
    assert "4 calls are redacted: their times and routes are the word of who signed." in tell(found)
    assert found["manifest"]["redacted"]["why"] == "Names of services."
    assert found["manifest"]["keys"] == []
    for language, said in (("en", "This pack is redacted."), ("fr", "Ce dossier est caviardé.")):
        text = page(found, language).decode()  # type: ignore[arg-type]  # of the two languages
        assert said in text
        assert "Names of services." in text
        assert found["manifest"]["redacted"]["of"] in text
    pack = Opened(made)
    assert b"desk" not in b"".join(pack.lines["entries.jsonl"])
    assert b'"words' not in b"".join(pack.lines["entries.jsonl"])
    assert len(calls(pack)) == 4


def test_some_calls_alone_are_left_out_and_the_party_stays_where_it_is_asked_for(
    tmp_path: Path, judge: Judge
):
    with world(tmp_path / "data") as made:
        lived(made, called(1, 20), called(2, 21), called(3, 20, service="far", party="elsewhere"))
        content, _ = made.pack(party="state")
    whole = judge(content)
    index = whole["calls"][0]["index"]
    found = judge(redacted(tmp_path, content, calls=frozenset({index})))
    assert [call["service"] for call in found["calls"]] == [HIDDEN, "desk"]
    assert found["groups"] == whole["groups"]
    found = judge(redacted(tmp_path, content, calls=None))
    assert [call["party"] for call in found["calls"]] == ["bureau", "bureau"]


@pytest.mark.parametrize(
    "changes",
    [
        {"opening": {"maker": "beta"}},
        {"opening": {"result": "refused"}},
        {"opening": {"rest": "0" * 64}},
        {"opening": {"kind": "start"}},
        {"opening": {"more": "x"}},
        {"stated": {"seq": 2}},
        {"stated": {"seq": 99}},
        {"stated": {"start": "start_0"}},
        {"stated": {"at": "2020-01-01T00:00:00.000000Z"}},
        {"stated": {"at": 5}},
        {"stated": {"service": 5}},
        {"proof": []},
        {"law": {"group": "permitted"}, "opening": {"result": "refused"}},
    ],
    ids=repr,
)
def test_what_is_proven_of_a_redacted_call_cannot_be_changed(
    content: bytes, tmp_path: Path, judge: Judge, changes: dict[str, Any]
):
    pack = Opened(redacted(tmp_path, content, calls=None))
    lines = pack.lines["entries.jsonl"]
    at = next(at for at, line in enumerate(lines) if b'"opening"' in line and b"2026-01-21" in line)
    told = json.loads(lines[at])
    changed = {n: told[n] | v if isinstance(v, dict) else v for n, v in changes.items()}
    lines[at] = canonical(told | changed)
    assert not judge(pack.closed())["holds"]


def test_redacted_calls_cannot_be_dropped_doubled_or_swapped(
    content: bytes, tmp_path: Path, judge: Judge
):
    pack = Opened(redacted(tmp_path, content, calls=None))
    lines = pack.lines["entries.jsonl"]
    places = [at for at, line in enumerate(lines) if b'"opening"' in line]
    for at in places:
        for change in (
            [*lines[:at], *lines[at + 1 :]],
            [*lines[:at], lines[at], *lines[at:]],
            [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]],
        ):
            mutated = pack.copied()
            mutated.lines["entries.jsonl"] = change
            assert not judge(mutated.closed())["holds"]


@pytest.mark.parametrize("kind", ["start", "end", "gap", "directory", "instrument"])
def test_nothing_but_a_call_may_be_redacted(
    content: bytes, tmp_path: Path, judge: Judge, kind: str
):
    """Under that cover a start could be told at another time, or a gap of another start."""
    pack = Opened(content).copied()
    lines = pack.lines["entries.jsonl"]
    marks = (json.loads(line) for line in lines)
    index = max(one["index"] for one in marks if f'"kind":"{kind}"' in one["entry"])
    at = next(at for at, line in enumerate(lines) if json.loads(line)["index"] == index)
    told = json.loads(lines[at])
    entry = json.loads(told.pop("entry"))
    opened = msgspec.to_builtins(opening(entry))
    lines[at] = canonical(told | {"opening": opened, "stated": entry})
    found = judge(pack.closed())
    assert not found["holds"]
    assert "may not be redacted" in found["reasons"][0]


def test_what_the_signer_states_of_it_is_named_as_a_limit(
    content: bytes, tmp_path: Path, judge: Judge
):
    pack = Opened(redacted(tmp_path, content, calls=None))
    lines = pack.lines["entries.jsonl"]
    at = next(at for at, line in enumerate(lines) if b"2026-01-21" in line)
    lines[at] = lines[at].replace(b"2026-01-21", b"2026-01-22")
    assert judge(pack.closed())["holds"]
    docs = " ".join((ROOT / "docs" / "evidence.md").read_text().split())
    assert "**When a redacted call was, and where it went.**" in docs


def test_what_cannot_be_redacted_is_told(content: bytes, tmp_path: Path):
    for asked, said in (
        ({"calls": frozenset({0})}, "shows no 0"),
        ({"orders": frozenset({"none"})}, "shows no none"),
        ({"by": " "}, "by whom and why"),
        ({"why": ""}, "by whom and why"),
        ({"key": OTHER_KEY}, "not redacted"),
    ):
        with pytest.raises(InvalidInputError, match=said):
            redacted(tmp_path, content, **asked)
    with pytest.raises(InvalidInputError, match="not redacted"):
        redacted(tmp_path, b"none")


def test_it_can_be_redacted_further_and_names_the_one_before(
    content: bytes, tmp_path: Path, judge: Judge
):
    once = redacted(tmp_path, content, orders=frozenset({"bar"}))
    twice = judge(redacted(tmp_path, once, calls=None, orders=frozenset({"bar"})))
    assert twice["holds"]
    assert twice["manifest"]["redacted"]["of"] != judge(once)["manifest"]["redacted"]["of"]
