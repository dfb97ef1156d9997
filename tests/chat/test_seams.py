from typing import Any

import msgspec
import pytest

from changeover.basics.text import Bilingual
from changeover.chat.model import OrderRef, Served, StoredTurn
from changeover.chat.seams import seams
from changeover.conversation.model import Role, Text
from tests.contracts.test_conversations_contract import SERVED
from tests.orders.worlds import T0, name


def by(model: str, *losses: str) -> Served:
    return msgspec.structs.replace(
        SERVED,
        model=model,
        model_name=model.upper(),
        maker_name=name(f"Maker {model}"),
        losses=losses,
    )


def path(*turns: tuple[Role, dict[str, Any]]) -> list[StoredTurn]:
    return [
        StoredTurn(
            id=str(place),
            conversation="c",
            parent=None,
            role=role,
            created=T0,
            state="complete",
            **({"parts": (Text(text=f"text {place}"),)} | fields),
        )
        for place, (role, fields) in enumerate(turns)
    ]


ASK: tuple[Role, dict[str, Any]] = ("user", {})
FRESH: tuple[Role, dict[str, Any]] = ("user", {"fresh": True})


def told(model: str, *losses: str, **fields: Any) -> tuple[Role, dict[str, Any]]:
    return "assistant", {"served": by(model, *losses)} | fields


def test_there_is_no_seam_while_one_model_answers_on_whatever_route():
    other_route = msgspec.structs.replace(by("a"), route="a@elsewhere")
    assert seams(path(ASK, told("a"), ASK, told("a"))) == ()
    assert seams(path(ASK, told("a"), ASK, ("assistant", {"served": other_route}))) == ()
    assert seams([]) == ()


def test_there_and_back_are_two_seams():
    found = seams(path(ASK, told("a"), ASK, told("b"), ASK, told("a")))
    assert [(s.before, s.from_model, s.to_model) for s in found] == [
        ("3", "A", "B"),
        ("5", "B", "A"),
    ]
    assert found[0].from_maker_name == name("Maker a")
    assert found[1].carried.fr.startswith("Le texte des 4 interventions précédentes")


def test_an_answer_that_nobody_gave_leaves_no_seam():
    refused = ("assistant", {"parts": ()})
    assert seams(path(ASK, told("a"), ASK, refused, ASK, told("a"))) == ()  # type: ignore[arg-type]
    (seam,) = seams(path(ASK, told("a"), ASK, refused, ASK, told("b")))  # type: ignore[arg-type]
    assert seam.carried.en.startswith("The text of all 3 turns")


def test_a_continuation_by_another_model_says_that_the_beginning_went_along():
    (seam,) = seams(path(ASK, told("a"), told("b")))
    assert seam.carried == Bilingual(
        en="The text of all 2 turns before it went along, the kept beginning of this answer too.",
        fr="Le texte des 2 interventions précédentes a été transmis, y compris le début conservé "
        "de cette réponse.",
    )


def test_a_fresh_start_and_losses_are_both_said():
    (seam,) = seams(path(ASK, told("a"), FRESH, told("b", "top_k")))
    assert seam.carried.en == "Only your new message went along."
    assert seam.not_carried.en == (
        "A fresh start: 2 earlier turns were not sent to Maker b. "
        "Not carried over, because Maker b does not take them: top_k."
    )


@pytest.mark.parametrize(
    "order", [None, OrderRef(id="memo", title=name("M"), issuer_name=name("I"))]
)
def test_the_order_is_the_one_that_made_the_new_model_answer(order: OrderRef | None):
    (seam,) = seams(path(ASK, told("a"), ASK, told("b", cause=order)))
    assert seam.order == order
