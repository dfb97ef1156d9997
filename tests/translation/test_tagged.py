"""Tagged text: what is written is read back, and what is wrong with tags is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.translation.tagged import (
    Atom,
    Thing,
    Words,
    bare,
    cleaned,
    fault,
    read,
    written,
)

TEXTS = st.lists(
    st.sampled_from(["a", "é", " ", "<", ">", "/", "1", "2", "&", "lt;", "amp;", "segment", "\n"]),
    min_size=1,
    max_size=12,
).map("".join)
ATOMS = st.lists(
    st.one_of(st.builds(Words, TEXTS, st.integers(0, 3)), st.builds(Thing, st.integers(0, 3))),
    max_size=6,
)


def merged(atoms: list[Atom]) -> list[Atom]:
    """Neighbours without a tag between them are one."""
    joined: list[Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if isinstance(last, Words) and isinstance(atom, Words) and last.style == atom.style == 0:
            joined[-1] = Words(last.text + atom.text)
        else:
            joined.append(atom)
    return joined


@given(ATOMS)
def test_what_is_written_is_read_back(atoms: list[Atom]):
    text, refs = written(merged(atoms))
    assert read(text, refs) == merged(atoms)
    assert fault(text, text, strict=True) is None
    assert bare(text) == "".join(atom.text for atom in atoms if isinstance(atom, Words))


def test_words_that_look_like_tags_are_words():
    assert written([Words("a <1> & b &lt; </segment> <b>")]) == (
        "a &lt;1> & b &amp;lt; &lt;/segment> <b>",
        (),
    )


@pytest.mark.parametrize(
    ("target", "kind", "tag"),
    [
        ("<1>un</1>", "missing", "<2/>"),
        ("<1>un<2/>", "missing", "</1>"),
        ("<1>un</1> <2/> <3/>", "unknown", "<3/>"),
        ("<1>un</1> <2/><2/>", "twice", "<2/>"),
        ("</1>un<1> <2/>", "unpaired", "</1>"),
    ],
)
def test_what_is_wrong_is_named(target: str, kind: str, tag: str):
    found = fault("<1>one</1> <2/>", target, strict=True)
    assert found is not None
    assert (found.kind, found.tag) == (kind, tag)


def test_a_person_may_take_formatting_away_and_no_thing():
    assert fault("<1>one</1> <2/>", "<2/> un", strict=False) is None
    assert fault("<1>one</1> <2/>", "<1>un <2/>", strict=False) is not None
    assert fault("<1>one</1> <2/>", "<1>un</1>", strict=False) is not None


def test_no_document_may_hold_control_characters():
    assert cleaned("a\x00b\r\nc\x0bd\ud800e\tf") == "ab\ncde\tf"
