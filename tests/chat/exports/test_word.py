"""Transcripts as Word documents, read back by python-docx."""

import io
from typing import Any

import docx
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.chat.exports.word import _AFTER_SHADE, word
from tests.chat.exports.said import answered, told

ANSWER = """# Findings

Some **bold**, *italic*, ***both***, ~~gone~~ and `code` with a [link](https://example.org/a?b=c),
a [bad one](javascript:alert(1)) and ![a map](https://example.org/map.png).

1. One
2. Two
   - below
     1. deep

Words between.

3. Three

```python
def f():
    return 1
```

| Name | Count |
| --- | ---: |
| **Ana** | 2 |

> Quoted

---

<b>not bold</b>
"""


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def styled(document: Any, name: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == name]


def test_it_tells_who_answered_every_seam_and_every_cut():
    document = opened(word(told()))
    marks = styled(document, "Changeover mark")
    assert "written by machines" in marks[0]
    assert "From here on: Two by Beta. Before this, One by Alpha answered." in marks
    assert "Cut by an order. An order ended it." in marks
    text = "\n".join(one.text for one in document.paragraphs)
    assert "Vendor: Beta; Model: Two, version one-0001; Host: The Host" in text
    assert [h.partition(",")[0] for h in styled(document, "Heading 2")] == [
        "You",
        "One by Alpha",
        "You",
        "Two by Beta",
    ]
    assert "First line\nsecond < line" in styled(document, "Normal")
    assert document.core_properties.title == "A *title*"


def test_it_says_the_same_in_french():
    document = opened(word(told("fr")))
    assert "rédigées par des machines" in styled(document, "Changeover mark")[0]
    assert document.core_properties.language == "fr-FR"


def test_markdown_becomes_what_word_has_for_it():
    document = opened(word(answered(ANSWER)))
    assert styled(document, "Heading 3") == ["Findings"]
    runs = {run.text: run for one in document.paragraphs for run in one.runs}
    assert runs["bold"].bold
    assert not runs["bold"].italic
    assert runs["italic"].italic
    assert (runs["both"].bold, runs["both"].italic) == (True, True)
    assert runs["gone"].font.strike
    assert runs["code"].font.name == "Courier New"
    assert styled(document, "List Number") == ["One", "Two", "Three"]
    assert styled(document, "List Bullet 2") == ["below"]
    assert styled(document, "List Number 3") == ["deep"]
    assert styled(document, "Changeover code") == ["def f():\n    return 1"]
    assert styled(document, "Quote") == ["Quoted"]
    assert "<b>not bold</b>" in styled(document, "Normal")
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Name", "Count"],
        ["Ana", "2"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    text = "\n".join(one.text for one in document.paragraphs)
    assert "bad one (javascript:alert(1))" in text or "[bad one](javascript:alert(1))" in text
    assert "[a map: https://example.org/map.png]" in text


def test_links_lead_where_they_did_and_nowhere_else():
    document = opened(word(answered(ANSWER)))
    links = [link for one in document.paragraphs for link in one.hyperlinks]
    assert [(link.text, link.address) for link in links] == [("link", "https://example.org/a?b=c")]


def test_each_numbered_list_counts_from_its_own_start():
    document = opened(word(answered("1. a\n\nBetween.\n\n7. b\n8. c")))
    numbers = [
        one._p.pPr.numPr.numId.val for one in document.paragraphs if one.style.name == "List Number"
    ]
    assert numbers[0] != numbers[1] == numbers[2]
    numbering = document.part.numbering_part.element
    starts = [
        numbering.num_having_numId(number).lvlOverride_lst[0].startOverride.val
        for number in numbers
    ]
    assert starts == [1, 7, 7]


def test_properties_stand_in_the_order_of_the_schema():
    document = opened(word(answered(ANSWER + "\n---\n")))
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl"]
    order += ["numPr", "suppressLineNumbers", "pBdr", "shd"]
    order += [name.removeprefix("w:") for name in _AFTER_SHADE]
    whole = [document.element, document.styles.element]
    found = [each for root in whole for each in root.iter(qn("w:pPr"))]
    assert any(each.find(qn("w:shd")) is not None for each in found)
    assert sum(each.find(qn("w:pBdr")) is not None for each in found) > 1
    for each in found:
        places = [order.index(child.tag.rpartition("}")[2]) for child in each]
        assert places == sorted(places)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="`~<>!-# *\n1.ab|[]()\\", max_size=80))
def test_any_answer_makes_a_document(text: str):
    document = opened(word(answered(text)))
    assert "After it." in styled(document, "Normal")
