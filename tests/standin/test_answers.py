import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.standin import voices
from changeover.standin.answers import answer
from changeover.standin.asked import Said

OFFICE = (
    "The office moved to Lyon in 2019. The move cost two million. Coffee is free on Fridays. "
    "Staff of the Paris office followed the office to Lyon. "
    "The Lyon office has parking for staff, which the Paris office had not."
)
BUREAU = (
    "Le bureau a déménagé à Lyon en 2019. Le café est gratuit le vendredi. "
    "Le personnel du bureau de Paris a suivi le bureau à Lyon. "
    "M. Dupont dirige le bureau de Lyon depuis le déménagement."
)


def reply(*said: tuple[Any, str], vendor: str = "openai", model: str = "gpt-4.1") -> str:
    conversation = tuple(Said(role=role, text=text) for role, text in said)
    return answer(conversation, voices.VOICES[vendor], model)


def test_a_bare_question_is_answered_with_what_the_stand_in_is():
    text = reply(("user", "What is the capital of Peru?"))
    assert text.startswith(voices.VOICES["openai"].lacks.en)
    assert "gpt-4.1" in text
    assert "OpenAI" in text
    assert "Lima" not in text
    assert voices.UNMATCHED.en not in text


def test_une_question_nue_recoit_la_reponse_dans_sa_langue():
    text = reply(
        ("user", "Quelle est la capitale du Pérou ?"), vendor="mistral", model="mistral-large"
    )
    assert text.startswith(voices.VOICES["mistral"].lacks.fr)
    assert "mistral-large" in text
    assert "aucun modèle ne tourne" in text


def test_a_fact_told_three_turns_ago_is_found_and_its_place_named():
    text = reply(
        ("system", "You are a helpful assistant."),
        ("user", "The report on visas is due on 27 August. Nobody else knows."),
        ("assistant", "Understood."),
        ("user", "The canteen opens at noon."),
        ("assistant", "Good to know."),
        ("user", "The lift is broken."),
        ("assistant", "That is a pity."),
        ("user", "When is the report on visas due?"),
    )
    assert "“The report on visas is due on 27 August.” (your message 1)" in text
    assert "canteen" not in text


def test_un_fait_dit_plus_tot_est_cite_avec_sa_source():
    text = reply(
        ("user", "La réunion commence à 9 heures. M. Dupont arrive le 3 mars."),
        ("assistant", "C'est noté."),
        ("user", "Quand arrive M. Dupont ?"),
        vendor="anthropic",
    )
    assert "« M. Dupont arrive le 3 mars. » (votre message 1)" in text
    assert text.startswith(voices.VOICES["anthropic"].quotes.fr)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ([("system", "The badge office is in room 12."), ("user", "Where is the badge office?")],
         "(the instructions)"),
        ([("user", "The badge office is in room 12. Where is the badge office?")],
         "(this message)"),
        ([("user", "Hello."), ("assistant", "The badge office is in room 12."),
          ("user", "Where is the badge office?")],
         "(reply 1)"),
    ],
)  # fmt: skip
def test_every_quote_says_where_it_comes_from(said, source):
    assert f"“The badge office is in room 12.” {source}" in reply(*said)


def test_a_stand_ins_own_words_are_never_quoted():
    first = reply(("user", OFFICE + " What did the move cost?"))
    second = reply(
        ("user", OFFICE + " What did the move cost?"),
        ("assistant", first),
        ("user", "And what does the text say the move cost?"),
        vendor="anthropic",
    )
    assert second.count("The move cost two million.") == 1
    assert "OpenAI" not in second


def test_a_question_is_no_answer_to_itself_when_asked_again():
    text = reply(
        ("user", "When does the pool open?"),
        ("assistant", "I do not know."),
        ("user", "When does the pool open?"),
    )
    assert "(your message 1)" not in text
    assert voices.UNMATCHED.en in text


def test_a_summary_quotes_central_sentences_in_their_own_order():
    text = reply(("user", f"Summarise this in two sentences: {OFFICE}"))
    opening, _, body = text.partition("\n\n")
    assert opening == voices.VOICES["openai"].summary.en
    assert "Lyon" in body
    assert "Coffee" not in body
    kept = [sentence for sentence in OFFICE.split(". ") if sentence.rstrip(".") in body]
    assert len(kept) == 2
    assert body.index(kept[0]) < body.index(kept[1].rstrip("."))


def test_un_resume_cite_les_phrases_centrales():
    text = reply(("user", BUREAU), ("assistant", "Bien."), ("user", "Résume en deux phrases."))
    assert text.startswith(voices.VOICES["openai"].summary.fr)
    assert "Le café" not in text
    assert "Lyon" in text


def test_instructions_may_ask_for_the_summary():
    text = reply(("system", "Summarise the conversation in one sentence."), ("user", OFFICE))
    assert text.partition("\n\n")[2] in OFFICE


def test_a_title_is_a_few_words_of_the_conversation():
    title = reply(("system", "Write a short title for this conversation."), ("user", OFFICE))
    assert "Lyon" in title
    assert "office" in title.lower()
    assert len(title.split()) <= 5
    words = {word.strip(".,").lower() for word in OFFICE.split()}
    assert {word.strip(",").lower() for word in title.split()} <= words


def test_un_titre_dans_la_langue_du_texte():
    title = reply(("user", BUREAU), ("user", "Propose un titre court pour cette conversation."))
    assert "bureau" in title.lower()
    assert "titre" not in title.lower()


def test_a_title_of_nothing_is_still_a_title():
    assert reply(("user", "Write a short title for this conversation.")) == "Conversation"


def test_a_mention_of_a_summary_asks_for_none():
    text = reply(
        ("user", "The summary is kept in room 4."),
        ("assistant", "Yes."),
        ("user", "Where is the summary kept?"),
    )
    assert "“The summary is kept in room 4.” (your message 1)" in text


def test_a_request_for_code_says_what_cannot_be_done():
    assert voices.NO_CODE.en in reply(("user", "Write a Python function that adds two numbers."))
    assert voices.NO_CODE.fr in reply(("user", "Écris une fonction Python qui trie une liste."))


def test_a_request_for_code_still_quotes_what_is_known():
    text = reply(
        ("system", "The tax rate is stored in the table rates."),
        ("user", "Write a SQL query for the tax rate."),
    )
    assert "“The tax rate is stored in the table rates.” (the instructions)" in text
    assert voices.NO_CODE.en in text


@pytest.mark.parametrize("text", ["", "   ", "!!!", "?", "the of and", "42", "日本語の質問"])
def test_a_message_without_content_words_is_answered(text):
    assert reply(("user", text)).startswith("Stand-in for OpenAI.")


def test_voices_differ_and_no_two_share_an_opening():
    openings = [
        opening
        for voice in voices.VOICES.values()
        for both in (voice.quotes, voice.summary, voice.lacks)
        for opening in (both.en, both.fr)
    ]
    assert len(set(openings)) == len(openings)
    assert all(voices.is_framed(opening + " …") for opening in openings)
    assert voices.is_framed("Stand-in for OpenAI. The text")
    assert not voices.is_framed("A stand-in for OpenAI was hired.")
    assert not voices.is_framed("")


@pytest.mark.parametrize(
    ("host", "model", "name"),
    [
        ("aws", "anthropic.claude-sonnet-4-5", "Anthropic"),
        ("microsoft", "gpt-4.1", "OpenAI"),
        ("google", "gemini-2.5-pro", "Google"),
        ("mistral", "mistral-large", "Mistral AI"),
        ("aws", "nova", "AWS"),
        ("house", "open", "this house"),
        ("elsewhere", "open", "this house"),
    ],
)
def test_the_voice_is_the_makers(host, model, name):
    assert voices.voice_of(host, model).name.en == name


WORDS = st.sampled_from(
    ["visa", "report", "Lyon", "deadline", "is", "the", "rapport", "délai", "le", "est", "27"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words) + ".")
TURNS = st.tuples(st.sampled_from(["system", "user", "assistant"]), SENTENCES)


@given(turns=st.lists(TURNS, max_size=6), question=SENTENCES)
@settings(max_examples=60, deadline=None)
def test_whatever_is_quoted_was_said(turns, question):
    text = reply(*turns, ("user", question[:-1] + "?"))
    assert text == reply(*turns, ("user", question[:-1] + "?"))
    said = [sentence for _, sentence in turns]
    for line in text.splitlines():
        if line[:1] in "“«" and line:
            assert any(sentence in line for sentence in said)


def test_a_long_text_is_summarised_in_bounded_time_and_memory():
    long = " ".join(f"Item {n} belongs to shelf {n % 91} of room {n % 17}." for n in range(3000))
    assert "shelf" in reply(("user", f"Summarise: {long}"))


def test_starting_loads_neither_numpy_nor_the_ranking():
    script = (
        "import sys, changeover.standin.server; "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'bm25s', 'sentencex')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
