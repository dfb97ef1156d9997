"""How services fit vendors' terms, clause by clause, beside how their calls are decided."""

from typing import Any

import msgspec
import pytest

from changeover.orders.decide import decide
from changeover.orders.fit import ClauseFit, Fit, changes, fits
from changeover.orders.model import Amend, Clause, Instrument, Moment, Scope, Supersede, Target
from changeover.orders.ruleset import Known, Ruleset, call_of, compile_ruleset
from tests.orders.test_terms import world
from tests.orders.worlds import T0, bind, day, issued, order, reading, route, service

ALPHA, CLOUD = "alpha/one@alpha", "alpha/one@cloud"
MADE = (Target(makers=("alpha",)),)


def terms(name: str, modality: str, scope: Scope | None = None, **fields: Any) -> Instrument:
    kind = fields.pop("kind", "terms")
    read = {"modality": modality, "targets": MADE, "scope": scope or Scope()}
    own = {key: fields.pop(key) for key in ("requirements", "until") if key in fields}
    return order(name, reading(**read, **own), issuer="house", kind=kind, **fields)


def rules(*instruments: Instrument, **routes: Any) -> Ruleset:
    known = world()
    known = msgspec.structs.replace(
        known,
        services=known.services | {"desk": service("desk", "bureau", data_class="secret")},
        routes=known.routes | {ALPHA: route(ALPHA, **routes)},
        bindings=(bind("desk", ALPHA),),
    )
    return compile_ruleset(
        Known(directory=known, issued=tuple(issued(i) for i in instruments)), version="t"
    )


def fit(*instruments: Instrument, **routes: Any) -> Fit:
    ruleset = rules(*instruments, **routes)
    (found,) = fits(ruleset, day(5), services=["desk"])
    call = call_of(ruleset.directory.services["desk"], "chat")
    decision = decide(ruleset, call, ALPHA, day(5))
    because = {
        "forbidden": "terms",
        "in-conflict": "terms",
        "silent": "terms-silent",
        "permitted": "permitted",
    }
    assert decision.because == because[found.verdict]
    return found


def only(found: Fit, name: str) -> ClauseFit:
    (clause,) = (c for c in found.clauses if c.instrument == name)
    return clause


def test_a_permit_that_meets_the_call_permits():
    found = fit(terms("t", "permit", Scope(purposes=("work",))))
    assert (found.verdict, found.vendor, found.bound) == ("permitted", "alpha", True)
    assert only(found, "t").role == "decides"


@pytest.mark.parametrize(
    ("scope", "outside", "asks"),
    [
        (Scope(purposes=("play",)), "purpose", ("play",)),
        (Scope(data_classes=("public",)), "data-class", ("public",)),
        (Scope(networks=("closed",)), "network", ("closed",)),
        (Scope(services=("clerk",)), "service", ("clerk",)),
        (Scope(parties=("elsewhere",)), "party", ("elsewhere",)),
        (Scope(attributes=("citizen",)), "person", ("citizen",)),
    ],
)
def test_terms_that_speak_of_the_route_and_not_of_the_call_are_silent(scope, outside, asks):
    found = fit(terms("t", "permit", scope))
    clause = only(found, "t")
    assert (found.verdict, clause.role, clause.outside, clause.asks) == (
        "silent",
        "outside",
        outside,
        asks,
    )


def test_a_prohibition_forbids_and_beside_a_permit_it_is_a_conflict():
    assert fit(terms("t", "prohibit")).verdict == "forbidden"
    found = fit(terms("p", "permit"), terms("t", "prohibit", Scope(purposes=("work",))))
    assert found.verdict == "in-conflict"
    assert {c.role for c in found.clauses} == {"decides"}


def test_a_requirement_that_the_route_is_not_shown_to_meet_forbids():
    both = terms("p", "permit"), terms("r", "require", requirements=("no-retention",))
    found = fit(*both)
    assert (found.verdict, only(found, "r").role) == ("forbidden", "unmet")
    found = fit(*both, assurances=("no-retention",))
    assert (found.verdict, only(found, "r").role) == ("permitted", "met")


def test_an_agreement_amends_the_terms_for_those_that_it_names():
    found = fit(
        terms("t", "prohibit"),
        terms("a", "permit", Scope(parties=("state",)), kind="agreement"),
    )
    assert found.verdict == "permitted"
    assert [(c.instrument, c.role) for c in found.clauses] == [("a", "decides"), ("t", "amended")]
    found = fit(
        terms("t", "prohibit"),
        terms("a", "permit", Scope(parties=("elsewhere",)), kind="agreement"),
    )
    assert (found.verdict, only(found, "a").outside) == ("forbidden", "party")


def test_where_no_terms_are_in_force_there_is_no_fit():
    later = rules(terms("t", "permit", at=day(9)))
    assert fits(later, day(5)) == []
    assert [f.verdict for f in fits(later, day(9))] == ["permitted"]
    ended = rules(terms("t", "permit", until=Moment(at=day(3))))
    assert fits(ended, day(5)) == []


def test_on_all_routes_and_of_all_services():
    found = fits(rules(terms("t", "permit")), day(5), all_routes=True)
    assert {(f.route, f.bound) for f in found if f.service == "desk"} == {
        (ALPHA, True),
        (CLOUD, False),
        ("gamma/tuned@cloud", False),
    }
    assert {f.service for f in found} == set(rules().directory.services)


def test_a_new_version_of_terms_tells_what_becomes_of_whom():
    new = order(
        "second",
        reading(modality="permit", targets=MADE, scope=Scope(purposes=("play",))),
        issuer="house",
        kind="terms",
        at=day(30),
        acts=(Supersede(instruments=("first",)),),
    )
    told = changes(rules(terms("first", "permit"), new), day(1))
    (change,) = told
    assert (change.at, change.by) == (day(30), ("second",))
    desk = next(c for c in change.changes if c.fit.service == "desk" and c.fit.route == ALPHA)
    assert desk.after is not None
    assert (desk.before, desk.after.verdict, desk.worse) == ("permitted", "silent", True)


def test_an_amendment_that_widens_is_told_and_no_worse():
    becomes = Clause(
        id="one",
        words="Anything.",
        readings=(reading(modality="permit", targets=MADE, scope=Scope()),),
        chosen="plain",
        chosen_by="counsel",
    )
    amending = order(
        "wider",
        issuer="house",
        kind="terms",
        at=day(30),
        acts=(Amend(instruments=("first",), clause="one", becomes=becomes),),
    )
    amending = msgspec.structs.replace(amending, clauses=())
    ruleset = rules(terms("first", "permit", Scope(purposes=("play",))), amending)
    (change,) = changes(ruleset, T0)
    assert {(c.before, c.after.verdict if c.after else None, c.worse) for c in change.changes} == {
        ("silent", "permitted", False)
    }
    (now,) = fits(ruleset, day(31), services=["desk"])
    assert [c.words for c in now.clauses if c.role == "decides"] == ["Anything."]


def test_when_terms_first_begin_nothing_was_said_before():
    (change,) = changes(rules(terms("t", "prohibit", at=day(4))), T0)
    assert {(c.before, c.worse) for c in change.changes} == {(None, True)}
