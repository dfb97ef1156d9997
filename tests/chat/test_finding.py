"""What a query means, and the snippet of what it finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.chat.finding import Hit, Term, fold, indexed, shown, terms_of
from changeover.chat.model import units
from tests.orders.worlds import T0

TEXT = st.text(max_size=600) | st.text(alphabet="aéb 😀,\u0301", max_size=900)


def hit(text: str) -> Hit:
    return Hit(conversation="c", title="t", turn="u", role="user", at=T0, text=text)


def pieces(text: str, query: str) -> list[str]:
    found = shown(hit(text), terms_of(query))
    raw = found.snippet.encode("utf-16-le", "surrogatepass")
    return [raw[2 * m.start : 2 * m.end].decode("utf-16-le") for m in found.marks]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Two words", (Term(("two",)), Term(("words",), prefix=True))),
        ('"Two words"', (Term(("two", "words")),)),
        ("«\u00a0l’État\u00a0» no", (Term(("l", "etat")), Term(("no",), prefix=True))),
        ('one "two', (Term(("one",)), Term(("two",)))),
        ('one "two" ', (Term(("one",)), Term(("two",)))),
        ('"" ?!', ()),
    ],
)
def test_a_query_is_read(query: str, terms: tuple[Term, ...]):
    assert terms_of(query) == terms


def test_marks_count_as_javascript_does_and_overlaps_are_one():
    assert pieces("😀 A démarche, demarches", "demarche") == ["démarche", "demarches"]
    assert pieces("note verbale sent", '"note verbale" "verbale sent"') == ["note verbale sent"]


def test_a_snippet_stands_around_the_first_match():
    text = "before " * 100 + "match " + "after " * 100
    found = shown(hit(text), terms_of("match"))
    assert found.cut_before
    assert found.cut_after
    assert found.snippet.startswith("before ")
    assert found.snippet.endswith("after")
    assert pieces(text, "match") == ["match"]
    assert len(found.snippet) <= 200


@given(text=TEXT, query=TEXT)
def test_marks_lie_apart_within_the_snippet(text: str, query: str):
    found = shown(hit(text), terms_of(query))
    assert found.snippet in text
    ends = [0, *(m.end for m in found.marks)]
    assert all(m.start >= end for m, end in zip(found.marks, ends, strict=False))
    assert all(m.start < m.end <= units(found.snippet) for m in found.marks)


@given(text=TEXT)
def test_a_folded_text_is_its_own_fold(text: str):
    assert indexed(indexed(text)) == indexed(text)
    assert all(letter.isalnum() for letter in fold(text))
