"""From a draft to an instrument that a named person may issue.

A draft proposes; what it leaves open a person gives (`Overrides`), and what it
cannot have is refused by name: an announcement has no day from which it binds, a
designation alone prohibits nothing. Where the words bear two readings, both are
kept in the clause, and the one chosen is named.
"""

from datetime import date, datetime

import msgspec

from changeover.basics.calendars import after_days, after_months, read_instant, zone
from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.intake.model import Draft, WindDownReading
from changeover.intake.ports import Document
from changeover.intake.times import count
from changeover.orders.model import (
    Clause,
    Implement,
    Instrument,
    Modality,
    Moment,
    Period,
    Reading,
    Rebinding,
    Rescind,
    Scope,
    Source,
    WindDown,
)

_MODALITIES: dict[str, Modality] = {
    "prohibit": "prohibit",
    "wind-down": "prohibit",
    "permit": "permit",
    "waive": "permit",
    "require": "require",
}
_VERBS = {
    "prohibit": Bilingual(en="prohibits", fr="interdit"),
    "wind-down": Bilingual(en="winds down", fr="met progressivement fin à"),
    "permit": Bilingual(en="permits", fr="autorise"),
    "waive": Bilingual(en="waives for", fr="accorde une dérogation pour"),
    "require": Bilingual(en="requires", fr="impose"),
    "rescind": Bilingual(en="ends its instrument on", fr="met fin à son acte sur"),
    "rebind": Bilingual(en="changes to", fr="passe à"),
}
_READINGS = {
    "all": Bilingual(
        en="Everyone in scope who uses the products has the time to wind down.",
        fr="Tous ceux qui sont visés et utilisent les produits ont le délai.",
    ),
    "named": Bilingual(
        en="Only the parties named have the time; all others stop at once.",
        fr="Seules les entités nommées ont le délai ; toutes les autres cessent aussitôt.",
    ),
}


class IncompleteDraftError(InvalidInputError):
    """A draft lacks what an instrument needs; `missing` names the fields."""

    code = "incomplete_draft"

    def __init__(self, draft: str, missing: dict[str, str]) -> None:
        super().__init__(
            f"The draft {draft} cannot be issued: " + " ".join(missing.values()),
            means="Nothing was issued.",
            do=f"Give {', '.join(missing)}, or leave the draft.",
        )
        self.draft = draft
        self.missing = tuple(missing)


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What a person gives where a draft is silent or wrong.

    `since` and `until` are ISO dates, local times or instants; without an `id`
    one is derived from the draft's. `rescinds` and `implements` name recorded
    instruments; `reading` is the wind-down reading chosen (`all` or `named`).
    """

    issuer: str | None = None
    id: str | None = None
    since: str | None = None
    until: str | None = None
    parties: tuple[str, ...] = ()
    rescinds: tuple[str, ...] = ()
    implements: tuple[str, ...] = ()
    reading: str | None = None


def to_instrument(
    draft: Draft, document: Document, directory: Directory, overrides: Overrides, *, by: str
) -> Instrument:
    """The instrument that the draft proposes, completed by what the person `by` gives.

    It counts as signed and published on the day from which it stands.
    `IncompleteDraftError` names every field still missing; `InvalidInputError`
    says which id given is unknown to the directory.
    """
    issuer = overrides.issuer or draft.issuer
    since = _instant(overrides.since or draft.since, directory)
    scope = _scope(draft, overrides)
    _check_complete(draft, issuer, since, scope, overrides)
    _check_used(draft, overrides)
    assert issuer is not None
    _check_known(issuer, scope, overrides, draft, directory)
    return Instrument(
        id=overrides.id or "instrument-" + draft.id.removeprefix("draft-"),
        kind=draft.kind,
        issuer=issuer,
        title=title_of(draft, issuer, directory),
        signed=since,
        published=since,
        effective=since,
        clauses=_clauses(
            draft,
            _reading(draft, scope, since, overrides, directory),
            directory,
            overrides.reading,
            by,
        ),
        acts=_acts(draft, overrides, since),
        rebindings=_rebindings(draft),
        sources=(
            Source(address=document.name, captured=document.captured, sha256=document.sha256),
        ),
    )


def _check_complete(
    draft: Draft,
    issuer: str | None,
    since: datetime | None,
    scope: Scope,
    given: Overrides,
) -> None:
    missing: dict[str, str] = {}
    if issuer is None:
        missing["issuer"] = "its issuer is unknown."
    if since is None:
        announced = draft.nature == "announcement"
        missing["from"] = (
            "it is an announcement, which has no effect."
            if announced
            else "the day from which it stands is unknown."
        )
    missing |= _missing_effect(draft, scope, given)
    if missing:
        raise IncompleteDraftError(draft.id, missing)


def _missing_effect(draft: Draft, scope: Scope, given: Overrides) -> dict[str, str]:
    if draft.action in _MODALITIES:
        missing: dict[str, str] = {}
        if not (scope.parties or scope.regulated or scope.networks or scope.services):
            missing["scope"] = "whom it binds is unknown."
        if not (draft.targets.makers or draft.targets.models):
            missing["targets"] = "what it is about is unknown."
        return missing
    if draft.action == "rescind":
        return {} if given.rescinds else {"rescinds": "which instruments it ends is not given."}
    if draft.action == "rebind":
        whole = [r for r in draft.rebindings if r.models and r.slots]
        return {} if whole else {"rebindings": "the service or the model it changes is unknown."}
    return {"action": f"to {draft.action} has no effect of its own that can be issued."}


def _check_used(draft: Draft, given: Overrides) -> None:
    """Nothing is given that such a draft has no place for: it would be passed over."""
    binds = draft.action in _MODALITIES
    unused = {
        "rescinds": given.rescinds and draft.action != "rescind",
        "until": given.until and not binds,
        "scope": given.parties and not binds,
    }
    told = [name for name, passed_over in unused.items() if passed_over]
    if told:
        raise InvalidInputError(
            f"The draft {draft.id} is to {draft.action}, and has no place for {' or '.join(told)}.",
            means="Nothing was issued.",
            do="Leave that out. What a draft does not do is issued by another instrument.",
        )


def _check_known(
    issuer: str, scope: Scope, given: Overrides, draft: Draft, directory: Directory
) -> None:
    if issuer not in directory.issuers:
        raise InvalidInputError(
            f"{issuer!r} is no issuer of the directory.", do="Add it, or name another issuer."
        )
    for party in (*scope.parties, *scope.regulated):
        if party not in directory.parties:
            raise InvalidInputError(f"{party!r} is no party of the directory.", do="Add it first.")
    readings = [r.id for r in draft.wind_down.readings] if draft.wind_down else []
    if given.reading is not None and given.reading not in readings:
        raise InvalidInputError(
            f"{given.reading!r} is no reading of this draft.",
            do=f"Choose one of: {', '.join(readings) or 'none, it bears one reading only'}.",
        )


def _scope(draft: Draft, given: Overrides) -> Scope:
    if not given.parties:
        return draft.scope
    return msgspec.structs.replace(draft.scope, parties=given.parties)


def _instant(day: str | None, directory: Directory) -> datetime | None:
    return None if day is None else read_instant(day, zone(directory.zone))


def _reading(
    draft: Draft,
    scope: Scope,
    since: datetime | None,
    given: Overrides,
    directory: Directory,
) -> Reading | None:
    """The clause's plain reading, without its wind-down; None for an act without a clause."""
    modality = _MODALITIES.get(draft.action)
    if modality is None:
        return None
    until = _instant(given.until or draft.until, directory)
    return Reading(
        id="draft",
        modality=modality,
        targets=(draft.targets,),
        scope=scope,
        since=since,
        until=Moment(at=until) if until else None,
    )


def _clauses(
    draft: Draft, plain: Reading | None, directory: Directory, chosen: str | None, by: str
) -> tuple[Clause, ...]:
    if plain is None:
        return ()
    readings = _readings(draft, plain, directory)
    names = [reading.id for reading in readings]
    return (
        Clause(
            id="1",
            words=words_of(draft),
            readings=readings,
            chosen=chosen if chosen in names else names[0],
            chosen_by=by,
        ),
    )


def readings_of(draft: Draft, modality: Modality, directory: Directory) -> tuple[Reading, ...]:
    """The readings that the words bear, of a draft whose parts may still be open."""
    until = _instant(draft.until, directory)
    plain = Reading(
        id="plain",
        modality=modality,
        targets=(draft.targets,),
        scope=draft.scope,
        since=_instant(draft.since, directory),
        until=Moment(at=until) if until else None,
    )
    return _readings(draft, plain, directory)


def _readings(draft: Draft, plain: Reading, directory: Directory) -> tuple[Reading, ...]:
    winding = draft.wind_down
    until = _wind_down_until(draft, plain.since, directory)
    if winding is None or until is None:
        return (plain,)
    if len(winding.readings) == 1:
        grace = WindDown(until=until, parties=winding.readings[0].parties)
        return (msgspec.structs.replace(plain, wind_down=grace),)
    return tuple(_one_reading(plain, until, reading) for reading in winding.readings)


def _one_reading(plain: Reading, until: Moment, reading: WindDownReading) -> Reading:
    return msgspec.structs.replace(
        plain,
        id=reading.id,
        wind_down=WindDown(until=until, parties=reading.parties),
        note=_READINGS[reading.id],
    )


def _wind_down_until(draft: Draft, since: datetime | None, directory: Directory) -> Moment | None:
    """The deadline, counted anew from the instant from which the instrument stands."""
    winding = draft.wind_down
    if winding is None:
        return None
    local = zone(directory.zone)
    period = winding.period
    if period is None or since is None:
        return Moment(at=read_instant(winding.until, local)) if winding.until else None
    match period.unit:
        case "months":
            counted = Period(count=period.count, unit="months", after="effective")
            return Moment(at=after_months(since, period.count, local), period=counted)
        case "days":
            counted = Period(count=period.count, unit="calendar-days", after="effective")
            return Moment(at=after_days(since, period.count, local), period=counted)
        case "business-days":
            day: date | None = count(since.astimezone(local).date(), period)
            return Moment(at=read_instant(day.isoformat(), local)) if day else None


def words_of(draft: Draft) -> str:
    words = draft.quote.text
    if draft.wind_down and draft.wind_down.quote.text not in words:
        words += " […] " + draft.wind_down.quote.text
    return words


def _acts(
    draft: Draft, given: Overrides, since: datetime | None
) -> tuple[Rescind | Implement, ...]:
    acts: list[Rescind | Implement] = []
    if draft.action == "rescind":
        acts.append(Rescind(instruments=given.rescinds, since=since))
    if given.implements:
        acts.append(Implement(instruments=given.implements))
    return tuple(acts)


def _rebindings(draft: Draft) -> tuple[Rebinding, ...]:
    return tuple(
        Rebinding(
            service=change.service,
            slots=change.slots,
            models=change.models,
            provisional=change.provisional,
        )
        for change in draft.rebindings
        if change.models and change.slots
    )


def title_of(draft: Draft, issuer: str, directory: Directory) -> Bilingual:
    office = directory.issuers[issuer].name
    makers = [directory.vendors[m].name for m in draft.targets.makers if m in directory.vendors]
    models = [directory.models[m].name for m in draft.targets.models if m in directory.models]
    verb = _VERBS.get(draft.action, Bilingual(en=draft.action, fr=draft.action))
    return Bilingual(
        en=f"{office.en} {verb.en} {', '.join([*(m.en for m in makers), *models])}".strip(),
        fr=f"{office.fr} {verb.fr} {', '.join([*(m.fr for m in makers), *models])}".strip(),
    )
