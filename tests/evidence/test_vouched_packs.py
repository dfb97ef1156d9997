"""What witnesses and authorities said of a ledger travels with its packs, and is checked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from changeover.evidence.pack_page import page
from changeover.evidence.redacting import Redaction, redact
from changeover.evidence.verifier import verdict
from changeover.evidence.vouched_pack import sentences, with_vouched
from changeover.ledger.checkpoint import read_note
from changeover.ledger.cosignatures import WitnessSigner
from changeover.ledger.time_stamps import query, read_roots
from changeover.ledger.vouched import Trusted
from changeover.ledger.vouching import Stamp, StampKind
from tests.end_to_end.running import said
from tests.evidence.proven import ALPHAS, KEY, World, lived, world
from tests.time_authority import TimeAuthority

WITNESS = WitnessSigner("w.example", bytes(range(2, 34)))
AT = datetime(2026, 6, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    return TimeAuthority(tmp_path_factory.mktemp("time") / "tsa")


def vouch(known: World, authority: TimeAuthority, *, about: bytes | None = None) -> None:
    """A witness and an authority speak of the newest checkpoint, or of `about` in its place."""
    kinds: tuple[StampKind, StampKind] = ("witness", "time")
    with known.database.begin() as work:
        last = work.ledger.last_checkpoint()
        assert last is not None
        note = about or last.note
        line = WITNESS.cosign(read_note(note)[0], int(AT.timestamp())).encode()
        stamp = authority.answer(query(note))
        said = zip(kinds, ("w.example", "tsa.example"), (line, stamp), strict=True)
        for kind, name, body in said:
            work.stamps.add(Stamp(size=last.size, kind=kind, name=name, body=body, at=AT))


def packed(tmp_path: Path, known: World) -> Path:
    file = tmp_path / "pack.zip"
    file.write_bytes(known.pack()[0])
    return file


def trusted(authority: TimeAuthority) -> Trusted:
    return Trusted(witnesses=[WITNESS.key], roots=read_roots(authority.root.read_bytes()))


def test_a_pack_says_who_vouches_for_its_entries(tmp_path: Path, authority: TimeAuthority):
    with world(tmp_path / "data") as known:
        vouch(lived(known, *ALPHAS), authority)
        # What comes later has the operator's word alone.
        known.begins("start_2")
        file = packed(tmp_path, known)
    plain = verdict(file)
    assert plain["holds"]
    found = with_vouched(file, plain, trusted(authority))
    assert (found["verdict"], found["reasons"]) == (plain["verdict"], plain["reasons"])
    size = plain["manifest"]["size"]
    assert {(one["kind"], one["name"], one["checked"]) for one in found["vouched"]} == {
        ("witness", "w.example", True),
        ("time", "tsa.example", True),
    }
    assert all(0 < one["size"] < size for one in found["vouched"])
    assert any("Witness w.example cosigned the first" in line for line in sentences(found))
    assert "Ce dont d’autres répondent" in page(found, "fr").decode()
    unnamed = with_vouched(file, plain, Trusted())
    assert not any(one["checked"] for one in unnamed["vouched"])
    assert all("not checked" in line for line in sentences(unnamed))
    assert "That was not checked" in page(unnamed, "en").decode()


def test_a_redacted_pack_keeps_what_others_say(tmp_path: Path, authority: TimeAuthority):
    with world(tmp_path / "data") as known:
        vouch(lived(known, *ALPHAS), authority)
        file = packed(tmp_path, known)
    out = tmp_path / "redacted.zip"
    with out.open("wb") as written:
        redact(file, written, Redaction(by="an officer", why="Names.", calls=None), KEY)
    found = with_vouched(out, verdict(out), trusted(authority))
    assert [one["checked"] for one in found["vouched"]] == [True, True]


def test_words_about_another_checkpoint_make_the_answer_incomplete(
    tmp_path: Path, authority: TimeAuthority
):
    other = KEY.sign("ledger.example/proven\n7\n" + "A" * 43 + "=\n")
    with world(tmp_path / "data") as known:
        vouch(lived(known, *ALPHAS), authority, about=other)
        file = packed(tmp_path, known)
    found = with_vouched(file, verdict(file), trusted(authority))
    assert found["verdict"] == "incomplete"
    assert found["words"][1] == "The record is incomplete here:"
    assert "of something else than this checkpoint" in found["reasons"][-1]
    assert found["vouched"] == []


def test_the_command_checks_them(tmp_path: Path, authority: TimeAuthority):
    with world(tmp_path / "data") as known:
        vouch(lived(known, *ALPHAS), authority)
        file = packed(tmp_path, known)
    named = ["--vkey", str(KEY.verifier), "--witness", str(WITNESS.key)]
    named += ["--time-root", str(authority.root)]
    data = tmp_path / "none"
    told = said(data, "evidence", "verify", str(file), *named)
    assert "tsa.example stamped the first" in told
    assert "not checked" not in told
    report = tmp_path / "report.html"
    said(data, "evidence", "report", str(file), "--out", str(report), *named)
    assert "The witness w.example cosigned the first" in report.read_text()
    wrong = str(WitnessSigner("w.example", bytes(range(3, 35))).key)
    told = said(data, "evidence", "verify", str(file), "--witness", wrong, "--json")
    assert '"checked": false' in told


def test_lines_that_cannot_be_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    line = b'{"at":"2026-06-20T12:00:00.000000Z","kind":"witness"}'
    monkeypatch.setattr("changeover.evidence.exporting.stamp_line", lambda _: line)
    with world(tmp_path / "data") as known:
        lived(known, *ALPHAS)
        with known.database.begin() as work:
            last = work.ledger.last_checkpoint()
            assert last is not None
            told = Stamp(size=last.size, kind="witness", name="w.example", body=b"", at=AT)
            work.stamps.add(told)
        file = packed(tmp_path, known)
    found = with_vouched(file, verdict(file), Trusted())
    assert found["verdict"] == "incomplete"
    assert "cannot be read" in found["reasons"][-1]
