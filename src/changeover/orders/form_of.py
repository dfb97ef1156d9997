"""What is on record written as the form that people would have written it in (`forms.py`).

Reading the form again gives what it was written from: instants bear their offset,
and what was counted is given as the period that it was counted by.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from changeover.orders.model import Clause, Instrument, Moment, Period, Reading, Source

_UNITS = {
    "months": "months",
    "calendar-days": "days",
    "business-days": "business_days",
    "court-days": "court_days",
}
_PARTS = (
    "makers", "models", "hosts", "resellers", "routes", "parties", "regulated", "contracts",
    "networks", "services", "purposes", "data_classes", "attributes",
)  # fmt: skip


def form_of(instrument: Instrument, zone: ZoneInfo) -> dict[str, Any]:
    """The instrument's form but for what it does to others; its clauses are under their ids."""
    form: dict[str, Any] = {
        "id": instrument.id,
        "kind": instrument.kind,
        "issuer": instrument.issuer,
        "title": {"en": instrument.title.en, "fr": instrument.title.fr},
        "clauses": {clause.id: clause_form(clause, zone) for clause in instrument.clauses},
        "sources": [source_form(source, zone) for source in instrument.sources],
    }
    for name in ("announced", "signed", "published", "effective", "provisional_until"):
        instant = getattr(instrument, name)
        if instant is not None:
            form[name] = written(instant, zone)
    return form


def clause_form(clause: Clause, zone: ZoneInfo) -> dict[str, Any]:
    """The clause, flat where it has one reading."""
    form: dict[str, Any] = {
        "words": clause.words,
        "chosen_by": clause.chosen_by,
        "signed_by_counsel": clause.signed_by_counsel,
    }
    if len(clause.readings) == 1:
        return form | reading_form(clause.readings[0], zone)
    readings = {reading.id: reading_form(reading, zone) for reading in clause.readings}
    return form | {"readings": readings, "chosen": clause.chosen}


def reading_form(reading: Reading, zone: ZoneInfo) -> dict[str, Any]:
    form: dict[str, Any] = {
        "modality": reading.modality,
        "targets": [_named(target) for target in reading.targets],
        "scope": _named(reading.scope),
        "in_flight": reading.in_flight,
    }
    if reading.since is not None:
        form["since"] = written(reading.since, zone)
    if reading.until is not None:
        form["until"] = moment_form(reading.until, zone)
    if reading.wind_down is not None:
        form["wind_down"] = {
            "until": moment_form(reading.wind_down.until, zone),
            "parties": list(reading.wind_down.parties),
            "recent_days": reading.wind_down.recent_days,
        }
    if reading.requirements:
        form["requirements"] = list(reading.requirements)
    if reading.note is not None:
        form["note"] = {"en": reading.note.en, "fr": reading.note.fr}
    return form


def moment_form(moment: Moment, zone: ZoneInfo) -> str | dict[str, Any]:
    return written(moment.at, zone) if moment.period is None else _period(moment.period)


def source_form(source: Source, zone: ZoneInfo) -> dict[str, Any]:
    form: dict[str, Any] = {
        "address": source.address,
        "captured": written(source.captured, zone),
        "sha256": source.sha256,
    }
    return form if source.account is None else form | {"account": source.account}


def written(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as local time with its offset."""
    return instant.astimezone(zone).isoformat()


def _period(period: Period) -> dict[str, Any]:
    form: dict[str, Any] = {_UNITS[period.unit]: period.count, "after": period.after}
    return form | {"rolls": True} if period.rolls else form


def _named(part: object) -> dict[str, list[str]]:
    """The fields of a target or a scope that name something."""
    return {name: list(found) for name in _PARTS if (found := getattr(part, name, ()))}
