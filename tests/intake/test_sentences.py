import pytest

from changeover.intake.sentences import language_of, sentences


def pieces(text, language="en"):
    return [(s.kind, text[s.start : s.end]) for s in sentences(text, language)]


def test_blocks_and_sentences():
    text = "# A title\n\nFrom: Mr. X\n\nOne. Two\ngoes on.\n- An item\n"
    assert pieces(text) == [
        ("heading", "# A title"),
        ("field", "From: Mr. X"),
        ("prose", "One."),
        ("prose", "Two\ngoes on."),
        ("item", "- An item"),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("M. Dupont a signé. Il part.", "fr"),
        ("The U.S. Treasury signed. It ends.", "en"),
        ("It was signed on Feb. 27. It ends.", "en"),
    ],
)
def test_abbreviations_do_not_end_a_sentence(text, language):
    kept = [piece for _, piece in pieces(f"Début.\n\n{text}", language)][1:]
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The use of it is at an end for the department.", "en"),
        ("Le département met fin à son usage dans les services.", "fr"),
        ("Das Ministerium beendet sofort jede Nutzung dieser Modelle.", "und"),
        ("", "und"),
    ],
)
def test_language(text, language):
    assert language_of(text) == language
