"""Cases worked out by hand from docs/rules.md, so that judge and engine are not wrong together."""

from typing import Any

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Issuer
from changeover.orders.decision import Citation, Decision, Person
from changeover.orders.model import (
    Act,
    Amend,
    Confirm,
    Find,
    Implement,
    Instrument,
    Issued,
    Judge,
    Lift,
    Reading,
    Release,
    Rescind,
    Scope,
    Stay,
    Target,
    Vacate,
    Waive,
)
from changeover.orders.ruleset import Known, RouteThen, ServiceThen, call_of
from changeover.orders.uses import Stated, Use
from tests.judge.judge import judge
from tests.orders.worlds import bind, day, directory, issued, name, order, reading, route, winding

ONE, CLOUD, TWO, TUNED = (
    "alpha/one@alpha",
    "alpha/one@cloud",
    "beta/two@beta",
    "gamma/tuned@cloud",
)
BAN = order("o", at=day(10))
WINDING = order("o", reading(wind_down=winding(day(100))), at=day(10))
BOUND = (bind("desk", "alpha/one"),)


def act(id_: str, *acts: Act, at: int, **fields: Any) -> Instrument:
    given: dict[str, Any] = {"kind": "ruling", "title": name(id_), "published": day(at)}
    return Instrument(id=id_, issuer="head", acts=acts, **(given | fields))


def record(*entries: Instrument | Issued, bindings=(), **other) -> Known:
    """What is known of the small world, each instrument recorded when it takes effect."""
    base = directory(bindings=bindings)
    office = Issuer(id="alpha-office", name=name("Alpha"), vendor="alpha")
    base = msgspec.structs.replace(base, issuers=base.issuers | {office.id: office})
    recorded = tuple(
        entry
        if isinstance(entry, Issued)
        else issued(entry, recorded=entry.takes_effect() or day(0))
        for entry in entries
    )
    fields: dict[str, Any] = {"directory": base, "issued": recorded}
    return Known(**(fields | other))


def asked(known: Known, at: int, service: str = "desk", on: str = ONE, **call) -> Decision:
    made = call_of(known.directory.services[service], "chat")
    return judge(known, msgspec.structs.replace(made, **call), on, day(at))


def told(known: Known, at: int, service: str = "desk", on: str = ONE) -> tuple[str, str]:
    found = asked(known, at, service, on)
    return found.outcome, found.because


def statuses(known: Known, *instants: int) -> list[str]:
    return [asked(known, at).citations[0].status for at in instants]


def cited(found: Decision, instrument: str) -> Citation:
    [citation] = [c for c in found.citations if c.instrument == instrument]
    return citation


# Section 1.


def test_an_instrument_does_nothing_to_what_stands_later_in_the_record_or_to_itself():
    own = order("o", at=day(10), acts=(Rescind(instruments=("o",)),))
    assert told(record(act("r", Rescind(instruments=("o",)), at=20), own), 30)[1] == "prohibited"


# Section 2.


def test_a_lineage_reaches_what_derives_from_a_model_whoever_resells_it():
    reached = {on: told(record(BAN), 11, on=on)[1] for on in (ONE, CLOUD, TUNED, TWO)}
    assert reached == {
        ONE: "prohibited",
        CLOUD: "prohibited",
        TUNED: "prohibited",
        TWO: "permitted",
    }


def test_a_contractor_is_reached_under_the_contract_it_has_with_the_party():
    known = record(order("o", reading(scope=Scope(parties=("state",), contracts=("C-1",)))))
    assert [told(known, 1, s)[1] for s in ("works", "shop")] == ["prohibited", "permitted"]


def test_an_attribute_that_is_unknown_is_within_a_prohibition_and_not_within_a_permit():
    for modality, reached in (
        ("prohibit", [True, False, True, True]),
        ("permit", [True] + 3 * [False]),
    ):
        known = record(order("o", reading(modality=modality, scope=Scope(attributes=("alien",)))))
        people = (
            Person(yes=frozenset({"alien"})),
            Person(no=frozenset({"alien"})),
            Person(),
            None,
        )
        assert [bool(asked(known, 1, person=p).citations) for p in people] == reached


# Section 3.


def test_a_stay_of_a_stay_of_a_stay():
    known = record(
        BAN,
        act("s", Stay(instruments=("o",)), at=12),
        act("t", Stay(instruments=("s",), until=day(40)), at=20),
        act("u", Stay(instruments=("t",), until=day(35)), at=30),
    )
    assert statuses(known, 11, 12, 20, 30, 35, 40) == [
        "operative",
        "stayed",
        "operative",
        "stayed",
        "operative",
        "stayed",
    ]


def test_a_rescission_is_undone_by_vacating_it_and_not_by_rescinding_it():
    gone = act("r", Rescind(instruments=("o",)), at=20)
    vacated = record(BAN, gone, act("v", Vacate(instruments=("r",)), at=30))
    rescinded = record(BAN, gone, act("v", Rescind(instruments=("r",)), at=30))
    assert statuses(vacated, 25, 30) == ["ended", "operative"]
    assert statuses(rescinded, 25, 30) == ["ended", "ended"]


def test_what_was_ended_before_it_was_to_act_takes_no_act():
    known = record(
        BAN,
        issued(act("r", Rescind(instruments=("o",)), at=40), recorded=day(12)),
        issued(act("v", Rescind(instruments=("r",)), at=20), recorded=day(20)),
    )
    assert statuses(known, 39, 40) == ["operative", "operative"]


def test_a_waiver_is_off_once_its_instrument_has_ended_or_is_lifted():
    waiver = act("w", Waive(instruments=("o",), services=("desk",)), at=12)
    for end in (Rescind(instruments=("w",)), Lift(instruments=("w",))):
        known = record(BAN, waiver, act("e", end, at=20))
        assert statuses(known, 19, 20) == ["waived", "operative"]


def test_an_amendment_gives_the_clause_another_text_while_it_is_neither_stayed_nor_vacated():
    becomes = order("x", reading(scope=Scope(parties=("elsewhere",)))).clauses[0]
    amends = act("a", Amend(instruments=("o",), clause="one", becomes=becomes), at=20)
    known = record(
        BAN,
        amends,
        act("s", Stay(instruments=("a",), until=day(40)), at=30),
        act("v", Vacate(instruments=("a",)), at=50),
    )
    assert [told(known, at)[1] for at in (19, 20, 30, 40, 50)] == [
        "prohibited",
        "held",
        "prohibited",
        "held",
        "prohibited",
    ]
    elsewhere = [told(known, at, "far")[1] for at in (19, 20, 30, 40, 50)]
    assert elsewhere == ["permitted", "prohibited", "held", "prohibited", "held"]
    assert asked(known, 20, "far").citations[0].amended_by == "a"


def test_a_freeze_ends_by_itself_unless_it_was_confirmed_before():
    freeze = order("o", at=day(10), provisional_until=day(20))
    for at, status in ((19, "operative"), (20, "ended")):
        known = record(freeze, act("c", Confirm(instruments=("o",)), at=at))
        assert statuses(known, 20) == [status]


# Section 4.


def test_a_stay_that_stops_the_clocks_moves_the_deadline_by_as_long_as_it_covered():
    stay = act("s", Stay(instruments=("o",), until=day(30), extends=True), at=5)
    known = record(WINDING, stay, bindings=BOUND)
    assert asked(known, 40).deadline == day(120)
    assert [told(known, at)[1] for at in (119, 120)] == ["winding-down", "prohibited"]


# Section 5.


def test_a_requirement_refuses_a_route_that_lacks_an_assurance():
    needs = reading(modality="require", targets=(Target(),), requirements=("no-retention",))
    base = directory()
    safe = route(ONE, assurances=("no-retention",))
    world = msgspec.structs.replace(base, routes=base.routes | {ONE: safe})
    known = record(order("o", needs), directory=world)
    assert (told(known, 1), told(known, 1, on=TWO)) == (
        ("allow", "permitted"),
        ("refuse", "requirement"),
    )


# Section 6.


def awaits(known: Known, on: str = ONE) -> tuple[str, tuple[str, ...]]:
    found = asked(known, 30, on=on)
    return found.because, cited(found, "o").awaits


def test_1_a_persons_judgement_decides_while_it_is_in_force():
    judged = act("j", Judge(instruments=("o",), service="desk", result="existing"), at=20)
    known = record(WINDING, judged, act("v", Rescind(instruments=("j",)), at=40))
    assert [told(known, at)[1] for at in (19, 20, 40)] == ["new-use", "winding-down", "new-use"]


def test_2_a_service_that_came_to_another_party_makes_a_new_use():
    then = (
        ServiceThen(recorded=microseconds(day(0)), party="state", network="open"),
        ServiceThen(recorded=microseconds(day(20)), party="bureau", network="open"),
    )
    assert awaits(record(WINDING, bindings=BOUND, services={"desk": then})) == ("new-use", ())


def test_3_calls_show_a_use_on_days_that_lie_wholly_in_the_window():
    first = microseconds(day(10)) // 86_400_000_000
    for number, because in (
        (first - 1, "winding-down"),
        (first, "new-use"),
        (first - 91, "new-use"),
    ):
        known = record(WINDING, calls=((Use("desk", "work", "alpha"), number),))
        assert awaits(known)[0] == because


def test_4_a_use_that_was_moved_off_is_new_unless_that_was_before():
    for moved, because in ((5, "winding-down"), (20, "new-use")):
        bindings = (*BOUND, bind("desk", "beta/two", since=day(moved)))
        assert awaits(record(WINDING, bindings=bindings)) == (because, ())


def test_5_another_host_or_model_waits_for_a_person():
    assert awaits(record(WINDING, bindings=(bind("desk", ONE),)), CLOUD) == (
        "new-use",
        ("another-host",),
    )
    derived = record(WINDING, bindings=(bind("desk", CLOUD),))
    assert awaits(derived, TUNED) == ("new-use", ("newer-version",))


def test_6_a_newer_version_and_growth_wait_for_a_person():
    now = directory().services["desk"]
    grown = msgspec.structs.replace(now, users=16, budget=11)
    world = directory(bindings=BOUND)
    world = msgspec.structs.replace(world, services=world.services | {"desk": grown})
    then = (
        ServiceThen(recorded=0, party="bureau", network="open", users=10, budget=10),
        ServiceThen(
            recorded=microseconds(day(20)), party="bureau", network="open", users=16, budget=11
        ),
    )
    pinned = (
        RouteThen(recorded=0, upstream_model="old"),
        RouteThen(recorded=microseconds(day(20)), upstream_model="one"),
    )
    known = record(WINDING, directory=world, services={"desk": then}, routes={ONE: pinned})
    assert awaits(known) == ("new-use", ("newer-version", "more-users", "raised-budget"))
    fewer = msgspec.structs.replace(then[1], users=15, budget=10)
    known = record(WINDING, directory=world, services={"desk": (then[0], fewer)})
    assert awaits(known) == ("winding-down", ())


def test_a_binding_recorded_after_the_order_counts_only_from_then_on():
    binding = Stated("desk", "chat", "work", microseconds(day(0)))
    stated = {binding: {ONE: 0}}
    late = microseconds(day(11))
    added, claimed = {binding: {ONE: late}}, {binding: {ONE: late, CLOUD: late}}
    assert awaits(record(WINDING, bindings=BOUND, stated=stated))[0] == "winding-down"
    # A route that an edit added, and a binding that was claimed as a whole.
    assert awaits(record(WINDING, bindings=BOUND, stated=added)) == ("new-use", ("another-host",))
    assert awaits(record(WINDING, bindings=BOUND, stated=claimed)) == ("new-use", ())


# Section 7.


def test_a_network_that_denies_by_default_needs_an_admission_that_names_it():
    def known(scope: Scope, issuer: str = "head") -> Known:
        return record(order("a", reading(modality="permit", scope=scope), issuer=issuer))

    named = Scope(networks=("closed",))
    answers = [
        told(each, 1, "secret") for each in (known(named), known(Scope()), known(named, "chief"))
    ]
    assert answers == [("allow", "permitted"), *[("refuse", "network-default")] * 2]
    assert asked(known(named), 1, "secret").citations[0].because == "admits"


# Section 8.


def terms(id_: str, *readings: Reading, kind: str = "terms") -> Instrument:
    return order(id_, *readings, issuer="alpha-office", kind=kind)


FORBIDS = terms("t", reading(scope=Scope(purposes=("work",))))


def test_terms_forbid_or_are_silent_and_leave_nothing_held():
    assert told(record(FORBIDS), 1) == ("refuse", "terms")
    silent = asked(record(terms("t", reading(scope=Scope(purposes=("play",))))), 1)
    assert (silent.outcome, silent.because) == ("notice", "terms-silent")
    assert (silent.silent, silent.citations) == (("alpha-office",), ())
    ended = record(FORBIDS, act("r", Rescind(instruments=("t",)), at=20))
    assert told(ended, 20) == ("allow", "permitted")


def test_an_agreement_decides_in_place_of_the_terms_and_keeps_requirements():
    needs = reading(modality="require", requirements=("no-retention",))
    allows = reading(modality="permit", scope=Scope(parties=("bureau",)))
    agreement = terms("a", allows, kind="agreement")
    found = asked(record(FORBIDS, agreement), 1)
    assert (found.outcome, cited(found, "t").because) == ("allow", "amended")
    assert told(record(FORBIDS, agreement), 1, "far") == ("refuse", "terms")
    assert told(record(terms("q", needs), agreement), 1) == ("refuse", "terms")


# Section 9.


def test_what_ended_leaves_held_what_it_refused_until_a_release_after_the_end():
    gone = act("r", Rescind(instruments=("o",), since=day(15)), at=20)

    def known(at: int) -> Known:
        released = Release(service="desk", route=ONE, at=day(at), by="ana")
        return record(BAN, gone, releases=(released,))

    # The rescission reaches back, and was not kept before it was recorded.
    assert [told(known(at), 30)[1] for at in (14, 19, 20)] == ["held", "held", "permitted"]


def test_a_use_that_was_moved_off_while_it_wound_down_was_refused_in_the_end():
    gone = act("r", Rescind(instruments=("o",)), at=50)
    stays_on = record(WINDING, gone, bindings=BOUND)
    moved = record(WINDING, gone, bindings=(*BOUND, bind("desk", "beta/two", since=day(20))))
    assert [told(known, 50)[1] for known in (stays_on, moved)] == ["permitted", "held"]


# Section 10.


def test_what_implements_a_stayed_order_counts_and_its_question_is_settled_by_a_finding():
    derived = order("d", at=day(12), acts=(Implement(instruments=("o",)),))
    known = record(
        BAN,
        derived,
        act("s", Stay(instruments=("o",)), at=20),
        act("f", Find(instruments=("d",), result="stands"), at=30),
    )
    [before], [after] = asked(known, 29).questions, asked(known, 30).questions
    assert (before.status, before.by, before.since) == ("stayed", ("s",), day(20))
    assert (before.finding, after.finding) == (None, "f")
    assert asked(known, 30).because == "prohibited"


# Section 11.


def test_refuse_beats_notice_and_the_first_reason_is_named():
    known = record(WINDING, order("p", at=day(20)), FORBIDS, bindings=BOUND)
    assert told(known, 11) == ("refuse", "terms")
    found = asked(known, 20)
    assert (found.because, found.deadline) == ("prohibited", None)
    assert {c.effect for c in found.citations} == {"notice", "refuses"}
    assert asked(record(WINDING, bindings=BOUND), 11).deadline == day(100)
