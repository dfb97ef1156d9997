"""Instruments that the office draws up itself, effective at once.

Rescissions, findings, judgements, emergency freezes and their confirmations. An id
says what it is about, on what day (UTC), and where there may be several a day, at
what second.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.nearest import advice
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.contradictions import LONGEST_FREEZE
from changeover.orders.model import (
    Act,
    Clause,
    Confirm,
    Find,
    Instrument,
    Judge,
    Kind,
    Reading,
    Rescind,
    Scope,
    Source,
    Target,
)
from changeover.orders.references import LONGEST_ID

_LONGEST_HOURS = LONGEST_FREEZE * 24
_LONGEST_NAME = 40


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an instrument stands or falls; without an issuer, its own issuer says so."""

    instrument: str
    result: Literal["stands", "falls"]
    issuer: str | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a service's use is an existing one under an instrument (rule 3).

    For the purposes and on the routes named (all, when empty); without an issuer,
    the instrument's own issuer says so.
    """

    instrument: str
    service: str
    result: Literal["existing", "new"]
    purposes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    issuer: str | None = None


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency: parties stop using a vendor or a model at once, for so many hours.

    Of a vendor, all that it makes, hosts or resells stops. `by` is the person who
    reads the issuer's words so; answers on their way are cut unless they may finish.
    """

    name: str
    issuer: str
    parties: tuple[str, ...]
    by: str
    hours: int = 72
    in_flight: Literal["finish", "cut"] = "cut"


def rescission_of(
    standing: Instrument, source: Source | None, now: datetime, *, again: bool = False
) -> Instrument:
    """Its issuer's rescission of an instrument; `again` where another one came to nothing."""
    title = Bilingual(
        en=f"Rescission of: {standing.title.en}",
        fr=f"Abrogation de : {standing.title.fr}",
    )
    return _acting(
        derived_id(standing, f"-rescinded-{now:%Y-%m-%d-%H%M%S}" if again else "-rescinded"),
        _kind_of(standing),
        standing.issuer,
        title,
        Rescind(instruments=(standing.id,)),
        _At(now, source),
    )


def to_instrument(
    finding: Finding, standing: Instrument, source: Source | None, now: datetime
) -> Instrument:
    """The finding as an instrument."""
    title = Bilingual(
        en=f"Finding that it {finding.result}: {standing.title.en}",
        fr=f"Constatation qu'il {_IN_FRENCH[finding.result]} : {standing.title.fr}",
    )
    return _acting(
        derived_id(standing, f"-{finding.result}-{now:%Y-%m-%d-%H%M%S}"),
        "finding",
        finding.issuer or standing.issuer,
        title,
        Find(instruments=(standing.id,), result=finding.result),
        _At(now, source),
    )


def judgement_of(
    judgement: Judgement, standing: Instrument, source: Source | None, now: datetime
) -> Instrument:
    """The judgement as an instrument."""
    service, result = judgement.service, judgement.result
    title = Bilingual(
        en=f"Judgement that the use by {service} is {_IN_ENGLISH[result]}: {standing.title.en}",
        fr=f"Décision que l'usage par {service} est {_IN_FRENCH[result]} : {standing.title.fr}",
    )
    return _acting(
        derived_id(standing, f"-{_plain(service)}-{result}-{now:%Y-%m-%d-%H%M%S}"),
        "finding",
        judgement.issuer or standing.issuer,
        title,
        Judge(
            instruments=(standing.id,),
            service=service,
            purposes=judgement.purposes,
            routes=judgement.routes,
            result=result,
        ),
        _At(now, source),
    )


def confirmation_of(
    freeze: Instrument, source: Source | None, now: datetime, issuer: str | None = None
) -> Instrument:
    """The confirmation that a freeze lasts, as its issuer says unless another is named."""
    title = Bilingual(
        en=f"Confirmation of: {freeze.title.en}",
        fr=f"Confirmation de : {freeze.title.fr}",
    )
    return _acting(
        derived_id(freeze, "-confirmed"),
        _kind_of(freeze),
        issuer or freeze.issuer,
        title,
        Confirm(instruments=(freeze.id,)),
        _At(now, source),
    )


def freeze_of(freeze: Freeze, directory: Directory, now: datetime) -> Instrument:
    """The emergency freeze; `NotFoundError` or `InvalidInputError` where it can be none."""
    if not 1 <= freeze.hours <= _LONGEST_HOURS:
        raise InvalidInputError(
            f"A freeze cannot last {freeze.hours} hours.",
            do=f"Name from 1 to {_LONGEST_HOURS}; what is to last longer is confirmed.",
        )
    if not freeze.parties:
        raise InvalidInputError(
            "The freeze names no party.", do="Name the parties that are to stop."
        )
    parties = tuple(dict.fromkeys(freeze.parties))
    targets, name = _frozen(freeze.name, directory)
    reading = Reading(
        id="plain",
        modality="prohibit",
        targets=targets,
        scope=Scope(parties=parties),
        since=None,
        in_flight=freeze.in_flight,
    )
    clause = Clause(
        id="freeze",
        words=f"{', '.join(parties)}: no use of {name.en} for {freeze.hours} hours.",
        readings=(reading,),
        chosen=reading.id,
        chosen_by=freeze.by,
    )
    return Instrument(
        id=f"freeze-{_plain(freeze.name)}-{now:%Y-%m-%d-%H%M%S}",
        kind="freeze",
        issuer=freeze.issuer,
        title=Bilingual(en=f"Emergency freeze of {name.en}", fr=f"Gel d'urgence : {name.fr}"),
        signed=now,
        published=now,
        effective=now,
        provisional_until=now + timedelta(hours=freeze.hours),
        clauses=(clause,),
    )


class _At(msgspec.Struct, frozen=True):
    """When an instrument is drawn up, and the text that it rests on."""

    now: datetime
    source: Source | None


def _acting(id_: str, kind: Kind, issuer: str, title: Bilingual, act: Act, at: _At) -> Instrument:
    return Instrument(
        id=id_,
        kind=kind,
        issuer=issuer,
        title=title,
        signed=at.now,
        published=at.now,
        effective=at.now,
        acts=(act,),
        sources=() if at.source is None else (at.source,),
    )


def _kind_of(standing: Instrument) -> Kind:
    """The kind of what ends an instrument or has it last: a freeze can do neither."""
    return "order" if standing.kind == "freeze" else standing.kind


def _frozen(name: str, directory: Directory) -> tuple[tuple[Target, ...], Bilingual]:
    """What a freeze of a vendor or model is aimed at, and its name."""
    if name in directory.vendors:
        targets = Target(makers=(name,)), Target(hosts=(name,)), Target(resellers=(name,))
        return targets, directory.vendors[name].name
    if name in directory.models:
        model = directory.models[name].name
        return (Target(models=(name,)),), Bilingual(en=model, fr=model)
    known = [*directory.vendors, *directory.models]
    raise NotFoundError(f"There is no vendor or model {name!r}.", do=advice(name, known))


_IN_ENGLISH = {"existing": "an existing one", "new": "a new one"}
_IN_FRENCH = {"stands": "demeure", "falls": "tombe", "existing": "existant", "new": "nouveau"}


def _plain(name: str) -> str:
    """A name of the directory, as far as an instrument's id can hold it."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)[:_LONGEST_NAME]


def derived_id(standing: Instrument, suffix: str) -> str:
    """An id after an instrument's; one that has to be cut short is told from those like it."""
    whole = standing.id + suffix
    if len(whole) <= LONGEST_ID:
        return whole
    suffix = f"-{hashlib.sha256(standing.id.encode()).hexdigest()[:8]}{suffix}"
    return standing.id[: LONGEST_ID - len(suffix)] + suffix
