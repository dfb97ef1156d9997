"""Instruments that the office draws up itself: rescissions and findings, effective at once."""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.orders.model import Find, Instrument, Rescind, Source
from changeover.orders.references import LONGEST_ID


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an instrument stands or falls; without an issuer, its own issuer says so."""

    instrument: str
    result: Literal["stands", "falls"]
    issuer: str | None = None


def rescission_of(standing: Instrument, source: Source | None, now: datetime) -> Instrument:
    """Its issuer's rescission of an instrument."""
    return Instrument(
        id=_derived(standing, "-rescinded"),
        kind=standing.kind,
        issuer=standing.issuer,
        title=Bilingual(
            en=f"Rescission of: {standing.title.en}",
            fr=f"Abrogation de : {standing.title.fr}",
        ),
        signed=now,
        published=now,
        effective=now,
        acts=(Rescind(instruments=(standing.id,)),),
        sources=() if source is None else (source,),
    )


def to_instrument(
    finding: Finding, standing: Instrument, source: Source | None, now: datetime
) -> Instrument:
    """The finding as an instrument; its id says on what day (UTC) it was found."""
    title = Bilingual(
        en=f"Finding that it {finding.result}: {standing.title.en}",
        fr=f"Constatation qu'il {_IN_FRENCH[finding.result]} : {standing.title.fr}",
    )
    return Instrument(
        id=_derived(standing, f"-{finding.result}-{now:%Y-%m-%d}"),
        kind="finding",
        issuer=finding.issuer or standing.issuer,
        title=title,
        signed=now,
        published=now,
        effective=now,
        acts=(Find(instruments=(standing.id,), result=finding.result),),
        sources=() if source is None else (source,),
    )


_IN_FRENCH = {"stands": "demeure", "falls": "tombe"}


def _derived(standing: Instrument, suffix: str) -> str:
    return standing.id[: LONGEST_ID - len(suffix)] + suffix
