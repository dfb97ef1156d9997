"""Clauses as Cedar policies: the answers are those of the engine, by the same clauses."""

from datetime import timedelta
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import msgspec
import pytest
from benchmarks.asking import DisagreementError
from benchmarks.beside_cedar import check
from benchmarks.cedar import Operative, entities, expresses, operative, policy_set, request
from benchmarks.world import NOW, World, calls

from benchmarks import beside_cedar
from changeover.directory.rules import lineage
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.model import Moment, Scope, Stay, Target
from changeover.orders.ruleset import call_of, compile_ruleset
from changeover.orders.status import target_matches
from tests.benchmarks.cedar_reader import Answer, Reader
from tests.benchmarks.worlds import SMALL, small
from tests.orders.worlds import T0, directory, issued, order, reading, rules, winding


def found(answer: Answer) -> SimpleNamespace:
    """The answer as cedarpy shapes it."""
    told = SimpleNamespace(reasons=list(answer.reasons), errors=[])
    return SimpleNamespace(allowed=answer.allowed, decision="", diagnostics=told)


def compared(world: World, clauses: list[Operative], count: int = 1_000):
    ruleset = compile_ruleset(world.known, version="test")
    ids = frozenset(clause.id for clause in clauses)
    for call, route in calls(world.directory, count, 5):
        decision = decide(ruleset, call, route, NOW)
        if expresses(decision, ids):
            yield call, route, decision


def test_one_set_of_all_clauses_answers_as_the_engine() -> None:
    # With fewer instruments networks' defaults come to the fore.
    world = World(msgspec.structs.replace(SMALL, instruments=40))
    clauses = operative(world.known.issued, NOW)
    reader = Reader(entities(world.directory), policy_set(clauses, world.directory))
    seen = set()
    for call, route, decision in compared(world, clauses, 2_000):
        check(found(reader.ask(request((call, route)))), decision)
        seen.add(decision.because)
    assert seen == {"permitted", "prohibited", "network-default"}


@pytest.mark.parametrize("scope", [Scope(parties=("state",)), Scope(parties=("elsewhere",))])
def test_an_admission_permits_those_whom_it_reaches(scope: Scope) -> None:
    admits = msgspec.structs.replace(scope, networks=("closed",))
    entries = [issued(order("admits", reading(modality="permit", scope=admits)))]
    ruleset = rules(*(entry.instrument for entry in entries))
    policies = policy_set(operative(entries, T0), directory())
    call = call_of(directory().services["secret"], "chat")
    for route in directory().routes:
        answered = Reader(entities(directory()), policies).ask(request((call, route)))
        check(found(answered), decide(ruleset, call, route, T0))
        aimed = route != "beta/two@beta"
        assert answered.allowed is (aimed and scope.parties == ("state",))


def test_a_set_for_each_route_answers_as_the_engine() -> None:
    world = small()
    clauses = operative(world.known.issued, NOW)
    written = entities(world.directory)
    for call, route, decision in list(compared(world, clauses))[:100]:
        line = lineage(world.directory, route)
        aiming = [c for c in clauses if any(target_matches(t, line) for t in c.reading.targets)]
        policies = policy_set(aiming, world.directory, on_route=True)
        check(found(Reader(written, policies).ask(request((call, route)))), decision)


def test_only_clauses_that_bind_and_that_no_act_names_are_operative() -> None:
    later = T0 + timedelta(days=30)
    entries = [
        issued(order("binds")),
        issued(order("to-come", at=later)),
        issued(order("over", reading(until=Moment(at=T0)))),
        issued(order("winding", reading(wind_down=winding(later)))),
        issued(order("wound-down", reading(wind_down=winding(T0)))),
        issued(order("announced", at=None)),
    ]
    assert [c.id for c in operative(entries, T0)] == ["binds/one", "wound-down/one"]
    world = small()
    acts = [act for entry in world.known.issued for act in entry.instrument.acts]
    stayed = {name for act in acts if isinstance(act, Stay) for name in act.instruments}
    assert stayed
    assert not any(c.id.split("/")[0] in stayed for c in operative(world.known.issued, NOW))


def test_every_field_of_a_target_and_of_a_scope_is_asked() -> None:
    whom = Scope(parties=("state",), networks=("open",), purposes=("work", "play"))
    targets = (
        Target(makers=("alpha", "beta"), hosts=("cloud",)),
        Target(models=("beta/two",), resellers=("cloud",)),
    )
    clause = Operative("order/one", reading(targets=targets, scope=whom))
    policies = policy_set([clause], directory())["staticPolicies"]
    assert list(policies) == ["default", "order/one", "order/one/1"]
    first, second = policies["order/one"], policies["order/one/1"]
    assert first["principal"] == {"op": "in", "entity": {"type": "Party", "id": "state"}}
    assert first["resource"] == {"op": "in", "entity": {"type": "Host", "id": "cloud"}}
    assert second["resource"] == {"op": "in", "entity": {"type": "Model", "id": "beta/two"}}
    bodies = [condition["body"] for condition in first["conditions"]]
    assert [next(iter(body)) for body in bodies] == ["in", "==", "contains"]


def test_a_route_is_in_all_that_its_lineage_names() -> None:
    by_id = {e["uid"]["id"]: e for e in entities(directory())}
    parents = {(p["type"], p["id"]) for p in by_id["gamma/tuned@cloud"]["parents"]}
    assert parents == {
        ("Model", "gamma/tuned"),
        ("Model", "alpha/one"),
        ("Maker", "gamma"),
        ("Maker", "alpha"),
        ("Host", "cloud"),
    }
    assert by_id["bureau"]["parents"] == [{"type": "Party", "id": "state"}]


@pytest.mark.parametrize(
    "answer", [Answer(allowed=True, reasons=set()), Answer(allowed=False, reasons={"other/1"})]
)
def test_another_answer_and_another_reason_are_errors(answer: Answer) -> None:
    world = small()
    clauses = operative(world.known.issued, NOW)
    refused = next(d for _, _, d in compared(world, clauses) if d.because == "prohibited")
    with pytest.raises(DisagreementError, match="Changeover answers refuse"):
        check(found(answer), refused)


def test_a_hold_or_a_clause_that_is_not_translated_matters() -> None:
    world = small()
    clauses = operative(world.known.issued, NOW)
    ids = frozenset(clause.id for clause in clauses)
    decision = next(d for _, _, d in compared(world, clauses) if d.because == "prohibited")
    held: Decision = msgspec.structs.replace(decision, held_by=("order-1",))
    assert expresses(decision, ids)
    assert not expresses(held, ids)
    assert not expresses(decision, frozenset())


def test_without_cedarpy_there_are_no_rows_and_it_is_said(monkeypatch, capsys) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(beside_cedar, "version", missing)
    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    assert beside_cedar.measure(beside_cedar.Plan(), world, ruleset) == []
    assert "cedarpy is not installed" in capsys.readouterr().err
