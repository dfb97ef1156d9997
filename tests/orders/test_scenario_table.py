"""The part of the scenario's table that the first slice must keep, written from the facts.

Each row is a service, a model or route, an instant in Washington, and what must
follow: the outcome, the instruments that must be cited for it, and the local
date on which the decision changes by itself, where the facts give one.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from changeover.basics.calendars import read_instant
from changeover.orders.query import Question, answer
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from changeover.wiring.scenarios import SHIPPED, read_scenario

WASHINGTON = ZoneInfo("America/New_York")
CLAUDE = "anthropic/claude-sonnet-4-5"
GPT = "openai/gpt-4.1"


def at(text: str) -> datetime:
    return read_instant(text, WASHINGTON)


def rules(known_at: str = "2026-03-03", readings: dict[str, str] | None = None) -> Ruleset:
    scenario = read_scenario(SHIPPED)
    issued = tuple(e for e in scenario.events if e.recorded <= at(known_at))
    known = Known(directory=scenario.directory, issued=issued)
    return compile_ruleset(known, version="test", readings=readings)


PLAYED = rules()

ROWS = [
    ("treasury-code", CLAUDE, "2026-02-26T12:00", "allow", ()),
    ("treasury-code", CLAUDE, "2026-02-28T12:00", "notice", ("president-order",)),
    ("treasury-new", CLAUDE, "2026-03-01T12:00", "refuse", ("president-order",)),
    ("treasury-code", CLAUDE, "2026-03-03T12:00", "refuse", ("treasury-order",)),
    ("statechat", CLAUDE, "2026-03-03T12:00", "refuse", ("state-order",)),
    ("statechat", GPT, "2026-03-03T12:00", "allow", ()),
    ("fannie-documents", f"{CLAUDE}@aws", "2026-02-28T12:00", "allow", ()),
    ("fannie-documents", f"{CLAUDE}@aws", "2026-03-03T12:00", "refuse", ("housing-order",)),
    ("defence-analysis", CLAUDE, "2026-03-03T12:00", "notice", ("president-order",)),
    ("defence-analysis", GPT, "2026-02-26T12:00", "refuse", ()),
    ("defence-analysis", GPT, "2026-03-03T12:00", "allow", ()),
]


@pytest.mark.parametrize(("service", "model", "instant", "outcome", "cited"), ROWS)
def test_the_table(service, model, instant, outcome, cited):
    found = answer(PLAYED, Question(service=service, model=model, at=at(instant)), at(instant))
    assert found.outcome == outcome
    deciding = {i.id for i in found.instruments if i.effect in {"refuses", "notice"}}
    assert deciding >= set(cited)


def test_a_notice_names_the_deadline_six_months_on_in_both_languages():
    instant = at("2026-02-28T12:00")
    question = Question(service="treasury-code", model=CLAUDE, at=instant)
    found = answer(PLAYED, question, instant)
    assert found.deadline is not None
    assert found.deadline.astimezone(WASHINGTON).date().isoformat() == "2026-08-27"
    assert "27 August 2026" in found.explanation.en
    assert "27 août 2026" in found.explanation.fr


def test_the_stricter_reading_refuses_all_but_defence_at_once():
    strict = rules(readings={"president-order": "defence-only-grace"})
    instant = at("2026-02-28T12:00")
    treasury = answer(strict, Question(service="treasury-code", model=CLAUDE, at=instant), instant)
    defence = answer(
        strict, Question(service="defence-analysis", model=CLAUDE, at=instant), instant
    )
    assert (treasury.outcome, treasury.because) == ("refuse", "prohibited")
    assert (defence.outcome, defence.because) == ("notice", "winding-down")


def test_the_network_default_is_cited_where_nothing_admits_the_model():
    instant = at("2026-02-26T12:00")
    found = answer(PLAYED, Question(service="defence-analysis", model=GPT, at=instant), instant)
    assert {route.because for route in found.routes} == {"network-default"}
    assert {route.network for route in found.routes} == {"classified"}
    # The admission of 28 February is on record and changes it by itself.
    assert found.changes_at == at("2026-02-28")


def test_what_was_known_before_the_order_knows_nothing_of_it():
    before = rules(known_at="2026-02-27T12:00")
    instant = at("2026-03-03T12:00")
    found = answer(before, Question(service="treasury-code", model=CLAUDE, at=instant), instant)
    assert (found.outcome, found.instruments) == ("allow", ())


@pytest.mark.parametrize(
    ("instant", "outcome"),
    [
        ("2026-02-27T15:59:59", "allow"),
        ("2026-02-27T16:00", "notice"),
        ("2026-08-27T15:59:59", "notice"),
        ("2026-08-27T16:00", "refuse"),
    ],
)
def test_the_seconds_around_an_orders_beginning_and_deadline(instant, outcome):
    found = answer(
        rules(), Question(service="health-assistant", model=CLAUDE, at=at(instant)), at(instant)
    )
    assert found.outcome == outcome


def test_announcements_bind_nobody_however_late_it_gets():
    instant = datetime(2030, 1, 1, tzinfo=UTC)
    question = Question(service="contractor-reports", model=f"{CLAUDE}@google", at=instant)
    found = answer(PLAYED, question, instant)
    assert found.outcome == "allow"
    assert {i.status for i in found.instruments} <= {"announced"}


def test_after_the_memo_the_binding_is_the_replacement_and_provisional():
    binding = PLAYED.binding("statechat", "chat", _micro("2026-03-03"))
    assert binding is not None
    assert (binding.models, binding.provisional) == ((GPT,), True)


def _micro(text: str) -> int:
    return int(at(text).timestamp() * 1_000_000)
