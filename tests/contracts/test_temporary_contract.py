"""Temporary conversations, on the fake and on each database."""

from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.chat.finding import terms_of
from changeover.chat.model import StoredConversation, StoredTurn
from changeover.chat.ports import ChatWork
from changeover.chat.temporary_store import Temporary
from changeover.conversation.model import Text
from tests.chat.world import ANA
from tests.orders.worlds import T0

LATER = T0 + timedelta(hours=24)
TEMPORARY = StoredConversation(
    id="conv_1",
    account=ANA.id,
    service="desk",
    title="Treaty",
    created=T0,
    changed=T0,
    temporary_until=LATER,
)
KEPT = msgspec.structs.replace(TEMPORARY, id="conv_2", temporary_until=None)


def found(work: ChatWork) -> set[str]:
    terms = terms_of("treaty")
    hits = work.search.hits(ANA.id, terms, 0, 9)
    assert work.search.count(ANA.id, terms) == len(hits)
    return {hit.conversation for hit in hits}


@pytest.fixture
def both(work: ChatWork) -> ChatWork:
    for one in (TEMPORARY, KEPT):
        work.conversations.add(one)
        turn = StoredTurn(
            id=f"turn {one.id}",
            conversation=one.id,
            parent=None,
            role="user",
            created=T0,
            state="complete",
            parts=(Text(text="A treaty."),),
        )
        work.conversations.add_turn(turn)
    return work


def test_one_is_told_of_and_neither_listed_nor_found(both: ChatWork):
    assert both.conversations.get("conv_1") == TEMPORARY
    assert both.temporaries.all() == [
        Temporary(conversation="conv_1", party=ANA.party, until=LATER)
    ]
    assert [line.id for line in both.conversations.lines(ANA.id)] == ["conv_2"]
    assert found(both) == {"conv_2"}


def test_one_that_is_kept_is_listed_and_found(both: ChatWork):
    both.temporaries.keep("conv_1")
    assert both.temporaries.all() == []
    assert {line.id for line in both.conversations.lines(ANA.id)} == {"conv_1", "conv_2"}
    assert found(both) == {"conv_1", "conv_2"}


def test_one_that_is_removed_leaves_nothing_and_others_alone(both: ChatWork):
    assert both.removed.remove("conv_1") == 1
    with pytest.raises(NotFoundError):
        both.conversations.get("conv_1")
    assert both.temporaries.all() == []
    assert both.conversations.turns("conv_1") == []
    assert len(both.conversations.turns("conv_2")) == 1
    assert found(both) == {"conv_2"}
