"""Files of stated uses: every encoding, every wrong row told, nothing half taken in."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.evidence.register import COLUMNS, StatedUse, read_register
from changeover.evidence.spreadsheet import write_csv
from tests.orders.worlds import directory

WORLD = directory()
LINE = "state,Seats of an assistant,alpha,alpha/one,40,IT,C-1,2026-01-01,,invoice.pdf,été"


def text(*rows: str, heading: str = ",".join(COLUMNS)) -> bytes:
    return "\r\n".join((heading, *rows)).encode()


def problems(content: bytes) -> list[tuple[int, str]]:
    found = read_register(content, WORLD, batch="b")
    return [(problem.row, problem.column) for problem in found.problems]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_in_any_of_its_usual_forms(encoding: str, named: str, delimiter: str):
    content = text(LINE).decode().replace(",", delimiter).encode(encoding)
    found = read_register(content, WORLD, batch="b")
    assert found.problems == ()
    assert (found.encoding, found.delimiter) == (named, delimiter)
    [use] = found.uses
    assert (use.party, use.count, use.note, use.batch) == ("state", 40, "été", "b")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", [(1, "party"), (1, "use"), (1, "vendor")]),
        (text(LINE, heading=",".join(COLUMNS).replace("vendor", "supplier")), [(1, "supplier"), (1, "vendor")]),
        (text("state,x,alpha", heading="party,use,vendor,party"), [(1, "party"), (1, "party")]),
        (text("nobody,x,alpha", heading="party,use,vendor"), [(2, "party")]),
        (text("state,x,nobody", heading="party,use,vendor"), [(2, "vendor")]),
        (text("state,,alpha", heading="party,use,vendor"), [(2, "use")]),
        (text("state,x", heading="party,use,vendor"), [(2, "")]),
        (text("state,x,alpha,many", heading="party,use,vendor,count"), [(2, "count")]),
        (text("state,x,alpha,01/02/2026", heading="party,use,vendor,since"), [(2, "since")]),
        (
            text("state,x,alpha,2026-02-01,2026-01-01", heading="party,use,vendor,since,until"),
            [(2, "until")],
        ),
        (text(LINE, LINE), [(3, "")]),
        (text(LINE, "", "state,x,nobody", heading=",".join(COLUMNS)), [(4, "")]),
    ],
)  # fmt: skip
def test_every_wrong_row_is_told_with_its_number(content: bytes, where: list[tuple[int, str]]):
    assert problems(content) == where


_texts = st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=12).map(str.strip)
_uses = st.builds(
    StatedUse,
    party=st.sampled_from(["state", "bureau"]),
    use=_texts.filter(bool),
    vendor=st.sampled_from(["alpha", "beta"]),
    model=_texts,
    count=st.none() | st.integers(0, 10**6),
    owner=_texts,
    note=_texts,
    since=st.dates().map(str) | st.just(""),
    batch=st.just("b"),
)


@given(st.lists(_uses, max_size=4, unique=True))
def test_what_is_written_is_read_again_but_for_what_guards_against_formulas(uses):
    rows = [[getattr(use, column) for column in COLUMNS] for use in uses]
    found = read_register(write_csv(COLUMNS, rows), WORLD, batch="b")
    assert found.problems == ()
    for use, read in zip(uses, found.uses, strict=True):
        assert read.party == use.party
        assert read.count == use.count
        assert read.note.removeprefix("'") == use.note.removeprefix("'")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_report(content: bytes):
    found = read_register(content, WORLD, batch="b")
    assert all(problem.row >= 1 and problem.what for problem in found.problems)


def test_no_cell_of_a_table_is_a_formula():
    content = write_csv(["a"], [["=1+1"], ["+x"], ["-x"], ["@x"], [None], ["plain"], ["a\nb"]])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+x", "'-x", "'@x", "", "plain", "a\nb"]
