"""What a preview says: over the shipped scenario, and rule by rule in a small world."""

from pathlib import Path

import msgspec
import pytest

from changeover.directory.model import Capabilities
from changeover.orders.cautions import cautions
from changeover.orders.differences import differences
from changeover.orders.model import Instrument, Rebinding, Rescind, Scope, Target
from changeover.orders.preview import Comparison, Effects, preview
from changeover.orders.ruleset import Known, compile_ruleset
from tests.orders.demonstrations import Demonstration, at, demonstration
from tests.orders.worlds import (
    T0,
    bind,
    day,
    directory,
    issued,
    order,
    reading,
    service,
    source,
)

SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


# The shipped scenario


def test_the_memo_at_once_moves_three_slots_and_opens_a_wind_down_elsewhere(demo: Demonstration):
    effects = demo.proposals.preview("state-memo", at_once=True).effects
    assert effects.at == demo.clock.now()
    moved = {c.slot: c for c in effects.changes if c.service == "statechat"}
    assert set(moved) == {"chat", "title", "summary"}
    chat = moved["chat"]
    assert chat.from_ is not None
    assert chat.to is not None
    assert (chat.from_.name, chat.to.name) == ("Claude Sonnet 4.5", "GPT-4.1")
    assert (chat.outcome_before, chat.outcome_after, chat.replacement) == ("allow", "allow", None)
    noticed = {c.service: c for c in effects.changes if c.outcome_after == "notice"}
    assert set(noticed) == {"treasury-code", "defence-analysis", "health-assistant"}
    assert {c.deadline for c in noticed.values()} == {at("2026-08-26T09:00")}
    assert all(c.from_ == c.to and not c.differences for c in noticed.values())
    # Bound and untouched: StateChat's embedding, Fannie Mae's and the contractor's two.
    assert effects.unaffected == 4


def test_what_the_new_model_can_do_less_is_said_in_both_languages(demo: Demonstration):
    changes = demo.proposals.preview("state-memo", at_once=True).effects.changes
    told = next(c for c in changes if c.slot == "chat").differences
    assert [words.en for words in told] == [
        "Knows the world up to May 2024, 13 months less than before.",
        "Reads up to 1,047,576 tokens at once; before, 200,000.",
        "Writes up to 32,768 tokens in one answer; before, 64,000.",
    ]
    assert [words.fr.translate(SPACES) for words in told] == [
        "Connaît le monde jusqu'en mai 2024, soit 13 mois de moins qu'auparavant.",
        "Lit jusqu'à 1 047 576 jetons à la fois, contre 200 000 auparavant.",
        "Écrit jusqu'à 32 768 jetons par réponse, contre 64 000 auparavant.",
    ]


def test_the_memo_says_which_orders_are_issued_with_it_and_what_follows_later(demo: Demonstration):
    previewed = demo.proposals.preview("state-memo", at_once=True)
    english = [words.en for words in previewed.warnings]
    french = [words.fr for words in previewed.warnings]
    assert "“Order to stop working with Anthropic”" in english[0]
    assert "issued together" in english[0]
    assert "“The Department of State ends its use of Anthropic”" in english[1]
    assert "émis ensemble" in french[1]
    # On 1 March the Treasury's pilot begins, a new use; in August the wind-down ends.
    assert previewed.effects.later == (at("2026-03-01"), at("2026-08-26T09:00"))
    assert any("1 March 2026 and 26 August 2026, 09:00" in words for words in english)
    assert any("not signed" in words and "1 other reading was" in words for words in english)


def test_without_the_memo_a_lawful_replacement_is_proposed(demo: Demonstration):
    changes = demo.proposals.preview("state-order", at_once=False).effects.changes
    chat = next(c for c in changes if (c.service, c.slot) == ("statechat", "chat"))
    assert chat.from_ == chat.to
    assert (chat.outcome_before, chat.outcome_after) == ("allow", "refuse")
    assert chat.replacement is not None
    assert not chat.replacement.id.startswith("anthropic/")
    assert chat.differences


def test_what_stops_is_told_first_then_what_moves_then_what_goes_on(demo: Demonstration):
    moved = demo.proposals.preview("state-memo", at_once=True).effects.changes
    assert [c.service for c in moved[:3]] == ["statechat"] * 3
    stopped = demo.proposals.preview("treasury-order", at_once=True).effects.changes
    assert [c.service for c in stopped if c.outcome_after == "refuse"] == ["treasury-code"]
    assert stopped[0].service == "treasury-code"


def test_an_announcement_changes_nothing_even_at_once(demo: Demonstration):
    previewed = demo.proposals.preview("defence-announcement", at_once=True)
    assert (previewed.effects.at, previewed.effects.changes) == (None, ())
    assert previewed.warnings[0].en == "It is only announced: it binds nobody and changes nothing."


def test_a_clause_that_matches_nothing_is_pointed_out(demo: Demonstration):
    words = [w.en for w in demo.proposals.preview("general-services-order", at_once=True).warnings]
    assert any("matches nothing" in each for each in words)
    assert "Nothing that is bound to a service changes at that moment." in words


# A small world


def compared(*added: Instrument, standing=(), bindings=(), now=T0, services=()) -> Comparison:
    world = directory(bindings=bindings)
    changed = world.services | {s.id: s for s in services}
    known = Known(
        directory=msgspec.structs.replace(world, services=changed),
        issued=tuple(issued(i) for i in standing),
    )
    return Comparison(compile_ruleset(known, version="before"), added, now)


def seen(comparison: Comparison) -> tuple[Effects, list[str]]:
    effects = preview(comparison)
    return effects, [words.en for words in cautions(comparison, effects)]


def test_the_bindings_own_next_model_is_the_replacement():
    desk = service("desk", "bureau", when_barred="replace")
    bound = (bind("desk", "alpha/one", "beta/two"),)
    effects, _ = seen(compared(order("o", at=day(1)), bindings=bound, services=(desk,)))
    (change,) = effects.changes
    assert change.replacement is not None
    assert change.replacement.id == "beta/two"


def test_where_nothing_may_lawfully_replace_it_that_is_said():
    every = order("o", reading(targets=(Target(makers=("alpha", "beta", "gamma")),)), at=day(1))
    effects, words = seen(compared(every, bindings=(bind("desk", "alpha/one"),)))
    assert effects.changes[0].replacement is None
    assert any("Nothing may lawfully replace" in each for each in words)


def test_what_has_passed_is_compared_now_and_said():
    effects, words = seen(compared(order("o"), bindings=(bind("desk", "alpha/one"),), now=day(9)))
    assert effects.at == day(9)
    assert any(each.startswith("It has been in effect since 1 January 2026.") for each in words)


def test_what_the_issuer_may_not_do_is_said_beforehand():
    foreign = order("o", reading(scope=Scope(parties=("elsewhere",))))
    _, words = seen(compared(foreign))
    assert any(each.startswith("This cannot be issued as it is") for each in words)


def test_another_prohibition_that_still_stands_is_named():
    other = order("other", issuer="chief", title=source_title("Chief's order"), at=day(1))
    other = msgspec.structs.replace(other, clauses=_scoped(other, "bureau"))
    first = order("first", at=day(1))
    rescission = order(
        "end",
        reading(scope=Scope(parties=("state",)), targets=(Target(makers=("gamma",)),)),
        at=day(5),
        acts=(Rescind(instruments=("first",)),),
    )
    comparison = compared(
        rescission, standing=(first, other), bindings=(bind("desk", "alpha/one"),), now=day(3)
    )
    _, words = seen(comparison)
    assert "“Chief's order” still prohibits one (alpha) for desk." in words
    assert any("names no source" in each for each in words)


def test_what_returns_but_stays_held_is_said():
    first = order("first", at=day(1))
    rescission = order(
        "end", at=day(5), acts=(Rescind(instruments=("first",)),), sources=(source(),)
    )
    rescission = msgspec.structs.replace(rescission, clauses=())
    _, words = seen(
        compared(rescission, standing=(first,), bindings=(bind("desk", "alpha/one"),), now=day(3))
    )
    assert any("stays held for desk until an officer releases it" in each for each in words)


def test_a_rebinding_to_what_is_barred_is_pointed_out():
    first = order("first", at=day(1))
    memo = order("memo", at=day(5), rebindings=(_rebinding("desk", "alpha/one"),))
    memo = msgspec.structs.replace(memo, clauses=())
    _, words = seen(
        compared(memo, standing=(first,), bindings=(bind("desk", "beta/two"),), now=day(3))
    )
    assert "“first” still prohibits one (alpha) for desk." in words


def test_only_what_is_stated_differs():
    world = directory()
    one, two = (world.models[name] for name in ("alpha/one", "beta/two"))
    richer = Capabilities(
        context=1000, modalities=("text", "image"), languages=("en",), knowledge_cutoff="2025-01"
    )
    models = {
        "alpha/one": msgspec.structs.replace(one, capabilities=richer),
        "beta/two": msgspec.structs.replace(two, capabilities=Capabilities(context=1000)),
    }
    changed = msgspec.structs.replace(world, models=world.models | models)
    assert differences(changed, "alpha/one", "alpha/one") == ()
    forth = [words.en for words in differences(changed, "alpha/one", "beta/two")]
    assert forth == [
        "It is not stated up to when it knows the world.",
        "No longer takes images.",
        "Also stated to handle French.",
    ]
    back = [words.fr for words in differences(changed, "beta/two", "alpha/one")]
    assert back == [
        "Connaît le monde jusqu'en janvier 2025.",
        "Prend aussi en charge les images.",
        "N'est plus indiqué pour ces langues : français.",
    ]


def source_title(text):
    return order(text).title


def _scoped(instrument, party):
    clause = instrument.clauses[0]
    narrowed = reading(scope=Scope(parties=(party,)))
    return (msgspec.structs.replace(clause, readings=(narrowed,)),)


def _rebinding(service_id, model):
    return Rebinding(service=service_id, slots=("chat",), models=(model,))
