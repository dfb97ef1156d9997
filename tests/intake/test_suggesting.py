"""What a model suggests is held to the document's own words and to the directory."""

import json

from hypothesis import given
from hypothesis import strategies as st

from changeover.intake.formats import text_of
from changeover.intake.suggesting import MOST_CHARACTERS, question, suggested
from tests.intake.formats.made import pdf
from tests.intake.statechat import DIRECTORY

WORDS = "Claude is  out at\nthe Treasury from Monday on."
TEXT = text_of(f"2 March 2026\n\nAs said before: {WORDS}\n".encode(), "a.txt")


def ask(*acts, around=("", "")):
    answer = around[0] + json.dumps({"acts": acts}) + around[1]
    return suggested(answer, TEXT, "0" * 64, DIRECTORY, by="openai/gpt-4.1@openai")


def act(**fields):
    return {"act": "prohibit", "quote": "Claude is out at the Treasury", "issuer": None} | fields


def test_a_suggestion_has_the_documents_own_words_and_is_marked():
    fields = {"issuer": "treasury-secretary", "targets": ["anthropic"], "scope": ["treasury"]}
    found = ask(act(**fields, **{"from": "2026-03-09", "until": "2026-06-30"}))
    [draft] = found.drafts
    assert found.notes == ()
    assert draft.quote.text == "Claude is  out at\nthe Treasury"
    assert TEXT.text[draft.quote.start : draft.quote.end] == draft.quote.text
    assert (draft.action, draft.issuer, draft.since) == (
        "prohibit",
        "treasury-secretary",
        "2026-03-09",
    )
    assert draft.wind_down is not None
    assert draft.wind_down.until == "2026-06-30"
    assert (draft.targets.makers, draft.scope.parties) == (("anthropic",), ("treasury",))
    assert draft.suggested_by == "openai/gpt-4.1@openai"


def test_what_is_not_in_the_document_or_the_directory_is_left_out_and_said():
    found = ask(
        act(quote="Claude is banned everywhere"),
        act(targets=["anthropic", "nobody"], issuer="the king", **{"from": "soon"}),
    )
    [draft] = found.drafts
    assert (draft.targets.makers, draft.issuer, draft.since) == (("anthropic",), None, None)
    assert [note.partition(":")[2].strip(" '.") for note in found.notes] == [
        "Claude is banned everywhere",
        "nobody",
        "the king",
        "soon",
    ]


def test_a_change_of_a_services_model_leads_to_the_model():
    found = ask(act(act="rebind", targets=["openai/gpt-4.1"], scope=["statechat"]))
    [draft] = found.drafts
    [change] = draft.rebindings
    assert (change.service, change.models) == ("statechat", ("openai/gpt-4.1",))
    assert (draft.scope.services, draft.targets.models) == ((), ())


def test_an_answer_may_have_words_around_its_json_and_may_be_none():
    assert len(ask(act(), around=("Here it is:\n```json\n", "\n```")).drafts) == 1
    for answer in ("", "I cannot do that.", '{"acts": [{"act": "praise", "quote": "x"}]}', "{"):
        found = suggested(answer, TEXT, "0" * 64, DIRECTORY, by="m")
        assert found.drafts == ()
        assert len(found.notes) == 1


@given(st.text(max_size=200))
def test_any_answer_gives_exact_quotes_or_nothing(answer):
    found = suggested(answer, TEXT, "0" * 64, DIRECTORY, by="m")
    assert found.drafts == ()


@given(st.text(max_size=60))
def test_a_quote_is_found_only_where_it_stands(quote):
    for draft in ask(act(quote=quote)).drafts:
        assert TEXT.text[draft.quote.start : draft.quote.end] == draft.quote.text
        assert draft.quote.text.split() == quote.split()


def test_a_quote_of_a_pdf_tells_its_page():
    order = "Claude is out at the Treasury from Monday on."
    text = text_of(pdf([["2 March 2026"], [order]]), "a.pdf")
    answer = json.dumps({"acts": [act()]})
    [draft] = suggested(answer, text, "0" * 64, DIRECTORY, by="m").drafts
    assert draft.quote.page == 2


def test_the_question_holds_the_directorys_ids_and_so_much_of_the_document():
    asked = question("x" * (MOST_CHARACTERS + 500), DIRECTORY)
    assert "treasury-secretary = " in asked
    assert "x" * MOST_CHARACTERS in asked
    assert "x" * (MOST_CHARACTERS + 1) not in asked
