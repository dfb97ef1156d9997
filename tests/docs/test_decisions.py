"""Decision records are numbered without gaps, of one form, short, and listed in the index."""

import re
from pathlib import Path

import pytest

from tests.docs.markdown import headings
from tests.docs.repository import ROOT

FOLDER = ROOT / "docs" / "decisions"
INDEX = FOLDER / "README.md"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
ONE_PAGE_OF_WORDS = 550


def test_numbers_run_from_one_without_gaps() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{n:04}" for n in range(1, len(RECORDS) + 1)]
    assert {path for path in FOLDER.iterdir() if path != INDEX} == set(RECORDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_the_form(record: Path) -> None:
    source = record.read_text()
    title, *parts = headings(source)
    number = record.name[:4]
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+", record.stem)
    assert title.startswith(f"{number}. ")
    assert parts == ["Context", "Decision", "Consequences"]
    assert re.search(r"^Status: (accepted|superseded by \[\d{4}\])", source, re.MULTILINE)
    assert len(source.split()) <= ONE_PAGE_OF_WORDS


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_the_index_lists_it_by_its_title(record: Path) -> None:
    title = headings(record.read_text())[0]
    assert f"[{title}]({record.name})" in INDEX.read_text()
