"""What staff are told, word by word, and when they are not told."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.orders.model import Rebinding, Scope, Target
from changeover.orders.notice import SLOT, Reader, notices, services_for
from changeover.orders.turnovers import turnovers
from tests.orders.demonstrations import Demonstration, at, demonstration
from tests.orders.worlds import bind, day, directory, order, reading, rules, winding

BOUND = (bind("desk", "alpha/one"),)


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


# The shipped scenario


def test_a_member_of_staff_is_told_of_the_memo_in_plain_words(demo: Demonstration):
    demo.issue("state-memo")
    (notice,) = demo.notices.of(demo.reader()).notices
    assert (notice.id, notice.order.id, notice.service) == ("state-memo", "state-memo", "statechat")
    assert (notice.in_force, notice.provisional, notice.acknowledged) == (True, True, False)
    assert [m.name for m in (*notice.from_models, *notice.to_models)] == [
        "Claude Sonnet 4.5",
        "GPT-4.1",
    ]
    english = {name: words.en for name, words in _words(notice)}
    assert english == {
        "what": "StateChat: GPT-4.1 (OpenAI) now answers instead of Claude Sonnet 4.5 (Anthropic).",
        "when": "Since 26 February 2026 at 09:00 (Eastern Time).",
        "must_do": "Nothing.",
        "no_longer_knows": "GPT-4.1 knows the world up to May 2024, 13 months less than "
        "Claude Sonnet 4.5. Check what has happened since.",
        "conversations": "Your conversations stay, whole and readable, and you can go on with "
        "each of them.",
        "earlier_text": "When you go on with a conversation, its earlier text is sent to OpenAI. "
        "To send none of it, choose a fresh start.",
        "whom_to_ask": "StateChat team",
    }
    french = {name: words.fr for name, words in _words(notice)}
    assert french == {
        "what": "StateChat : GPT-4.1 (OpenAI) répond désormais à la place de "
        "Claude Sonnet 4.5 (Anthropic).",
        "when": "Depuis le 26 février 2026 à 09:00 (heure de l’Est nord-américain).",
        "must_do": "Rien.",
        "no_longer_knows": "GPT-4.1 connaît le monde jusqu'en mai 2024, soit 13 mois de moins que "
        "Claude Sonnet 4.5. Vérifiez ce qui s'est passé depuis.",
        "conversations": "Vos conversations restent, entières et lisibles, et vous pouvez les "
        "poursuivre.",
        "earlier_text": "Quand vous poursuivez une conversation, son texte antérieur est transmis "
        "à OpenAI. Pour n'en rien transmettre, repartez de zéro.",
        "whom_to_ask": "StateChat team",
    }


def test_before_it_takes_effect_it_is_told_as_to_come(demo: Demonstration):
    demo.issue("state-memo", at_once=False)
    told = demo.notices.of(demo.reader())
    (notice,) = told.notices
    assert not notice.in_force
    assert "will answer instead of" in notice.what.en
    assert "répondra à la place de" in notice.what.fr
    assert notice.when.en == "From 2 March 2026 at 12:00 (Eastern Time)."
    assert told.next_in == (at("2026-03-02T12:00") - demo.clock.now()).total_seconds()


def test_the_played_scenario_tells_the_same_as_the_orders_entered_by_hand(demo: Demonstration):
    demo.player.play(at("2026-03-03"))
    (notice,) = demo.notices.of(demo.reader()).notices
    assert (notice.id, notice.effective) == ("state-memo", at("2026-03-02T12:00"))


def test_whom_the_service_does_not_serve_is_not_told(demo: Demonstration):
    demo.issue("state-memo")
    assert demo.notices.of(demo.reader("treasury")).notices == ()
    assert demo.notices.of(demo.reader("nowhere")).notices == ()


def test_an_acknowledged_notice_stays_with_its_mark_for_that_person_only(demo: Demonstration):
    demo.issue("state-memo")
    ana, other = demo.reader(), Reader(account="other", party="state", created=at("2026-02-01"))
    demo.notices.acknowledge(ana, "state-memo")
    assert [n.acknowledged for n in demo.notices.of(ana).notices] == [True]
    assert [n.acknowledged for n in demo.notices.of(other).notices] == [False]
    with pytest.raises(NotFoundError):
        demo.notices.acknowledge(ana, "treasury-order")


def test_who_joined_at_the_very_instant_is_told_and_who_joined_later_is_not(demo: Demonstration):
    demo.issue("state-memo")
    now = demo.clock.now()
    for created, told in ((now, 1), (now + timedelta(seconds=1), 0)):
        reader = Reader(account="new", party="state", created=created)
        assert len(demo.notices.of(reader).notices) == told


# A small world


def told(ruleset, now, party="bureau"):
    turned = [
        turn
        for service in services_for(ruleset.directory, party)
        for turn in turnovers(ruleset, service.id, SLOT)
    ]
    return notices(ruleset, turned, Reader(account="a", party=party, created=day(0)), now)


@pytest.mark.parametrize(
    ("now", "expected"), [(69, []), (70, ["o"]), (100, ["o"]), (130, ["o"]), (131, [])]
)
def test_it_is_told_from_thirty_days_before_until_thirty_days_after(now, expected):
    ruleset = rules(order("o", at=day(100)), bindings=BOUND)
    assert [n.id for n in told(ruleset, day(now))] == expected


def test_a_wind_down_is_told_for_its_end_not_for_its_beginning():
    ruleset = rules(order("o", reading(wind_down=winding(day(100))), at=day(50)), bindings=BOUND)
    (turn,) = turnovers(ruleset, "desk", "chat")
    assert (turn.at, turn.instrument, turn.after) == (day(100), "o", None)


def test_a_bar_without_replacement_says_that_nothing_answers():
    ruleset = rules(order("o", at=day(5)), bindings=BOUND)
    (notice,) = told(ruleset, day(6))
    assert notice.to_models == ()
    assert "may no longer answer" in notice.what.en
    assert "ne peut plus répondre" in notice.what.fr
    assert "New questions get no answer until a model is named." in notice.conversations.en
    assert notice.earlier_text.en == "No earlier text goes to another vendor."
    assert notice.whom_to_ask.fr == "Votre administrateur"


def test_of_orders_at_one_instant_the_one_that_binds_anew_is_named():
    bar, memo = order("bar", at=day(5)), _memo("memo", "beta/two", at=day(5))
    (notice,) = told(rules(bar, memo, bindings=BOUND), day(6))
    assert (notice.id, [m.id for m in notice.to_models]) == ("memo", ["beta/two"])


def test_a_bar_and_a_later_memo_are_told_each_the_latest_first():
    bar, memo = order("bar", at=day(5)), _memo("memo", "beta/two", at=day(7))
    found = told(rules(bar, memo, bindings=BOUND), day(8))
    assert [n.id for n in found] == ["memo", "bar"]
    assert [m.id for m in found[0].from_models] == ["alpha/one"]


def test_an_order_that_leaves_the_answering_model_alone_is_not_told():
    memo, bar = _memo("memo", "beta/two", at=day(5)), order("bar", at=day(7))
    assert [n.id for n in told(rules(memo, bar, bindings=BOUND), day(8))] == ["memo"]


def test_the_same_model_at_another_host_is_told_as_such():
    bar = order("bar", reading(targets=(Target(hosts=("alpha",)),)), at=day(5))
    (notice,) = told(rules(bar, bindings=BOUND), day(6))
    assert notice.what.en == "desk: one (alpha) now answers at cloud instead of alpha."
    assert notice.no_longer_knows is None
    assert "sent to cloud" in notice.earlier_text.en


def test_vendors_are_told_of_alike():
    forth = told(rules(_memo("m", "beta/two", at=day(5)), bindings=BOUND), day(6))[0]
    back = told(
        rules(_memo("m", "alpha/one", at=day(5)), bindings=(bind("desk", "beta/two"),)), day(6)
    )[0]
    assert forth.what.en == "desk: two (beta) now answers instead of one (alpha)."
    assert back.what.en == "desk: one (alpha) now answers instead of two (beta)."


def test_a_second_turnover_of_one_order_has_an_id_of_its_own():
    bar = order("bar", at=day(5))
    services = ("desk", "state-desk")
    world = rules(
        bar,
        bindings=tuple(bind(name, "alpha/one") for name in services),
        services=(
            msgspec.structs.replace(
                directory().services["secret"], id="state-desk", network="open"
            ),
        ),
    )
    found = told(world, day(6))
    assert {n.id for n in found} == {"bar", "bar~state-desk"}


def test_people_chat_with_services_of_their_party_and_of_those_above_it():
    world = directory()
    assert {s.id for s in services_for(world, "bureau")} == {"desk", "secret"}
    assert {s.id for s in services_for(world, "state")} == {"secret"}
    assert {s.id for s in services_for(world, "firm")} == {"works", "shop"}


def _memo(name, model, **fields):
    change = Rebinding(service="desk", slots=("chat",), models=(model,), provisional=True)
    memo = order(name, reading(scope=Scope(parties=("state",))), rebindings=(change,), **fields)
    return msgspec.structs.replace(memo, clauses=())


def _words(notice):
    names = (
        "what",
        "when",
        "must_do",
        "no_longer_knows",
        "conversations",
        "earlier_text",
        "whom_to_ask",
    )
    return [(name, getattr(notice, name)) for name in names]
