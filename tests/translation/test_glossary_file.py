"""Glossaries as files: read row by row, with everything that is wrong told at once."""

import pytest

from changeover.translation.glossary_file import LONGEST_TERM, MOST_TERMS, read_glossary
from changeover.translation.model import Term


@pytest.mark.parametrize(
    "content",
    [
        b"en,fr\nmemo,note de service\n",
        b"\xef\xbb\xbfEnglish;fran\xc3\xa7ais;;\r\nmemo;note de service;;\r\n;;\r\n",
        b"anglais\tfran\xe7ais\nmemo\tnote  de service\nMemo\tNote de service\n",
    ],
)
def test_a_table_is_read_however_a_spreadsheet_wrote_it(content: bytes):
    read = read_glossary(content)
    assert (read.source, read.target, read.faults) == ("en", "fr", ())
    assert [term.target for term in read.terms] == ["note de service"]


def test_quoted_cells_may_hold_what_separates():
    read = read_glossary(b'en,fr\n"Minister, deputy","ministre, adjoint"\n')
    assert read.terms == (Term("Minister, deputy", "ministre, adjoint"),)


def test_all_faults_are_told_with_their_rows_and_nothing_is_taken():
    long = "x" * (LONGEST_TERM + 1)
    rows = ["en,fr", "memo,note", "Memo,mémo", "only one", ",vide", f"{long},x", "1,2", "a,b,c"]
    read = read_glossary("\n".join(rows).encode())
    assert read.terms == ()
    assert [fault.row for fault in read.faults] == [3, 4, 5, 6, 7, 8]
    contradiction = read.faults[0].words
    assert (
        contradiction.en == "“Memo” is “mémo” here and “note” in row 2. Keep the one that is meant."
    )
    assert "« mémo »" in contradiction.fr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\0\1\2", "no text file"),
        (b"memo,note\n", "names two languages"),
        (b"en\nmemo\n", "names two languages"),
        (b"en,en\na,b\n", "same language"),
        (b"en,fr\n", "no term"),
        (b"en,fr\n" + b"".join(b"t%dx,u\n" % n for n in range(MOST_TERMS + 1)), "more than"),
    ],
)
def test_a_file_that_is_no_glossary_is_refused_in_words(content: bytes, words: str):
    (fault, *_) = read_glossary(content).faults
    assert words in fault.words.en
