"""The register of stated uses: those that do not pass through the gateway.

Seats, bought software, contractors' tools: somebody states them, nobody here observes
them, and the two are never shown as one. A line is a paper; a file of lines is taken in
whole or not at all.

A CSV file (RFC 4180) has a heading row with the names of `COLUMNS`, in any order; `party`,
`use` and `vendor` must be there. UTF-8 is read with or without its mark, UTF-16 with one,
and what is neither as Windows-1252; cells are parted by commas, semicolons or tabs,
whichever the heading has most of. Every row that is wrong is told, with its number in
the file.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.nearest import advice
from changeover.directory.model import Directory

COLUMNS = (
    "party", "use", "vendor", "model", "count", "owner", "contract", "since", "until", "evidence",
    "note",
)  # fmt: skip
_REQUIRED = ("party", "use", "vendor")
_MOST_ROWS = 20_000
_LONGEST = 2_000


class StatedUse(msgspec.Struct, frozen=True, kw_only=True):
    """A use that is stated: by which party, of whose product, how much, on what evidence.

    `count` is how many (seats, installations), None where it was not said. `batch` is
    the file that it came with, if any. Dates are `YYYY-MM-DD`.
    """

    party: str
    use: str
    vendor: str
    model: str = ""
    count: int | None = None
    owner: str = ""
    contract: str = ""
    since: str = ""
    until: str = ""
    evidence: str = ""
    note: str = ""
    batch: str = ""


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a row; rows count from 1, the heading's."""

    row: int
    column: str
    what: str


class RegisterFile(msgspec.Struct, frozen=True, kw_only=True):
    """The uses of a file, and what is wrong with it; it is taken in only when nothing is."""

    uses: tuple[StatedUse, ...]
    problems: tuple[RowProblem, ...]
    encoding: str
    delimiter: str


def check_use(directory: Directory, use: StatedUse) -> list[tuple[str, str]]:
    """What is wrong with a stated use: the field, and what."""
    found = [
        (field, f"The {field} is missing.")
        for field in _REQUIRED
        if not getattr(use, field).strip()
    ]
    if use.party and use.party not in directory.parties:
        known = advice(use.party, directory.parties)
        found.append(("party", f"There is no party {use.party!r} in the directory. {known}"))
    if use.vendor and use.vendor not in directory.vendors:
        known = advice(use.vendor, directory.vendors)
        found.append(("vendor", f"There is no vendor {use.vendor!r} in the directory. {known}"))
    if use.count is not None and use.count < 0:
        found.append(("count", "There cannot be fewer than none."))
    found += [(f, f"{getattr(use, f)!r} is not a date, YYYY-MM-DD.") for f in _not_dates(use)]
    if use.since and use.until and not list(_not_dates(use)) and use.until < use.since:
        found.append(("until", "It ends before it begins."))
    found += [
        (field, f"It has more than {_LONGEST} characters.")
        for field in COLUMNS
        if isinstance(getattr(use, field), str) and len(getattr(use, field)) > _LONGEST
    ]
    return found


def _not_dates(use: StatedUse) -> Iterator[str]:
    for field in ("since", "until"):
        text = getattr(use, field)
        if text and not _is_date(text):
            yield field


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def read_register(content: bytes, directory: Directory, *, batch: str) -> RegisterFile:
    """Reads a CSV file of stated uses; problems are part of the answer, never an error."""
    text, encoding = _decoded(content)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max((",", ";", "\t"), key=first.count)
    problems: list[RowProblem] = []
    uses: list[StatedUse] = []
    rows = _rows(text, delimiter, problems)
    heading = _heading(next(rows, (1, []))[1], problems)
    if not problems:
        seen: dict[StatedUse, int] = {}
        for number, row in rows:
            _read_row(number, row, heading, (directory, batch, seen, problems, uses))
    return RegisterFile(
        uses=tuple(uses), problems=tuple(problems), encoding=encoding, delimiter=delimiter
    )


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "windows-1252"


def _rows(text: str, delimiter: str, problems: list[RowProblem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        for count, row in enumerate(reader, 1):
            if count > _MOST_ROWS + 1:
                what = f"The file has more than {_MOST_ROWS} rows."
                problems.append(RowProblem(row=count, column="", what=what))
                return
            if any(cell.strip() for cell in row):
                yield count, row
    except csv.Error as error:
        problems.append(RowProblem(row=reader.line_num, column="", what=f"It is no CSV: {error}."))


def _heading(row: list[str], problems: list[RowProblem]) -> list[str]:
    names = [cell.strip().casefold() for cell in row]
    for name in names:
        if name not in COLUMNS:
            what = f"There is no column {name!r}. {advice(name, COLUMNS)}"
            problems.append(RowProblem(row=1, column=name, what=what))
    for name in (*_REQUIRED, *sorted({n for n in names if names.count(n) > 1 and n in COLUMNS})):
        if names.count(name) != 1:
            what = f"The column {name!r} is {'missing' if name not in names else 'there twice'}."
            problems.append(RowProblem(row=1, column=name, what=what))
    return names


_Into = tuple[Directory, str, dict[StatedUse, int], list[RowProblem], list[StatedUse]]


def _read_row(number: int, row: list[str], heading: list[str], into: _Into) -> None:
    directory, batch, seen, problems, uses = into
    if len(row) != len(heading):
        what = f"The row has {len(row)} cells, and the heading {len(heading)}."
        problems.append(RowProblem(row=number, column="", what=what))
        return
    cells = {name: cell.strip() for name, cell in zip(heading, row, strict=True)}
    try:
        use = _use(cells, batch)
    except InvalidInputError as error:
        problems.append(RowProblem(row=number, column="count", what=error.what))
        return
    wrong = check_use(directory, use)
    problems += [RowProblem(row=number, column=field, what=what) for field, what in wrong]
    if use in seen:
        what = f"It says the same as row {seen[use]}."
        problems.append(RowProblem(row=number, column="", what=what))
    seen.setdefault(use, number)
    uses.append(use)


def _use(cells: Mapping[str, str], batch: str) -> StatedUse:
    count = cells.get("count", "")
    if count and not (count.isascii() and count.isdigit() and len(count) < 10):
        raise InvalidInputError(f"{count!r} is not a whole number.")
    texts = {name: cells[name] for name in COLUMNS if name in cells and name != "count"}
    return StatedUse(**texts, count=int(count) if count else None, batch=batch)
