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
instant, or a period: `{months: 6, after: effective}`, `{days: 180, after: signed}`,
`{business_days: 10, after: signed}`, `{court_days: 7, after: published}`; months and
days may roll to a day on which courts sit: `{months: 6, after: effective, rolls: true}`.

A clause that requires says what a route must be shown to have, and a scope may name
attributes of persons:

```yaml
    modality: require
    requirements: [no-retention]
    scope: {parties: [treasury], attributes: [foreign-national]}
```

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
delegates:
  - to: an-issuer
    instruments: [an-order]
    services: [a-service]          # and parties, routes, purposes: what a waiver may free
    until: 2026-12-01              # the latest that a waiver may last
    longest_days: 30               # for how long
    requires: [plan, approver]     # what it must state
finds: [{instruments: [an-order], result: stands}]
judges: [{instruments: [an-order], service: a-service, purposes: [help], result: existing}]
confirms: [a-freeze]
amends:
  - instruments: [an-order]
    clause: end-of-use
    since: 2026-04-01
    anew: true                     # uses are judged as of the amendment
    becomes: {words: …, chosen_by: …, modality: prohibit, targets: […], scope: {…}}
```

What a clause `becomes` is written as a clause is, flat or with readings, and keeps
its id; its periods count from the amending instrument's instants. Without `becomes`
the clause is struck.

An emergency freeze bars at once, and ends by itself unless another instrument
confirms it before then:

```yaml
kind: freeze
provisional_until: 2026-03-05T10:05
```
"""

from typing import Any, Literal

import msgspec

from changeover.directory.forms import Name
from changeover.orders.model import Find, Judge, Kind, Modality, Rebinding, Scope, Target


class PeriodForm(msgspec.Struct, frozen=True, kw_only=True):
    """So many months, or days of a kind, after one of the instrument's instants."""

    after: Literal["signed", "published", "effective"]
    months: int | None = None
    days: int | None = None
    business_days: int | None = None
    court_days: int | None = None
    rolls: bool = False


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
    requirements: tuple[str, ...] = ()
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
    services: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    until: str | None = None
    longest_days: int | None = None
    requires: tuple[Literal["plan", "approver", "conditions"], ...] = ()
    conditions: str = ""


class AmendForm(msgspec.Struct, frozen=True, kw_only=True):
    """`becomes` is read as a clause is; where it is left out the clause is struck."""

    instruments: tuple[str, ...]
    clause: str
    becomes: Any = msgspec.UNSET
    since: str | None = None
    anew: bool = False


class InstrumentForm(msgspec.Struct, frozen=True, kw_only=True):
    """`clauses` are read one by one, as flat or with readings.

    `rescinds_since` is when the instruments rescinded end, if not when this one
    takes effect. `recorded` and `entered_by` may be left out where it is about to be issued.
    """

    id: str
    kind: Kind
    issuer: str
    title: Name
    recorded: str | None = None
    entered_by: str | None = None
    confirmed_by: str | None = None
    announced: str | None = None
    signed: str | None = None
    published: str | None = None
    effective: str | None = None
    provisional_until: str | None = None
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
    judges: tuple[Judge, ...] = ()
    confirms: tuple[str, ...] = ()
    amends: tuple[AmendForm, ...] = ()
    rebindings: tuple[Rebinding, ...] = ()
    sources: tuple[SourceForm, ...] = ()
    known_on: str | None = None
