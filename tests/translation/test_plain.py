"""Plain text and Markdown: units, segments, and the same file again."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from changeover.translation.plain import Piece, markdown_pieces, rebuilt, text_pieces, units_of
from changeover.translation.segmenting import segments, together

MARKDOWN = """\
# The **memo**

It takes effect
tomorrow. See `code` and [the list](https://example.org/a).

- [ ] first thing
> quoted words

| Name | 12 |
|---|---|
| one | two |

```py
x = "not translated"
```
"""
PIECES = st.lists(
    st.sampled_from(
        ["word ", "Aa. ", "x" * 55, "\n", "\n\n", "- ", "`a`", "**b**", "|", "# ", "> ", "```",
         "é ", "<1>", "&lt;", "[l](u)", " ", "\t"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def shouted(pieces: list[Piece], language: str = "en") -> str:
    """The file, each segment in capitals, its tags as they are."""
    units = units_of(pieces)
    found = segments(units, language)
    found = [msgspec.structs.replace(one, target=one.source.upper()) for one in found]
    own = [[one for one in found if one.unit == place] for place in range(len(units))]
    return rebuilt(pieces, [together(u, s, language) for u, s in zip(units, own, strict=True)])


def test_markdown_keeps_its_form_its_code_and_its_addresses():
    assert (
        shouted(markdown_pieces(MARKDOWN))
        == """\
# THE **MEMO**

IT TAKES EFFECT TOMORROW. SEE `code` AND [THE LIST](https://example.org/a).

- [ ] FIRST THING
> QUOTED WORDS

| NAME | 12 |
|---|---|
| ONE | TWO |

```py
x = "not translated"
```
"""
    )


def test_a_text_keeps_its_lines_and_a_broken_sentence_is_one():
    text = "Dear all,\n\n  This line was broken by the program that somebody wrote it\nwith.\n12\n"
    assert [one.source for one in segments(units_of(text_pieces(text)), "en")] == [
        "Dear all,",
        "This line was broken by the program that somebody wrote it with.",
    ]
    assert shouted(text_pieces("One. Two!\n\n  three\n")) == "ONE. TWO!\n\n  THREE\n"


def test_sentences_of_a_language_without_spaces_stand_together():
    pieces = text_pieces("One. Two.")
    units = units_of(pieces)
    assert rebuilt(pieces, [together(units[0], segments(units, "en"), "ja")]) == "One.Two."


@given(PIECES)
def test_whatever_stands_in_a_file_stands_in_it_again(text: str):
    for pieces in (text_pieces(text), markdown_pieces(text)):
        units = units_of(pieces)
        found = segments(units, "en")
        own = [[one for one in found if one.unit == place] for place in range(len(units))]
        same = rebuilt(pieces, [together(u, s, "fr") for u, s in zip(units, own, strict=True)])
        assert same == rebuilt(pieces, units)
        assert "".join(same.split()) == "".join(text.split())
