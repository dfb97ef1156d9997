"""`changeover intake`: what is read, what is kept unread, what is too large."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from changeover.cli import changeover, taking_in
from changeover.wiring.installation import open_installation
from tests.intake.formats.made import mail, pdf, word

ORDER = (
    "2 March 2026\n\nThe Secretary of the Treasury ordered his department to stop using Claude.\n"
)


@pytest.fixture
def run(tmp_path: Path):
    def run(*words: str) -> Result:
        return CliRunner().invoke(changeover, ["--data", str(tmp_path / "data"), *words])

    with open_installation(tmp_path / "data", demo=True):
        return run


def test_every_form_is_read_and_what_cannot_be_is_kept(run, tmp_path: Path):
    files = {
        "order.txt": ORDER.encode(),
        "order.pdf": pdf([ORDER.strip().split("\n\n")]),
        "order.docx": word(ORDER.strip().split("\n\n")),
        "order.eml": mail(ORDER),
        "scan.pdf": pdf([[]]),
    }
    paths = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        paths.append(str(tmp_path / name))
    told = run("intake", "--json", *paths)
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert [Path(d["document"]).name for d in found["documents"]] == [*files][:4]
    assert {draft["issuer"] for draft in found["drafts"]} == {"treasury-secretary"}
    assert len(found["drafts"]) == 4
    [unread] = found["unread"]
    assert unread["document"].endswith("scan.pdf")
    assert unread["sha256"]
    words = run("intake", *paths)
    assert ", page 1]" in words.stdout
    assert "4 drafts" in words.stdout
    assert "ocrmypdf" in words.stderr
    assert words.exit_code == 1


def test_large_ones_are_given_by_themselves_and_too_large_ones_not_at_all(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(taking_in, "MAX_BYTES", 2_000)
    monkeypatch.setattr(taking_in, "_TOGETHER", 150)
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.txt"
        path.write_text(ORDER + f"\n{number}\n")
        paths.append(str(path))
    great = tmp_path / "great.txt"
    great.write_text("x" * 2_001)
    told = run("intake", "--json", *paths, str(great))
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert len(found["documents"]) == 3
    assert [unread["sha256"] for unread in found["unread"]] == [None]
