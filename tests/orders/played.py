"""The shipped scenario as it was known at an instant, and its mirror image."""

import re
from datetime import datetime
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import read_instant
from changeover.directory.model import Directory
from changeover.orders.model import Issued
from changeover.orders.query import Answer, Question, answer
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from changeover.wiring.scenarios import SHIPPED, read_scenario
from tests.orders.scenario_table import LAST

WASHINGTON = ZoneInfo("America/New_York")
STRICT = {"president-order": "defence-only-grace"}
Value = TypeVar("Value")


@cache
def at(text: str) -> datetime:
    return read_instant(text, WASHINGTON)


@cache
def record(*, mirrored: bool = False) -> tuple[Directory, tuple[Issued, ...]]:
    """The scenario's directory and instruments; mirrored, Anthropic and OpenAI change places."""
    scenario = read_scenario(SHIPPED)
    if not mirrored:
        return scenario.directory, tuple(scenario.events)
    return _mirror(scenario.directory, Directory), _mirror(scenario.events, tuple[Issued, ...])


@cache
def rules(known_at: str = LAST, *, strict: bool = False, mirrored: bool = False) -> Ruleset:
    """What was known at an instant; `strict` by the stricter reading of the President's order."""
    directory, events = record(mirrored=mirrored)
    known = Known(
        directory=directory, issued=tuple(e for e in events if e.recorded <= at(known_at))
    )
    return compile_ruleset(known, version="test", readings=STRICT if strict else None)


def _mirror(value: object, kind: type[Value]) -> Value:
    """The value with the vendors' ids swapped wherever they stand, but in protocols' names."""
    return msgspec.json.decode(mirror(msgspec.json.encode(value).decode()), type=kind)


def mirror(text: str) -> str:
    other = {"anthropic": "openai", "openai": "anthropic"}
    vendor = r"\b(anthropic|openai)\b(?!-chat|-messages)"
    return re.sub(vendor, lambda found: other[found[0]], text)


def asked(ruleset: Ruleset, service: str, model: str, instant: datetime) -> Answer:
    return answer(ruleset, Question(service=service, model=model, at=instant), instant)
