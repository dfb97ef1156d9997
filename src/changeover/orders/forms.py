"""How people write instruments in YAML.

```yaml
id: treasury-order
kind: order
issuer: treasury-secretary
title: {en: …, fr: …}
recorded: 2026-03-02T10:20        # when it became known; local to the directory's zone
entered_by: …
published: 2026-03-02T10:05
implements: [president-order]
clauses:
  end-of-use:
    words: …
    chosen_by: …
    modality: prohibit
    targets: [{makers: [anthropic]}]
    scope: {parties: [treasury]}
```

A clause with one reading is written flat, as here, and its reading is called
`plain`; one with several has `readings:` by id and `chosen:`. An `until` is an
instant, or a period: `{months: 6, after: effective}`, `{days: 180, after: signed}`.

What an instrument does to others:

```yaml
implements: [president-order]
rescinds: [an-order]
supersedes: [an-order]
declines: [an-order]               # a stay was asked for and denied
stays: [{instruments: [an-order], parties: [treasury], until: 2026-06-01, extends: true}]
lifts: [{instruments: [a-stay]}]
vacates: [{instruments: [an-order], from_beginning: true}]
waives: [{instruments: [an-order], services: [a-service], until: 2026-06-01, plan: …}]
delegates: [{to: an-issuer, instruments: [an-order], conditions: …}]
finds: [{instruments: [an-order], result: stands}]
```
"""

from typing import Any, Literal

import msgspec

from changeover.directory.forms import Name
from changeover.orders.model import Find, Kind, Modality, Rebinding, Scope, Target


class PeriodForm(msgspec.Struct, frozen=True, kw_only=True):
    """So many months or calendar days after one of the instrument's instants."""

    after: Literal["signed", "published", "effective"]
    months: int | None = None
    days: int | None = None


Until = str | PeriodForm


class WindDownForm(msgspec.Struct, frozen=True, kw_only=True):
    until: Until
    parties: tuple[str, ...] = ()
    recent_days: int = 90


class ReadingForm(msgspec.Struct, frozen=True, kw_only=True):
    modality: Modality
    targets: tuple[Target, ...]
    scope: Scope
    since: str | None = None
    until: Until | None = None
    wind_down: WindDownForm | None = None
    in_flight: Literal["finish", "cut"] = "finish"
    note: Name | None = None


class FlatClauseForm(ReadingForm, frozen=True, kw_only=True):
    """A clause and its only reading."""

    words: str
    chosen_by: str
    signed_by_counsel: bool = False


class ReadClauseForm(msgspec.Struct, frozen=True, kw_only=True):
    """A clause with its readings by id."""

    words: str
    chosen_by: str
    readings: dict[str, ReadingForm]
    chosen: str | None = None
    signed_by_counsel: bool = False


class SourceForm(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    captured: str
    sha256: str
    account: str | None = None


class StayForm(msgspec.Struct, frozen=True, kw_only=True):
    instruments: tuple[str, ...]
    parties: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    extends: bool = False


class EndForm(msgspec.Struct, frozen=True, kw_only=True):
    """A lift or a vacatur; only a vacatur reaches back `from_beginning`."""

    instruments: tuple[str, ...]
    since: str | None = None
    from_beginning: bool = False


class WaiveForm(msgspec.Struct, frozen=True, kw_only=True):
    instruments: tuple[str, ...]
    parties: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    requested: bool = False
    conditions: str = ""
    plan: str = ""
    approver: str = ""


class DelegateForm(msgspec.Struct, frozen=True, kw_only=True):
    to: str
    instruments: tuple[str, ...]
    parties: tuple[str, ...] = ()
    until: str | None = None
    conditions: str = ""


class InstrumentForm(msgspec.Struct, frozen=True, kw_only=True):
    """`clauses` are read one by one, as flat or with readings.

    `rescinds_since` is when the instruments rescinded end, if not when this one
    takes effect.
    """

    id: str
    kind: Kind
    issuer: str
    title: Name
    recorded: str
    entered_by: str
    confirmed_by: str | None = None
    announced: str | None = None
    signed: str | None = None
    published: str | None = None
    effective: str | None = None
    served: dict[str, str] = {}
    clauses: dict[str, Any] = {}
    implements: tuple[str, ...] = ()
    rescinds: tuple[str, ...] = ()
    rescinds_since: str | None = None
    stays: tuple[StayForm, ...] = ()
    declines: tuple[str, ...] = ()
    lifts: tuple[EndForm, ...] = ()
    vacates: tuple[EndForm, ...] = ()
    supersedes: tuple[str, ...] = ()
    waives: tuple[WaiveForm, ...] = ()
    delegates: tuple[DelegateForm, ...] = ()
    finds: tuple[Find, ...] = ()
    rebindings: tuple[Rebinding, ...] = ()
    sources: tuple[SourceForm, ...] = ()
