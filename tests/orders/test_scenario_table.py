"""The scenario as a table: every service's routes over the year, written from the facts.

A service's routes are given as spells: from an instant in Washington on, the
outcome, why, and the instruments in force on it, until the next spell. Each
spell is asked for at its first second and at its last, and so is every other
spell at those instants: a change for one service is none for another. The table
holds as known when the whole scenario was played; other tests ask what was known
earlier, what a stricter reading gives, and the mirror image, in which the two
vendors have changed places.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest

from changeover.basics.calendars import read_instant
from changeover.basics.instants import microseconds
from changeover.directory.model import Directory
from changeover.orders.model import Issued
from changeover.orders.query import Answer, Question, answer
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from changeover.wiring.scenarios import SHIPPED, read_scenario

WASHINGTON = ZoneInfo("America/New_York")
CLAUDE = "anthropic/claude-sonnet-4-5"
GPT = "openai/gpt-4.1"
CLAUDES = (f"{CLAUDE}@anthropic", f"{CLAUDE}@aws", f"{CLAUDE}@google")
GPTS = (f"{GPT}@openai", f"{GPT}@microsoft")
OTHERS = ("google/gemini-2.5-pro@google", "mistral/mistral-large@mistral", "house/open@house")

FIRST, LAST = "2026-02-20", "2026-12-31"
ORDER = "2026-02-27T16:00"  # the President's, and the beginning of the six months
ADMISSION = "2026-02-28"  # OpenAI's model to the classified network
CREATED = "2026-03-01"  # treasury-new
TREASURY = "2026-03-02T10:05"
HOUSING = "2026-03-02T11:10"
STATE = "2026-03-02T12:00"
HEALTH = "2026-03-04T09:00"
DESIGNATED = "2026-03-05"
STAYED = "2026-04-02"  # seven days after 26 March
DECLINED = "2026-04-08T14:00"
SIX_MONTHS = "2026-08-27T16:00"
DAYS_180 = "2026-09-01"
INSTANTS = (
    FIRST, ORDER, ADMISSION, CREATED, TREASURY, HOUSING, STATE, HEALTH, DESIGNATED, STAYED,
    DECLINED, SIX_MONTHS, DAYS_180, LAST,
)  # fmt: skip


def at(text: str) -> datetime:
    return read_instant(text, WASHINGTON)


class Spell(NamedTuple):
    """What holds from an instant on; `by` are the instruments in force on it."""

    since: str
    outcome: str
    because: str
    by: set[str]


def allowed(since: str, *by: str) -> Spell:
    return Spell(since, "allow", "permitted", set(by))


def winding(since: str, *by: str) -> Spell:
    return Spell(since, "notice", "winding-down", set(by))


def barred(since: str, *by: str, because: str = "prohibited") -> Spell:
    return Spell(since, "refuse", because, set(by))


PRESIDENT, A, B = "president-order", "designation-a", "designation-b"
ANTHROPIC_IN, OPENAI_IN = "classified-admission-anthropic", "classified-admission-openai"

# From the order on a use that existed winds down; the department's own order then
# ends it. The stay frees from the President's order alone. Another host than the
# one that was bound is a new use; what was refused as new is held once it is freed.
TABLE: dict[tuple[str, tuple[str, ...]], tuple[Spell, ...]] = {
    ("statechat", CLAUDES): (
        allowed(FIRST),
        winding(ORDER, PRESIDENT),
        # The memo moved StateChat off at noon: to come back would be a new use besides.
        barred(STATE, "state-order", PRESIDENT),
        barred(STAYED, "state-order"),
    ),
    ("treasury-code", CLAUDES[:1]): (
        allowed(FIRST),
        winding(ORDER, PRESIDENT),
        barred(TREASURY, "treasury-order", PRESIDENT),
        barred(STAYED, "treasury-order"),
    ),
    ("treasury-code", CLAUDES[1:]): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT, because="new-use"),
        barred(TREASURY, "treasury-order", PRESIDENT),
        barred(STAYED, "treasury-order"),
    ),
    ("treasury-new", CLAUDES): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT, because="new-use"),
        barred(TREASURY, "treasury-order", PRESIDENT),
        barred(STAYED, "treasury-order"),
    ),
    # An order to the government does not reach the bodies that it regulates.
    ("fannie-documents", CLAUDES): (allowed(FIRST), barred(HOUSING, "housing-order")),
    ("health-assistant", CLAUDES[:1]): (
        allowed(FIRST),
        winding(ORDER, PRESIDENT),
        barred(HEALTH, "health-order", PRESIDENT),
        barred(STAYED, "health-order"),
    ),
    ("health-assistant", CLAUDES[1:]): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT, because="new-use"),
        barred(HEALTH, "health-order", PRESIDENT),
        barred(STAYED, "health-order"),
    ),
    ("defence-analysis", CLAUDES): (
        allowed(FIRST, ANTHROPIC_IN),
        winding(ORDER, PRESIDENT),
        winding(DESIGNATED, PRESIDENT, A, B),
        winding(STAYED, B),
        barred(DAYS_180, B),
    ),
    ("defence-analysis", GPTS): (
        barred(FIRST, because="network-default"),
        allowed(ADMISSION, OPENAI_IN),
    ),
    ("defence-analysis", OTHERS): (barred(FIRST, because="network-default"),),
    ("contractor-reports", CLAUDES[2:]): (
        allowed(FIRST),
        winding(DESIGNATED, A, B),
        winding(STAYED, B),
        barred(DAYS_180, B),
    ),
    ("contractor-reports", CLAUDES[:2]): (
        allowed(FIRST),
        barred(DESIGNATED, A, B, because="new-use"),
        # Also held for the first designation, which had refused it: the reason that
        # counts is the one of the second.
        barred(STAYED, B, because="new-use"),
        barred(DAYS_180, B),
    ),
    # Outside the contract.
    ("contractor-shop", CLAUDES): (allowed(FIRST),),
    **{
        (service, (*GPTS, *OTHERS)): (allowed(FIRST),)
        for service in (
            "statechat", "treasury-code", "treasury-new", "fannie-documents", "health-assistant",
            "contractor-reports", "contractor-shop",
        )
    },
}  # fmt: skip

STRICT = {"president-order": "defence-only-grace"}
STRICT_TABLE: dict[tuple[str, tuple[str, ...]], tuple[Spell, ...]] = {
    ("statechat", CLAUDES): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT),
        barred(STATE, "state-order", PRESIDENT),
        barred(STAYED, "state-order"),
    ),
    ("treasury-code", CLAUDES): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT),
        barred(TREASURY, "treasury-order", PRESIDENT),
        barred(STAYED, "treasury-order"),
    ),
    ("treasury-new", CLAUDES): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT),
        barred(TREASURY, "treasury-order", PRESIDENT),
        barred(STAYED, "treasury-order"),
    ),
    ("health-assistant", CLAUDES): (
        allowed(FIRST),
        barred(ORDER, PRESIDENT),
        barred(HEALTH, "health-order", PRESIDENT),
        barred(STAYED, "health-order"),
    ),
}
STRICT_TABLE |= {
    key: spells
    for key, spells in TABLE.items()
    if not {(key[0], route) for route in key[1]}
    & {(service, route) for service, routes in STRICT_TABLE for route in routes}
}


@cache
def rules(known_at: str = LAST, *, strict: bool = False) -> Ruleset:
    scenario = read_scenario(SHIPPED)
    return _compiled(scenario.directory, scenario.events, known_at, strict=strict)


@cache
def mirrored() -> Ruleset:
    """The scenario in which Anthropic and OpenAI have changed places."""
    scenario = read_scenario(SHIPPED)
    directory = _mirror(scenario.directory, Directory)
    return _compiled(directory, _mirror(scenario.events, tuple[Issued, ...]), LAST, strict=False)


def _compiled(
    directory: Directory, events: Iterable[Issued], known_at: str, *, strict: bool
) -> Ruleset:
    issued = tuple(e for e in events if e.recorded <= at(known_at))
    known = Known(directory=directory, issued=issued)
    return compile_ruleset(known, version="test", readings=STRICT if strict else None)


def _mirror(value, kind):
    """The value with the vendors' ids swapped wherever they stand, but in protocols' names."""
    return msgspec.json.decode(mirror(msgspec.json.encode(value).decode()), type=kind)


def mirror(text: str) -> str:
    other = {"anthropic": "openai", "openai": "anthropic"}
    vendor = r"\b(anthropic|openai)\b(?!-chat|-messages)"
    return re.sub(vendor, lambda found: other[found[0]], text)


def asked(ruleset: Ruleset, service: str, model: str, instant: datetime) -> Answer:
    return answer(ruleset, Question(service=service, model=model, at=instant), instant)


def spell_at(spells: Iterable[Spell], instant: datetime) -> Spell:
    return [spell for spell in spells if at(spell.since) <= instant][-1]


def instants() -> Iterator[datetime]:
    """The first second of every change and the one before it, and noon between changes."""
    for before, after in pairwise(INSTANTS):
        yield at(before)
        yield at(before) + (at(after) - at(before)) / 2
        yield at(after) - timedelta(seconds=1)


def differences(ruleset: Ruleset, table, say=str) -> list[str]:
    """Where the answers differ from a table; `say` names what a table names."""
    found = []
    for (service, routes), spells in table.items():
        for route, instant in ((r, i) for r in routes for i in instants()):
            spell = spell_at(spells, instant)
            given = asked(ruleset, service, say(route), instant)
            by = {i.id for i in given.instruments if i.effect != "none"}
            if spell.outcome != "allow":
                by -= {say(ANTHROPIC_IN), say(OPENAI_IN)}
            told = (given.outcome, given.because, by)
            expected = (spell.outcome, spell.because, {say(name) for name in spell.by})
            if told != expected:
                found.append(f"{service} {route} {instant}: {told}, not {expected}")
    return found


def test_every_service_and_route_over_the_year():
    assert len(set(instants())) >= 35
    assert differences(rules(), TABLE) == []


def test_the_same_under_the_stricter_reading():
    assert differences(rules(strict=True), STRICT_TABLE) == []


def test_the_mirror_image():
    assert differences(mirrored(), TABLE, say=mirror) == []


def test_the_tables_hold_every_service_and_every_chat_route():
    directory = rules().directory
    chat = {r.id for r in directory.routes.values() if directory.models[r.model].kind == "chat"}
    for table in (TABLE, STRICT_TABLE):
        held = {(service, route) for service, routes in table for route in routes}
        assert held == {(service, route) for service in directory.services for route in chat}


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
    assert {i.status for i in found.instruments} <= {"announced"}


def test_after_the_memo_the_binding_is_the_replacement_and_provisional():
    binding = rules().binding("statechat", "chat", microseconds(at("2026-03-03")))
    assert binding is not None
    assert (binding.models, binding.provisional) == ((GPT,), True)
