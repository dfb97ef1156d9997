"""Conversations, their turns and their events, on the fake and on each database."""

from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.chat.model import (
    ChatEvent,
    Delta,
    Ended,
    OrderRef,
    Place,
    Problem,
    Served,
    StoredConversation,
    StoredEvent,
    StoredTurn,
    Titled,
    TurnSeen,
)
from changeover.chat.ports import ChatWork
from changeover.conversation.model import Text
from tests.chat.world import ANA, MARC
from tests.orders.worlds import T0

WORDS = Bilingual(en="Words.", fr="Mots.")
ORDER = OrderRef(id="memo", title=WORDS, issuer_name=WORDS)
SERVED = Served(
    route="m@h",
    model="m",
    model_name="M",
    version="m-1",
    maker="v",
    maker_name=WORDS,
    host="h",
    host_name=WORDS,
    stand_in=True,
    requested="default",
    replaced=None,
    ruleset="r1",
    instruments=(ORDER,),
    why=WORDS,
    losses=("field",),
    deadline=T0,
    input_tokens=1,
    output_tokens=None,
    demonstration=True,
)
CONVERSATION = StoredConversation(
    id="conv_1", account=ANA.id, service="desk", title="", created=T0, changed=T0
)
QUESTION = StoredTurn(
    id="turn_1",
    conversation="conv_1",
    parent=None,
    role="user",
    created=T0,
    state="complete",
    parts=(Text(text="Hello 😀\u0000?"),),
    client_id="c1",
    fresh=True,
)
ANSWER = StoredTurn(
    id="turn_2",
    conversation="conv_1",
    parent="turn_1",
    role="assistant",
    created=T0,
    state="generating",
    parts=(),
    since=3,
    start="start_1",
)


def test_a_conversation_comes_back_as_it_was(work: ChatWork):
    work.conversations.add(CONVERSATION)
    assert work.conversations.get("conv_1") == CONVERSATION
    with pytest.raises(NotFoundError):
        work.conversations.get("conv_0")


def test_a_list_is_an_accounts_own_the_last_changed_first(work: ChatWork):
    for number in range(3):
        own = msgspec.structs.replace(CONVERSATION, id=f"conv_{number}")
        work.conversations.add(own)
    other = msgspec.structs.replace(CONVERSATION, id="conv_9", account=MARC.id)
    work.conversations.add(other)
    work.conversations.touch("conv_1", T0 + timedelta(microseconds=1))
    work.conversations.add_turn(QUESTION)
    work.conversations.add_turn(ANSWER)
    lines = work.conversations.lines(ANA.id)
    assert [(line.id, line.turns) for line in lines] == [
        ("conv_1", 2),
        ("conv_2", 0),
        ("conv_0", 0),
    ]
    assert lines[0].changed == T0 + timedelta(microseconds=1)


def test_a_conversation_is_put_where_it_is_wanted_and_else_stays(work: ChatWork):
    work.conversations.add(CONVERSATION)

    def places() -> list[tuple[bool, bool]]:
        return [(line.pinned, line.archived) for line in work.conversations.lines(ANA.id)]

    assert places() == [(False, False)]
    work.conversations.shelve("conv_1", T0, Place(pinned=True))
    assert places() == [(True, False)]
    work.conversations.shelve("conv_1", T0, Place(archived=True))
    assert places() == [(True, True)]
    work.conversations.shelve("conv_1", T0, Place())
    work.conversations.shelve("conv_1", T0, Place(pinned=False, archived=False))
    assert places() == [(False, False)]


def test_what_people_tell_their_assistant_is_their_own_and_can_be_taken_away(work: ChatWork):
    assert work.instructions.of(ANA.id) == ""
    work.instructions.put(ANA.id, "Be brief.", T0)
    work.instructions.put(ANA.id, "Be long.", T0)
    work.instructions.put(MARC.id, "Other.", T0)
    assert work.instructions.of(ANA.id) == "Be long."
    work.instructions.put(ANA.id, "", T0)
    assert (work.instructions.of(ANA.id), work.instructions.of(MARC.id)) == ("", "Other.")


def test_a_title_is_given_only_instead_of_the_one_expected(work: ChatWork):
    work.conversations.add(CONVERSATION)
    assert work.conversations.rename("conv_1", "First", instead_of="")
    assert not work.conversations.rename("conv_1", "Second", instead_of="")
    assert work.conversations.rename("conv_1", "Third")
    assert work.conversations.get("conv_1").title == "Third"
    assert not work.conversations.rename("conv_0", "None")


def test_turns_come_back_as_they_were_in_order(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.conversations.add_turn(ANSWER)
    work.conversations.add_turn(QUESTION)
    assert work.conversations.turns("conv_1") == [QUESTION, ANSWER]
    assert work.conversations.turns("conv_0") == []


def test_a_clients_id_is_taken_once_in_a_conversation(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.conversations.add(msgspec.structs.replace(CONVERSATION, id="conv_2"))
    work.conversations.add_turn(QUESTION)
    again = msgspec.structs.replace(QUESTION, id="turn_9")
    with pytest.raises(ConflictError):
        work.conversations.add_turn(again)
    work.conversations.add_turn(msgspec.structs.replace(again, conversation="conv_2"))
    work.conversations.add_turn(ANSWER)
    work.conversations.add_turn(msgspec.structs.replace(ANSWER, id="turn_3"))


def test_a_turn_is_settled_once_and_never_changed_again(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.conversations.add_turn(QUESTION)
    work.conversations.add_turn(ANSWER)
    assert work.conversations.generating() == [ANSWER]
    settled = msgspec.structs.replace(
        ANSWER,
        state="cut",
        parts=(Text(text="Half"), Text(text="No.", refusal=True)),
        served=SERVED,
        problem=Problem(kind="cut", words=WORDS, order=ORDER, may_continue=True),
        cause=ORDER,
    )
    assert work.conversations.over(["turn_1", "turn_2", "turn_0"]) == {"turn_1"}
    assert work.conversations.settle(settled)
    assert work.conversations.turns("conv_1") == [QUESTION, settled]
    assert work.conversations.generating() == []
    for other in (settled, msgspec.structs.replace(settled, served=None), QUESTION):
        assert not work.conversations.settle(other)
    assert work.conversations.turns("conv_1") == [QUESTION, settled]
    assert work.conversations.over(["turn_1", "turn_2"]) == {"turn_1", "turn_2"}
    assert work.conversations.over([]) == frozenset()


def test_each_conversations_events_count_from_one(work: ChatWork):
    first: list[ChatEvent] = [
        TurnSeen(turn=QUESTION.shown()),
        Delta(turn="turn_2", text="Hé😀", at=0),
    ]
    assert work.chat_events.last("conv_1") == 0
    assert work.chat_events.append("conv_1", T0, first) == 2
    assert work.chat_events.append("conv_2", T0, [Titled(title="Other")]) == 1
    ended = Ended(turn="turn_2", state="complete")
    assert work.chat_events.append("conv_1", T0, [ended]) == 3
    assert work.chat_events.append("conv_1", T0, []) == 3
    assert work.chat_events.last("conv_1") == 3
    whole: list[ChatEvent] = [*first, ended]
    every = [StoredEvent(seq=n, event=e) for n, e in enumerate(whole, 1)]
    assert work.chat_events.after("conv_1", 0) == every
    assert work.chat_events.after("conv_1", 1, 1) == every[1:2]
    assert work.chat_events.after("conv_1", 3) == []
