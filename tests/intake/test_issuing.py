from datetime import UTC, datetime

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.intake.ports import Document
from changeover.intake.reading import read
from changeover.intake.usecases import IncompleteDraftError, Overrides, to_instrument
from changeover.orders.model import Implement, Rescind
from tests.intake.statechat import DIRECTORY

NOW = datetime(2026, 3, 3, tzinfo=UTC)
WINDING = (
    "2 March 2026\n\nThe President ordered the government on Friday to stop using Anthropic's "
    "products. He said the Pentagon and other agencies that use them would have six months to "
    "phase them out.\n"
)


def draft_of(text):
    [draft] = read(text.encode(), "a.txt", DIRECTORY).drafts
    return draft


def issue(text, **given):
    draft = draft_of(text)
    document = Document(
        sha256=draft.quote.document, name="a.txt", content=text.encode(), captured=NOW
    )
    return to_instrument(draft, document, DIRECTORY, Overrides(**given), by="A. Officer")


def test_both_readings_are_carried_and_one_is_chosen():
    order = issue(WINDING)
    [clause] = order.clauses
    assert (clause.chosen, clause.chosen_by) == ("all", "A. Officer")
    all_of_them, named = clause.readings
    assert all_of_them.wind_down is not None
    assert named.wind_down is not None
    assert all_of_them.wind_down.parties == ()
    assert named.wind_down.parties == ("defence",)
    assert named.note is not None
    assert all_of_them.since == datetime(2026, 2, 27, 5, tzinfo=UTC)
    assert all_of_them.wind_down.until.at == datetime(2026, 8, 27, 4, tzinfo=UTC)
    assert "ordered the government" in clause.words
    assert "six months" in clause.words


def test_a_person_may_choose_the_other_reading():
    assert issue(WINDING, reading="named").clauses[0].chosen == "named"
    with pytest.raises(InvalidInputError, match="is no reading"):
        issue(WINDING, reading="strict")


def test_the_deadline_is_counted_from_the_day_given():
    order = issue(WINDING, since="2026-08-31")
    winding = order.clauses[0].readings[0].wind_down
    assert winding is not None
    assert winding.until.at == datetime(2027, 2, 28, 5, tzinfo=UTC)
    assert order.takes_effect() == datetime(2026, 8, 31, 4, tzinfo=UTC)


def test_the_source_and_titles():
    order = issue(WINDING, id="order-1", implements=("older",))
    assert order.id == "order-1"
    assert order.acts == (Implement(instruments=("older",)),)
    assert order.sources[0].sha256 == draft_of(WINDING).quote.document
    assert order.title.en == "the President prohibits Anthropic"
    assert order.title.fr == "le président interdit Anthropic"


def test_an_announcement_cannot_be_issued():
    text = "2 March 2026\n\nThe Pentagon announced it would ban Gemini.\n"
    with pytest.raises(IncompleteDraftError, match="announcement") as caught:
        issue(text)
    assert caught.value.missing == ("from",)


def test_a_designation_alone_prohibits_nothing():
    with pytest.raises(IncompleteDraftError) as caught:
        issue("2 March 2026\n\nThe Pentagon designated Google a risk to its supply chain.\n")
    assert caught.value.missing == ("action",)


def test_what_is_missing_is_named_and_may_be_given():
    text = "No agency may use ChatGPT."
    with pytest.raises(IncompleteDraftError) as caught:
        issue(text)
    assert caught.value.missing == ("issuer", "from", "scope")
    order = issue(text, issuer="president", since="2026-03-02T12:00", parties=("health",))
    [reading] = order.clauses[0].readings
    assert (order.issuer, reading.id, reading.modality) == ("president", "draft", "prohibit")
    assert reading.scope.parties == ("health",)
    assert order.effective == datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize("given", [{"issuer": "nobody"}, {"parties": ("nowhere",)}])
def test_what_is_given_must_be_known(given):
    with pytest.raises(InvalidInputError, match="of the directory"):
        issue(WINDING, **given)


def test_a_rescission_names_what_it_ends():
    text = "2 April 2026\n\nThe State Department rescinded its ban on Claude.\n"
    with pytest.raises(IncompleteDraftError) as caught:
        issue(text)
    assert caught.value.missing == ("rescinds",)
    order = issue(text, rescinds=("state-order",))
    [act] = order.acts
    assert isinstance(act, Rescind)
    assert act.instruments == ("state-order",)
    assert order.clauses == ()


def test_what_a_draft_has_no_place_for_is_not_passed_over():
    with pytest.raises(InvalidInputError, match="to prohibit, and has no place for rescinds"):
        issue(WINDING, rescinds=("state-order",))
    text = "2 April 2026\n\nThe State Department rescinded its ban on Claude.\n"
    with pytest.raises(InvalidInputError, match="has no place for until or scope"):
        issue(text, rescinds=("state-order",), until="2026-05-01", parties=("state",))


def test_a_memo_rebinds_without_a_clause():
    text = "2 March 2026\n\nFor now, StateChat will use GPT-4.1, according to a memo.\n"
    memo = issue(text)
    assert memo.clauses == ()
    [change] = memo.rebindings
    assert (change.service, change.models, change.provisional) == (
        "statechat",
        ("openai/gpt-4.1",),
        True,
    )
