"""The scenario as a table: every slot, every route, every clause, at every instant that matters.

`scenario_table.py` holds what the facts come to. The tables are held in law, once the
whole scenario was played, and as known then, when nothing counts that was recorded
later; by the readings chosen and by the stricter one; and in the mirror image, in which
the two vendors have changed places.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from changeover.basics.instants import microseconds
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.model import Status
from changeover.orders.ruleset import Ruleset, call_of
from tests.orders.played import WASHINGTON, asked, at, mirror, rules
from tests.orders.scenario_table import (
    AS_KNOWN_THEN,
    CLAUDE,
    DAYS_180,
    FIRST,
    GPT,
    IN_LAW,
    INSTANTS,
    LAST,
    PRESIDENT,
    REACHES,
    RECORDED,
    ROUTES,
    STATUSES,
    STAYED,
    WITHOUT_CLAUSES,
    A,
    B,
    Spell,
    Table,
    plain,
    strict,
)

WORLDS = [
    pytest.param(False, False, id="chosen"),
    pytest.param(True, False, id="stricter"),
    pytest.param(False, True, id="chosen, mirrored"),
    pytest.param(True, True, id="stricter, mirrored"),
]


def instants() -> Iterator[datetime]:
    """The first second of every change and the one before it, and noon between changes."""
    for before, after in pairwise(map(at, INSTANTS)):
        yield before
        noon = (before + (after - before) / 2).astimezone(WASHINGTON).replace(hour=12, minute=0)
        if before < noon < after:
            yield noon
        yield after - timedelta(seconds=1)


def spell_at(spells: Iterable[Spell], instant: datetime) -> Spell:
    return [spell for spell in spells if at(spell.since) <= instant][-1]


def status_at(instrument: str, instant: datetime) -> Status:
    return [status for since, status in STATUSES[instrument] if at(since) <= instant][-1]


def expected_statuses(instant: datetime, known_at: str) -> dict[str, Status]:
    """The status of every clause on record then."""
    return {
        name: status_at(name, instant) for name in STATUSES if at(RECORDED[name]) <= at(known_at)
    }


def statuses(ruleset: Ruleset, instant: datetime) -> dict[str, Status]:
    """What the ruleset says of every clause, asked without a call."""
    return {s.instrument: s.status(microseconds(instant)) for s in ruleset.standings}


def known_then(instant: datetime) -> str:
    """The last recording by an instant: what was known then."""
    return max(text for text in (FIRST, *RECORDED.values()) if at(text) <= instant)


def decided(ruleset: Ruleset, service: str, slot: str, route: str, instant: datetime) -> Decision:
    return decide(ruleset, call_of(ruleset.directory.services[service], slot), route, instant)


def told(decision: Decision) -> Spell:
    """Outcome, reason, and the orders in force on it: terms and useless permits aside."""
    by = {c.instrument for c in decision.citations if c.effect in {"refuses", "notice"}}
    if decision.outcome == "allow":
        by = {c.instrument for c in decision.citations if c.because == "admits"}
    return Spell("", decision.outcome, decision.because, by)


class Held:
    """Holds answers against the tables, and keeps what differs; `say` names what they name."""

    def __init__(self, table: Table, say=str) -> None:
        self.table = table
        self.say = say
        self.differing: list[str] = []

    def at(self, ruleset: Ruleset, instant: datetime, known_at: str) -> None:
        standing = expected_statuses(instant, known_at)
        say = self.say
        found = statuses(ruleset, instant)
        self.compare(f"clauses {instant}", found, {say(n): s for n, s in standing.items()})
        for (service, slots, routes), spells in self.table.items():
            for slot, route in ((s, r) for s in slots for r in routes):
                given = decided(ruleset, service, slot, say(route), instant)
                spell = spell_at(spells, instant)
                expected = Spell("", spell.outcome, spell.because, {say(n) for n in spell.by})
                where = f"{service}/{slot} {route} {instant}"
                self.compare(where, told(given), expected)
                cited = {c.instrument: c.status for c in given.citations}
                self.compare(f"cited {where}", cited, self.reaching(service, route, standing))

    def reaching(
        self, service: str, route: str, standing: Mapping[str, Status]
    ) -> dict[str, Status]:
        """The statuses of the clauses that reach the service on the route."""
        return {
            self.say(name): status
            for name, status in standing.items()
            if service in REACHES[name][0] and route in REACHES[name][1]
        }

    def compare(self, where: str, found: object, expected: object) -> None:
        if found != expected:
            self.differing.append(f"{where}: {found}, not {expected}")


@pytest.mark.parametrize(("stricter", "mirrored"), WORLDS)
def test_everything_in_law(stricter: bool, mirrored: bool):
    held = Held((strict if stricter else plain)(IN_LAW), mirror if mirrored else str)
    ruleset = rules(strict=stricter, mirrored=mirrored)
    for instant in instants():
        held.at(ruleset, instant, LAST)
    assert held.differing == []


@pytest.mark.parametrize(("stricter", "mirrored"), WORLDS)
def test_everything_as_known_then(stricter: bool, mirrored: bool):
    held = Held((strict if stricter else plain)(AS_KNOWN_THEN), mirror if mirrored else str)
    for instant in instants():
        known_at = known_then(instant)
        held.at(rules(known_at, strict=stricter, mirrored=mirrored), instant, known_at)
    assert held.differing == []


@pytest.mark.parametrize(("stricter", "mirrored"), WORLDS)
def test_no_slot_no_route_no_clause_and_no_instant_is_left_out(stricter: bool, mirrored: bool):
    ruleset = rules(strict=stricter, mirrored=mirrored)
    directory = ruleset.directory
    assert len(set(instants())) == len(list(instants())) >= 70
    assert {route.id for route in directory.routes.values()} == {
        (mirror if mirrored else str)(route) for route in ROUTES
    }
    slots = {(s.id, slot.name) for s in directory.services.values() for slot in s.slots}
    for when in (IN_LAW, AS_KNOWN_THEN):
        asked_of = [
            (service, slot, route)
            for service, names, routes in (strict if stricter else plain)(when)
            for slot in names
            for route in routes
        ]
        assert len(asked_of) == len(set(asked_of)) == len(slots) * len(ROUTES)
        assert {(service, slot) for service, slot, _ in asked_of} == slots
    say = mirror if mirrored else str
    assert {name: e.recorded for name, e in ruleset.issued.items()} == {
        say(name): at(recorded) for name, recorded in RECORDED.items()
    }
    assert STATUSES.keys() == REACHES.keys() == RECORDED.keys() - WITHOUT_CLAUSES
    with_clauses = {name for name, e in ruleset.issued.items() if e.instrument.clauses}
    assert with_clauses == {say(name) for name in STATUSES}


@pytest.mark.parametrize(
    ("known_at", "instant", "status"),
    [
        # On 27 March the ruling is known; the stay of 2 April is still to come.
        ("2026-03-27", "2026-03-27", "winding-down"),
        ("2026-03-27", STAYED, "stayed"),
        ("2026-03-26T16:10", STAYED, "stayed"),
        ("2026-03-26T16:09:59", STAYED, "winding-down"),
        ("2026-03-26T16:09:59", LAST, "operative"),
        # The order's first twenty minutes were not known while they lasted.
        ("2026-02-27T16:20", "2026-02-27T16:00", "winding-down"),
        ("2026-02-27T16:20", "2026-02-27T15:59:59", "pending"),
        ("2026-02-27T16:19:59", "2026-02-27T16:19:59", None),
    ],
)
def test_what_was_held_of_the_presidents_order(known_at: str, instant: str, status: Status | None):
    assert statuses(rules(known_at), at(instant)).get(PRESIDENT) == status


def test_only_defence_has_time_by_the_stricter_reading():
    found = {
        service: next(
            c.because
            for c in decided(
                rules(strict=True), service, "chat", f"{CLAUDE}@anthropic", at(IN_LAW.order)
            ).citations
            if c.instrument == PRESIDENT
        )
        for service in REACHES[PRESIDENT][0]
    }
    assert found.pop("defence-analysis") == "existing-use"
    assert set(found.values()) == {"no-grace"}


# The rows of the scenario's own table, by the model alone.
ROWS = [
    ("treasury-code", CLAUDE, "2026-02-26T12:00", "allow", ()),
    ("treasury-code", CLAUDE, "2026-02-28T12:00", "notice", (PRESIDENT,)),
    ("treasury-new", CLAUDE, "2026-03-01T12:00", "refuse", (PRESIDENT,)),
    ("treasury-code", CLAUDE, "2026-03-03T12:00", "refuse", ("treasury-order",)),
    ("statechat", CLAUDE, "2026-03-03T12:00", "refuse", ("state-order",)),
    ("statechat", GPT, "2026-03-03T12:00", "allow", ()),
    ("fannie-documents", f"{CLAUDE}@aws", "2026-02-28T12:00", "allow", ()),
    ("fannie-documents", f"{CLAUDE}@aws", "2026-03-03T12:00", "refuse", ("housing-order",)),
    ("defence-analysis", CLAUDE, "2026-03-03T12:00", "notice", (PRESIDENT,)),
    ("defence-analysis", GPT, "2026-02-26T12:00", "refuse", ()),
    ("defence-analysis", GPT, "2026-03-03T12:00", "allow", ()),
    ("contractor-reports", f"{CLAUDE}@google", "2026-04-09T12:00", "notice", (B,)),
    ("contractor-shop", f"{CLAUDE}@google", "2026-04-09T12:00", "allow", ()),
    ("treasury-code", CLAUDE, "2026-04-09T12:00", "refuse", ("treasury-order",)),
    ("defence-analysis", CLAUDE, "2026-04-09T12:00", "notice", (B,)),
    ("defence-analysis", CLAUDE, "2026-10-01T12:00", "refuse", (B,)),
]


@pytest.mark.parametrize(("service", "model", "instant", "outcome", "cited"), ROWS)
def test_the_rows(service, model, instant, outcome, cited):
    found = asked(rules(), service, model, at(instant))
    assert found.outcome == outcome
    deciding = {i.id for i in found.instruments if i.effect in {"refuses", "notice"}}
    assert deciding >= set(cited)


@pytest.mark.parametrize(
    ("service", "model", "stayed"),
    [
        ("contractor-reports", f"{CLAUDE}@google", {A}),
        ("defence-analysis", CLAUDE, {PRESIDENT, A}),
    ],
)
def test_what_is_stayed_is_cited_beside_what_is_in_force(service, model, stayed):
    found = asked(rules(), service, model, at("2026-04-09T12:00"))
    cited = {i.id: i for i in found.instruments}
    assert {name for name, i in cited.items() if i.status == "stayed"} == stayed
    for name in stayed:
        assert (cited[name].effect, cited[name].kept_off_by) == ("none", ("district-court-ruling",))
    assert cited[B].status == "winding-down"
    assert cited[B].declined_by == ("appeals-court-ruling",)
    assert found.deadline == found.changes_at == at(DAYS_180)
    assert found.questions == ()
    assert "stayed by district-court-ruling" in found.explanation.en
    assert "suspendu par district-court-ruling" in found.explanation.fr
    assert "A stay of designation-b was asked for and denied" in found.explanation.en
    assert "La suspension de designation-b a été demandée et refusée" in found.explanation.fr


@pytest.mark.parametrize(
    ("service", "order"),
    [
        ("treasury-code", "treasury-order"),
        ("statechat", "state-order"),
        ("health-assistant", "health-order"),
        ("fannie-documents", "housing-order"),
    ],
)
def test_what_implements_a_stayed_order_stands_as_an_open_question(service, order):
    before = asked(rules(), service, CLAUDE, at(STAYED) - timedelta(seconds=1))
    found = asked(rules(), service, CLAUDE, at("2026-04-09T12:00"))
    assert before.questions == ()
    [question] = found.questions
    assert (question.instrument, question.implements) == (order, PRESIDENT)
    assert (question.status, question.by) == ("stayed", ("district-court-ruling",))
    assert question.since == at(STAYED)
    assert question.finding is None
    assert (found.outcome, found.because) == ("refuse", "prohibited")
    assert f"Open question: {order} implements president-order" in found.explanation.en
    assert f"Question ouverte : {order} met en œuvre president-order" in found.explanation.fr


def test_what_was_refused_as_a_new_use_is_held_once_it_is_stayed_and_what_went_on_is_not():
    held = asked(rules(), "treasury-new", CLAUDE, at(STAYED)).routes[0]
    assert held.held_by == (PRESIDENT,)
    assert asked(rules(), "defence-analysis", CLAUDE, at(STAYED)).routes[0].held_by == ()


def test_a_notice_names_the_deadline_six_months_on_in_both_languages():
    found = asked(rules("2026-03-03"), "treasury-code", CLAUDE, at("2026-02-28T12:00"))
    assert found.deadline is not None
    assert found.deadline.astimezone(WASHINGTON).date().isoformat() == "2026-08-27"
    assert "27 August 2026" in found.explanation.en
    assert "27 août 2026" in found.explanation.fr


def test_the_network_default_is_cited_where_nothing_admits_the_model():
    found = asked(rules(), "defence-analysis", GPT, at("2026-02-26T12:00"))
    assert {route.because for route in found.routes} == {"network-default"}
    assert {route.network for route in found.routes} == {"classified"}
    # The admission of 28 February is on record and changes it by itself.
    assert found.changes_at == at("2026-02-28")


@pytest.mark.parametrize(
    ("known_at", "service", "instant", "outcome", "cited"),
    [
        # Before the order was recorded, nothing was known of it; after, all its time was.
        ("2026-02-27T16:19:59", "health-assistant", "2026-03-03T12:00", "allow", set()),
        ("2026-02-27T16:20", "health-assistant", "2026-02-27T16:00", "notice", {PRESIDENT}),
        # Without Health's own order, and without the stay, the six months run out.
        ("2026-03-04T09:09:59", "health-assistant", "2026-08-27T15:59:59", "notice", {PRESIDENT}),
        ("2026-03-04T09:09:59", "health-assistant", "2026-08-27T16:00", "refuse", {PRESIDENT}),
        # The ruling is known from 26 March on, and takes effect on 2 April.
        (
            "2026-03-26T16:09:59",
            "defence-analysis",
            "2026-08-27T16:00",
            "refuse",
            {PRESIDENT, A, B},
        ),
        ("2026-03-26T16:10", "defence-analysis", "2026-08-27T16:00", "notice", {B}),
        ("2026-03-26T16:09:59", "contractor-reports", "2026-04-02", "notice", {A, B}),
        ("2026-03-26T16:10", "contractor-reports", "2026-04-02", "notice", {B}),
        # The refusal to stay changes nothing.
        ("2026-04-08T14:39:59", "defence-analysis", "2026-09-01", "refuse", {B}),
        ("2026-04-08T14:40", "defence-analysis", "2026-09-01", "refuse", {B}),
    ],
)
def test_what_was_known_then_and_later(known_at, service, instant, outcome, cited):
    found = asked(rules(known_at), service, CLAUDE, at(instant))
    assert found.outcome == outcome
    assert {i.id for i in found.instruments if i.effect in {"refuses", "notice"}} == cited


def test_announcements_bind_nobody_however_late_it_gets():
    instant = datetime(2030, 1, 1, tzinfo=UTC)
    found = asked(rules("2026-03-03"), "contractor-reports", f"{CLAUDE}@google", instant)
    assert found.outcome == "allow"
    orders = [i for i in found.instruments if i.terms_of is None]
    assert {i.status for i in orders} == {"announced"}


def test_after_the_memo_the_binding_is_the_replacement_and_provisional():
    binding = rules().binding("statechat", "chat", microseconds(at("2026-03-03")))
    assert binding is not None
    assert (binding.models, binding.provisional) == ((GPT,), True)
