"""Glossaries as files: CSV of two columns, a term and its translation, read row by row.

The first row names the two languages, by their codes or names. Rows may be separated by commas,
semicolons or tabs, in UTF-8 or as older spreadsheets write (Windows-1252). Everything that is wrong
is told at once, each with its row; then nothing of the file is taken. The same row twice is once.
A term with two translations is a contradiction: only a person knows which of them is meant.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from changeover.basics.text import Bilingual
from changeover.translation.languages import languages
from changeover.translation.model import Term

MOST_BYTES = 2_000_000
MOST_TERMS = 5_000
LONGEST_TERM = 200
_DELIMITERS = ",;\t"

_UNREADABLE = Bilingual(
    en="This is no text file: save the table as CSV, and give that.",
    fr="Ce n'est pas un fichier de texte : enregistrez le tableau en CSV, et donnez celui-ci.",
)
_EMPTY = Bilingual(
    en="The file is empty. Its first row names two languages, such as en,fr.",
    fr="Le fichier est vide. Sa première ligne nomme deux langues, comme en,fr.",
)
_HEADER = Bilingual(
    en="The first row names two languages, such as en,fr, and here it has “{given}”.",
    fr="La première ligne nomme deux langues, comme en,fr, et contient ici « {given} ».",
)
_SAME = Bilingual(
    en="Both columns are of the same language.", fr="Les deux colonnes sont de la même langue."
)
_COLUMNS = Bilingual(
    en="Columns: {count}, where there are two.",
    fr="Colonnes : {count}, alors qu'il y en a deux.",
)
_GAP = Bilingual(
    en="The term or its translation is missing.", fr="Le terme ou sa traduction manque."
)
_LONG = Bilingual(
    en="A term has at most {most} characters.", fr="Un terme a {most} caractères au plus."
)
_LETTERLESS = Bilingual(
    en="A term has letters, and no control characters.",
    fr="Un terme a des lettres, et pas de caractères de contrôle.",
)
_CONTRADICTION = Bilingual(
    en="“{source}” is “{target}” here and “{other}” in row {row}. Keep the one that is meant.",
    fr="« {source} » donne « {target} » ici et « {other} » à la ligne {row}. Gardez celui qui est "
    "voulu.",
)
_MANY = Bilingual(
    en="There are more than {most} terms. Split the glossary.",
    fr="Il y a plus de {most} termes. Divisez le glossaire.",
)
_NONE = Bilingual(en="There is no term in it.", fr="Il ne contient aucun terme.")


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong with a row; 0 is the file itself."""

    row: int
    words: Bilingual


class ReadGlossary(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds. Where there are faults, nothing of it is taken."""

    source: str = ""
    target: str = ""
    terms: tuple[Term, ...] = ()
    faults: tuple[RowFault, ...] = ()


def read_glossary(content: bytes) -> ReadGlossary:
    """The terms of a file, or everything that is wrong with it."""
    text = _decoded(content)
    if text is None:
        return _faulty(0, _UNREADABLE)
    rows = list(_rows(text))
    if not rows:
        return _faulty(0, _EMPTY)
    named = [_language(cell) for cell in rows[0][1]]
    source, target = [*named, "", ""][:2]
    faults: list[RowFault] = []
    if len(named) != 2 or not source or not target:
        given = ", ".join(rows[0][1])[:LONGEST_TERM]
        faults.append(RowFault(rows[0][0], _filled(_HEADER, given=given)))
    elif source == target:
        faults.append(RowFault(rows[0][0], _SAME))
    terms = _terms(rows[1:], faults)
    if len(terms) > MOST_TERMS:
        faults.append(RowFault(0, _filled(_MANY, most=MOST_TERMS)))
    if not terms and not faults:
        faults.append(RowFault(0, _NONE))
    if faults:
        return ReadGlossary(source=source, target=target, faults=tuple(faults))
    return ReadGlossary(source=source, target=target, terms=tuple(terms))


def _terms(rows: Sequence[tuple[int, list[str]]], faults: list[RowFault]) -> list[Term]:
    found: dict[str, tuple[int, Term]] = {}
    for row, cells in rows:
        wrong = _wrong(cells)
        if wrong is not None:
            faults.append(RowFault(row, wrong))
            continue
        term = Term(*cells)
        first, other = found.setdefault(term.source.casefold(), (row, term))
        if other.target.casefold() != term.target.casefold():
            told = _filled(
                _CONTRADICTION,
                source=term.source, target=term.target, other=other.target, row=first,
            )  # fmt: skip
            faults.append(RowFault(row, told))
    return [term for _, term in found.values()]


def _wrong(cells: Sequence[str]) -> Bilingual | None:
    if len(cells) != 2:
        return _filled(_COLUMNS, count=len(cells))
    if not all(cells):
        return _GAP
    if max(map(len, cells)) > LONGEST_TERM:
        return _filled(_LONG, most=LONGEST_TERM)
    if not all(map(_worded, cells)):
        return _LETTERLESS
    return None


def _worded(cell: str) -> bool:
    controls = any(unicodedata.category(one) in {"Cc", "Cs"} for one in cell)
    return any(map(str.isalpha, cell)) and not controls


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with its number in the file and its cells trimmed."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for cells in reader:
        trimmed = [" ".join(cell.split()) for cell in cells]
        while len(trimmed) > 2 and not trimmed[-1]:
            trimmed.pop()  # what spreadsheets leave behind the last column
        if any(trimmed):
            yield reader.line_num, trimmed


def _language(cell: str) -> str:
    """The code of the language that a column is headed with; "" for none."""
    named = cell.casefold()
    for one in languages():
        if named in {one.code, one.name.en.casefold(), one.name.fr.casefold()}:
            return one.code
    return ""


def _faulty(row: int, words: Bilingual) -> ReadGlossary:
    return ReadGlossary(faults=(RowFault(row, words),))


def _filled(words: Bilingual, **values: str | int) -> Bilingual:
    return Bilingual(words.en.format(**values), words.fr.format(**values))
