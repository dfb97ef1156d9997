from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from changeover.documents.model import FileText
from changeover.documents.passages import _LONGEST_SENTENCE, WANTED, passages

LEAVE = (
    "# Leave\n\nStaff have 30 days of leave.\n\nTravel\n\n"
    "Trips are paid within ten days after the form was handed in, by transfer."
)


def cut(text: str, **fields) -> list[tuple[str, str]]:
    found = passages(FileText(text=text, **fields), "en")
    return [(one.heading, text[one.start : one.end]) for one in found]


def test_a_section_begins_with_its_heading():
    assert cut(LEAVE) == [
        ("Leave", "# Leave\n\nStaff have 30 days of leave."),
        ("Travel", LEAVE[LEAVE.index("Travel") :]),
    ]


def test_neighbours_share_a_sentence_and_pages_are_named():
    sentences = [f"Rule {n} says that office {n} opens at nine." for n in range(60)]
    text = " ".join(sentences)
    found = passages(FileText(text=text, pages=(0, len(text) // 2)), "en")
    assert len(found) > 2
    for one, after in pairwise([one for one in found if one.page == 1]):
        assert text[after.start : one.end] in sentences
    assert (found[0].page, found[-1].page) == (1, 2)


def test_rows_stand_under_the_first_one():
    rows = "office,city\n" + "".join(f"office {n},Lyon\n" for n in range(100))
    found = cut(rows, tabular=True)
    assert len(found) > 1
    assert {heading for heading, _ in found} == {"office,city"}
    assert found[-1][1].endswith("office 99,Lyon")


@given(st.text(alphabet="aB .\n#é?…𝕏", max_size=4000))
def test_every_word_of_any_text_is_in_a_passage_that_is_not_too_long(text: str):
    found = passages(FileText(text=text), "fr")
    covered = {at for one in found for at in range(one.start, one.end)}
    assert {at for at, character in enumerate(text) if not character.isspace()} <= covered
    assert all(0 < one.end - one.start <= max(WANTED, _LONGEST_SENTENCE) for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})
