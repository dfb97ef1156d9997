"""The report as PDF, and its signature."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner

from changeover.basics.errors import InvalidInputError
from changeover.cli import changeover as command_line
from changeover.evidence.pack_page import page
from changeover.evidence.pack_pdf import pdf
from changeover.evidence.signed_report import check, sign
from changeover.ledger.checkpoint import NoteError
from tests.evidence.proven import KEY, OTHER_KEY

Judge = Callable[..., dict[str, Any]]


def read(body: bytes) -> str:
    document = pypdfium2.PdfDocument(body)
    try:
        pages = [one.get_textpage().get_text_bounded() for one in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "These calls: 2."), ("fr", "Ces appels : 2.")],
)
def test_it_says_what_the_page_says_and_is_the_same_each_time(
    content: bytes, judge: Judge, language: Any, said: str
):
    text = page(judge(content), language)
    made = pdf(text)
    assert made == pdf(text)
    words = read(made)
    assert said in words
    # Within a cell a long word goes over lines.
    assert words.replace(" ", "").count("alpha/one@alpha") >= 3
    assert "2026-01-21 00:00:00 UTC" in words
    assert b"/JavaScript" not in made
    assert b"/URI" not in made


def test_many_calls_go_over_pages_with_their_heading(content: bytes, judge: Judge):
    found = judge(content)
    call = found["calls"][0] | {"service": "<b>&amp;" + "x" * 90}
    found["calls"] = [call] * 150
    words = read(pdf(page(found, "en")))
    assert words.count("Where it stands") > 3
    assert "<b>&amp;" in words


def test_a_file_that_does_not_hold_has_a_report_too(judge: Judge):
    assert "cannot be read as a pack" in read(pdf(page(judge(b"none"), "en")))


def test_a_signature_is_of_one_report_by_one_key(content: bytes, judge: Judge):
    manifest = judge(content)["manifest"]
    note = sign(b"report", manifest, KEY)
    assert len(check(b"report", note, KEY.verifier)) == 64
    with pytest.raises(InvalidInputError, match="signs another report"):
        check(b"report.", note, KEY.verifier)
    with pytest.raises(NoteError):
        check(b"report", note, OTHER_KEY.verifier)
    with pytest.raises(InvalidInputError, match="signs another report"):
        check(b"report", KEY.sign("changeover evidence pack\n"), KEY.verifier)


def test_the_commands_sign_and_check_it(content: bytes, tmp_path: Path):
    pack, out = tmp_path / "pack.zip", tmp_path / "report.pdf"
    pack.write_bytes(content)
    (tmp_path / "data").mkdir()
    key = tmp_path / "data" / "ledger.key"
    key.write_text(KEY.secret_text() + "\n")
    key.chmod(0o600)
    vkey = str(KEY.verifier)

    def ran(*asked: str, status: int = 0) -> str:
        data = ("--data", str(tmp_path / "data"))
        done = CliRunner().invoke(command_line, [*data, "evidence", *asked])
        assert done.exit_code == status, (done.output, done.exception)
        return done.output + str(done.exception or "")

    report = ("report", str(pack), "--out", str(out), "--vkey", vkey)
    ran(*report)
    assert "There is no" in ran("signed", str(out), "--vkey", vkey, status=1)
    ran(*report, "--sign")
    assert "Signed by ledger.example/proven" in ran("signed", str(out), "--vkey", vkey)
    out.write_bytes(out.read_bytes() + b" ")
    assert "another report" in ran("signed", str(out), "--vkey", vkey, status=1)
    pack.write_bytes(b"none")
    assert "is not signed" in ran(*report, "--sign", status=1)
