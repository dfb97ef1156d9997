import pytest

from changeover.standin.asked import Said
from changeover.standin.intents import asks, directive, part_request, sentence_count
from changeover.standin.language import detect
from changeover.standin.passages import passages, sentences


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (("When is the deadline?",), "en"),
        (("Quand est l'échéance ?",), "fr"),
        (("Lyon 2019", "le bureau est à Lyon"), "fr"),
        (("",), "en"),
        ((), "en"),
    ],
)
def test_the_language_is_told_by_function_words(texts, language):
    assert detect(*texts) == language


def test_titles_do_not_end_a_french_sentence():
    assert sentences("M. Dupont est là. Il part.", "fr") == ("M. Dupont est là.", "Il part.")


def test_list_items_and_paragraphs_are_parted_and_lines_joined():
    assert sentences("A first\nline\n\n- one item\n- another item", "en") == (
        "A first line",
        "- one item",
        "- another item",
    )


@pytest.mark.parametrize(
    ("sentence", "intent"),
    [
        ("Please summarise the memo.", "summary"),
        ("Could you write a summary of it?", "summary"),
        ("What does the summary say?", None),
        ("Résumez ce texte.", "summary"),
        ("Fais un résumé.", "summary"),
        ("Le résumé est prêt.", None),
        ("Generate a concise title.", "title"),
        ("Donne un titre court.", "title"),
        ("Her title is director.", None),
        ("Fix the bug in this script.", "code"),
        ("Corrige ce script.", "code"),
        ("The code of conduct applies.", None),
    ],
)
def test_directives_are_told_from_mentions(sentence, intent):
    assert directive(sentence) == intent


def test_asking_is_told_from_stating():
    assert asks("Where is it?")
    assert asks("Tell me where it is.")
    assert asks("Dis-moi où c'est.")
    assert not asks("It is in Lyon.")
    assert not asks("C'est à Lyon.")


def test_a_request_is_parted_from_its_text():
    assert part_request("Summarise this: It rains.") == ("Summarise this:".rstrip(":"), "It rains.")
    assert part_request("Note: it rains.") == ("Note: it rains.",)


def test_the_count_of_sentences_is_read_and_bounded():
    assert sentence_count("in two sentences", 3) == 2
    assert sentence_count("en 5 phrases", 3) == 5
    assert sentence_count("in 99 sentences", 3) == 20
    assert sentence_count("briefly", 3) == 3


def test_passages_are_numbered_by_their_role():
    found = passages(
        (
            Said(role="system", text="Be brief."),
            Said(role="user", text="It rains."),
            Said(role="assistant", text="Yes."),
            Said(role="user", text="Where?"),
        ),
        "en",
    )
    assert [(p.role, p.number, p.last, p.asks) for p in found] == [
        ("system", 1, False, False),
        ("user", 1, False, False),
        ("assistant", 1, False, False),
        ("user", 2, True, True),
    ]
