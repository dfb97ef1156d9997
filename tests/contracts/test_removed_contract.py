"""Removed conversations, and what is said of answers, on the fake and on each database."""

from datetime import timedelta

import msgspec
import pytest

from changeover.chat.feedback import Feedback, ModelFeedback, SaidOfAnswer
from changeover.chat.finding import terms_of
from changeover.chat.model import StoredConversation, StoredTurn
from changeover.chat.ports import ChatWork
from changeover.chat.removed_store import Due, Removed
from changeover.conversation.model import Text
from tests.chat.exports.said import ALPHA as SERVED
from tests.chat.world import ANA, MARC
from tests.orders.worlds import T0

FIRST = StoredConversation(
    id="conv_1", account=ANA.id, service="desk", title="Treaty", created=T0, changed=T0
)
LATER = msgspec.structs.replace(FIRST, id="conv_2", changed=T0 + timedelta(days=2))
DAY = timedelta(days=1)


def answer(conversation: str, **fields) -> StoredTurn:
    given = {
        "id": f"turn_{conversation}",
        "parent": None,
        "role": "assistant",
        "created": T0,
        "state": "complete",
        "parts": (Text(text="A treaty."),),
        "served": SERVED,
    }
    return StoredTurn(conversation=conversation, **(given | fields))


@pytest.fixture
def both(work: ChatWork) -> ChatWork:
    for one in (FIRST, LATER):
        work.conversations.add(one)
        work.conversations.add_turn(answer(one.id))
    return work


def due(work: ChatWork, party: str = ANA.party, **fields) -> list[str]:
    given = {"removed_before": T0, "changed_before": None, "most": 9} | fields
    return [one.conversation for one in work.removed.due(party, **given)]


def test_what_is_removed_is_out_of_lists_and_search_until_it_comes_back(both: ChatWork):
    terms = terms_of("treaty")
    found = both.search.count(ANA.id, terms)
    both.removed.mark("conv_1", T0 + DAY)
    assert both.conversations.get("conv_1").removed == T0 + DAY
    assert [line.id for line in both.conversations.lines(ANA.id)] == ["conv_2"]
    assert both.search.count(ANA.id, terms) == found // 2
    assert both.removed.of(ANA.id) == [
        Removed(id="conv_1", title="Treaty", removed=T0 + DAY, turns=1)
    ]
    assert both.removed.of(MARC.id) == []
    both.removed.mark("conv_1", None)
    assert both.removed.of(ANA.id) == []
    assert len(both.conversations.lines(ANA.id)) == 2
    assert both.search.count(ANA.id, terms) == found


def test_what_is_due_was_removed_or_last_changed_before(both: ChatWork):
    assert both.removed.parties() == [ANA.party]
    assert due(both) == []
    assert due(both, changed_before=T0) == []
    assert due(both, changed_before=T0 + DAY) == ["conv_1"]
    assert due(both, changed_before=T0 + 3 * DAY) == ["conv_1", "conv_2"]
    assert due(both, changed_before=T0 + 3 * DAY, most=1) == ["conv_1"]
    assert due(both, party="elsewhere", changed_before=T0 + 3 * DAY) == []
    both.removed.mark("conv_2", T0)
    assert due(both) == []
    assert due(both, removed_before=T0 + DAY) == ["conv_2"]
    one = Due(conversation="conv_2", party=ANA.party, by_owner=True)
    assert both.removed.due(ANA.party, removed_before=T0 + DAY, changed_before=None, most=9) == [
        one
    ]
    assert both.removed.is_due(one, removed_before=T0 + DAY, changed_before=None)
    assert not both.removed.is_due(one, removed_before=T0, changed_before=None)


def test_what_is_temporary_or_written_in_is_not_due(work: ChatWork):
    work.conversations.add(msgspec.structs.replace(FIRST, temporary_until=T0))
    assert work.removed.parties() == []
    assert due(work, changed_before=T0 + DAY) == []
    work.conversations.add(LATER)
    work.conversations.add_turn(answer("conv_2", state="generating", start="start_1"))
    one = Due(conversation="conv_2", party=ANA.party, by_owner=False)
    assert not work.removed.is_due(one, removed_before=T0, changed_before=T0 + 9 * DAY)


def test_what_is_said_of_an_answer_is_changed_counted_and_goes_with_it(both: ChatWork):
    first = Feedback(turn="turn_conv_1", rating="not-helpful", words="Too long.")
    both.feedback.put(ANA.id, first, T0)
    assert both.feedback.of("conv_1") == [first]
    assert both.feedback.of("conv_2") == []
    second = Feedback(turn="turn_conv_2", rating="helpful")
    both.feedback.put(ANA.id, second, T0 + DAY)
    told = ModelFeedback(
        model=SERVED.model,
        model_name=SERVED.model_name,
        maker=SERVED.maker,
        helpful=1,
        not_helpful=1,
    )
    assert list(both.feedback.by_model(T0)) == [told]
    assert list(both.feedback.by_model(T0 + DAY)) == [msgspec.structs.replace(told, not_helpful=0)]
    assert list(both.feedback.words(T0, 9)) == [
        SaidOfAnswer(
            at=T0,
            party=ANA.party,
            model=SERVED.model,
            model_name=SERVED.model_name,
            rating="not-helpful",
            words="Too long.",
        )
    ]
    both.feedback.put(ANA.id, msgspec.structs.replace(first, rating="helpful", words=""), T0)
    assert both.feedback.by_model(T0)[0].helpful == 2
    assert list(both.feedback.words(T0, 9)) == []
    both.feedback.remove("turn_conv_1")
    assert both.feedback.of("conv_1") == []
    assert both.removed.remove("conv_2") == 1
    assert list(both.feedback.by_model(T0)) == []
