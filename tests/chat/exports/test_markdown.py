"""Transcripts as Markdown, read back by a Markdown reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from changeover.chat.exports.markdown import contained, markdown
from tests.chat.exports.said import answered, told


def headings(written: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(written)
    at = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    return [tokens[place + 1].content for place in at]


def test_it_tells_who_answered_every_seam_and_every_cut():
    written = markdown(told()).decode()
    assert "were written by machines" in written
    assert "The JSON export holds all of them" in written
    assert r"*Vendor: Alpha; Model: One, version one-0001; Host: The Host; Written: " in written
    assert "From here on: Two by Beta. Before this, One by Alpha answered." in written
    assert "Because of “Memo 12” (The Secretary)." in written
    assert "**Cut by an order. An order ended it.**" in written
    assert "An **early** answer." in written
    assert "First line\\\nsecond < line\n\nThird" in written
    assert len(headings(written)) == 5


def test_it_says_the_same_in_french():
    written = markdown(told("fr")).decode()
    for words in ("rédigées par des machines", "Bêta", "Note 12", "Un ordre y a mis fin.", "Vous"):
        assert words in written


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(1)",
        "~~~~\n~~~\nstill code",
        "Words\n\n    indented code",
        "<!-- a comment that never ends",
        "<script>alert(1)\n\n# no heading",
        "<div>\n",
        "- a list\n  ```\n  code",
        "| a |\n| - |\n| b |",
        "> quoted ```",
    ],
)
def test_an_answer_cannot_reach_beyond_its_end(text: str):
    written = markdown(answered(text)).decode()
    found = headings(written)
    assert found[0].startswith("A ")
    assert sum(one.startswith("You,") for one in found) == 2
    assert "After it." in written
    kinds = {token.type for token in MarkdownIt("commonmark").parse(written)}
    assert "html_block" not in kinds


@given(st.text(alphabet="`~<>!- #*\n ab|[]()\\", max_size=60))
def test_whatever_is_answered_the_next_turn_is_a_heading(text: str):
    after = contained(text) + "\n\n---\n\n## You\n\nAfter."
    assert headings(after)[-1] == "You"


def test_a_closed_fence_stays_as_it_is():
    text = "```\ncode\n```"
    assert contained(text) == text
