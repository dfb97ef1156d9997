from datetime import datetime

import msgspec
import pytest

from changeover.chat.context import (
    GO_ON,
    Wanted,
    answer_room,
    estimated_tokens,
    history,
    request_for,
)
from changeover.chat.model import StoredTurn
from changeover.chat.tree import answer_to, head_of, path_to
from changeover.conversation.model import Reasoning, Role, Sealed, Text, words_of
from tests.orders.worlds import T0, day


def turn(
    id_: str,
    role: Role,
    text: str,
    parent: str | None = None,
    *,
    created: datetime = T0,
    fresh: bool = False,
) -> StoredTurn:
    return StoredTurn(
        id=id_,
        conversation="c",
        parent=parent,
        role=role,
        created=created,
        state="complete",
        parts=(Text(text=text),) if text else (),
        fresh=fresh,
    )


def said(*turns: StoredTurn) -> list[tuple[str, str]]:
    return [(one.role, one.text) for one in history(turns)]


def test_an_answer_and_its_continuation_are_one_text():
    path = turn("1", "user", "Q"), turn("2", "assistant", "Ha"), turn("3", "assistant", "lf")
    assert said(*path) == [("user", "Q"), ("assistant", "Half")]


def test_what_was_reasoned_goes_in_its_place():
    thought = Reasoning(text="Hm.", sealed=Sealed(form="signature", value="S", of="alpha/one"))
    first, second = turn("2", "assistant", "Ha"), turn("3", "assistant", "lf")
    thinking = msgspec.structs.replace(second, parts=(thought, *second.parts))
    (_, (role, parts)) = (
        (one.role, one.parts) for one in history([turn("1", "user", "Q"), first, thinking])
    )
    assert (role, parts) == ("assistant", (*first.parts, thought, *second.parts))


def test_a_question_that_was_asked_again_goes_once_and_others_together():
    unanswered = turn("1", "user", "Q"), turn("2", "assistant", "")
    assert said(*unanswered, turn("3", "user", "Q")) == [("user", "Q")]
    assert said(*unanswered, turn("3", "user", "R")) == [("user", "Q\n\nR")]


def test_a_fresh_start_hides_what_came_before_it():
    path = (
        turn("1", "user", "Secret"),
        turn("2", "assistant", "Told"),
        turn("3", "user", "New", fresh=True),
        turn("4", "assistant", "Yes"),
        turn("5", "user", "More"),
    )
    assert said(*path) == [("user", "New"), ("assistant", "Yes"), ("user", "More")]


def test_going_on_is_asked_for_in_words_unless_nothing_had_arrived():
    broken = turn("1", "user", "Q"), turn("2", "assistant", "Half")
    request = request_for(broken, Wanted(model="default", context=1000))
    assert [words_of(t.parts) for t in request.turns] == ["Q", "Half", GO_ON]
    assert not request.prefill
    empty = turn("1", "user", "Q"), turn("2", "assistant", "")
    request = request_for(empty, Wanted(model="default", context=1000))
    assert [words_of(t.parts) for t in request.turns] == ["Q"]


@pytest.mark.parametrize(("characters", "tokens"), [(1, 1), (4, 1), (5, 2), (4000, 1000)])
def test_four_characters_are_taken_for_a_token(characters, tokens):
    request = request_for((turn("1", "user", "x" * characters),), Wanted(model="m", context=1000))
    assert estimated_tokens(request) == tokens


def test_room_is_kept_for_the_answer():
    assert [answer_room(context) for context in (1000, 200_000)] == [250, 4096]


def test_the_head_is_the_newest_leaf():
    tree = [
        turn("1", "user", "Q"),
        turn("2", "assistant", "first", "1", created=day(1)),
        turn("3", "assistant", "regenerated", "1", created=day(3)),
        turn("4", "user", "on the first", "2", created=day(2)),
    ]
    head = head_of(tree)
    assert head is not None
    assert head.id == "3"
    assert [one.id for one in path_to(tree, head)] == ["1", "3"]
    answer = answer_to(tree, tree[0])
    assert answer is not None
    assert answer.id == "2"
    assert head_of([]) is None
    assert path_to(tree, None) == ()
