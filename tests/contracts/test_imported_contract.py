"""Which conversations came from files, on the fake and on each database."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.chat.imported import Imported
from changeover.chat.model import NotCarried, Origin, Titled
from changeover.chat.ports import ChatWork
from tests.chat.world import ANA, MARC
from tests.contracts.test_conversations_contract import CONVERSATION, QUESTION, SERVED
from tests.orders.worlds import T0

FIRST = Imported(
    conversation="conv_1",
    account=ANA.id,
    act="import_1",
    file="conversations.json",
    source="chatgpt",
    source_id="c0ffee",
    digest="d1",
    at=T0,
)


def test_an_origin_comes_back_as_it_was(work: ChatWork):
    origin = Origin(
        source="open-webui",
        imported=T0,
        model="llama3",
        said=T0,
        stated=SERVED,
        not_carried=(NotCarried(what="image", count=2),),
    )
    turn = replace(QUESTION, origin=origin)
    work.conversations.add(CONVERSATION)
    work.conversations.add_turn(turn)
    assert work.conversations.turns("conv_1") == [turn]


def test_an_account_takes_a_state_of_a_conversation_in_once(work: ChatWork):
    for name in ("conv_1", "conv_2", "conv_3"):
        work.conversations.add(replace(CONVERSATION, id=name))
    work.imported.add(FIRST)
    later = replace(FIRST, conversation="conv_2", digest="d2", at=T0 + timedelta(seconds=1))
    work.imported.add(later)
    assert work.imported.of(ANA.id) == [later, FIRST]
    assert work.imported.of(MARC.id) == []
    assert work.imported.has(ANA.id, "d1")
    assert not work.imported.has(MARC.id, "d1")
    assert work.imported.has_other(ANA.id, "chatgpt", "c0ffee")
    assert not work.imported.has_other(ANA.id, "open-webui", "c0ffee")
    with pytest.raises(ConflictError):
        work.imported.add(replace(FIRST, conversation="conv_3"))


def test_removing_one_removes_all_that_is_its_own(work: ChatWork):
    for name in ("conv_1", "conv_2"):
        work.conversations.add(replace(CONVERSATION, id=name))
        work.conversations.add_turn(replace(QUESTION, id=f"turn_{name}", conversation=name))
        work.imported.add(replace(FIRST, conversation=name, digest=name))
    work.chat_events.append("conv_1", T0, [Titled(title="T")])
    work.removed.remove("conv_1")
    with pytest.raises(NotFoundError):
        work.conversations.get("conv_1")
    assert work.conversations.turns("conv_1") == []
    assert [one.conversation for one in work.imported.of(ANA.id)] == ["conv_2"]
    assert len(work.conversations.turns("conv_2")) == 1
