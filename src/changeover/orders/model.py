"""Instruments, their clauses, and what they do to one another.

An instrument keeps its instants apart: announced, signed, published, effective,
served (per addressee). An announcement never binds; an act that names no date
takes effect when published. A clause is a *reading* of words: it keeps the
words, every reading proposed, which one was chosen, by whom and when.
"""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual

Kind = Literal[
    "order",
    "designation",
    "authorisation",
    "agreement",
    "memo",
    "terms",
    "ruling",
    "waiver",
    "delegation",
    "finding",
    "freeze",
]
Modality = Literal["prohibit", "permit", "require"]
Status = Literal["announced", "pending", "operative", "winding-down", "stayed", "waived", "ended"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of the orders' values. They form no cycles, so that nobody need collect them."""


class Target(_Value, frozen=True, kw_only=True):
    """What is used, by lineage. Every field given must match; an empty one matches all.

    A maker or model matches also through *derived from*, whoever hosts or resells.
    """

    makers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    resellers: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


class Scope(_Value, frozen=True, kw_only=True):
    """Who is reached, and doing what. Every field given must match; an empty one matches all.

    `parties` descends *part of*. `regulated` names bodies reached through
    *regulated by*. `contracts` reaches, beside the parties themselves, their
    contractors under the contracts named (`*`: under any); without parties it
    reaches nobody. `attributes` are those of the person on whose behalf the call
    is made, each of which must be yes.
    """

    parties: tuple[str, ...] = ()
    regulated: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


class Period(_Value, frozen=True, kw_only=True):
    """How an instant was counted: so many months or days after a trigger, in a zone.

    `rolls` is whether a last day on which the court does not sit is followed by
    the next on which it does (as Fed. R. Civ. P. 6(a)(1)(C) has it).
    """

    count: int
    unit: Literal["months", "calendar-days", "business-days", "court-days"]
    after: Literal["signed", "published", "effective"]
    rolls: bool = False


class Moment(_Value, frozen=True, kw_only=True):
    """An instant, and the period it was counted by where the text gives one."""

    at: datetime
    period: Period | None = None


class WindDown(_Value, frozen=True, kw_only=True):
    """Existing uses go on until the deadline, with a notice.

    `parties` restricts the grace to some of those in scope (all, when empty);
    `recent_days` is how long before the clause began a use counts as existing.
    """

    until: Moment
    parties: tuple[str, ...] = ()
    recent_days: int = 90


class Reading(_Value, frozen=True, kw_only=True):
    """One way to understand a clause's words: modality + use of a target + scope + window.

    `since` is where the words name a beginning of their own (`Instrument.begins`).
    `requirements` are the assurances that a reading which requires asks of a route.
    """

    id: str
    modality: Modality
    targets: tuple[Target, ...]
    scope: Scope
    since: datetime | None
    until: Moment | None = None
    wind_down: WindDown | None = None
    in_flight: Literal["finish", "cut"] = "finish"
    requirements: tuple[str, ...] = ()
    note: Bilingual | None = None


class Clause(_Value, frozen=True, kw_only=True):
    """Words of an instrument with the readings proposed for them and the one chosen."""

    id: str
    words: str
    readings: tuple[Reading, ...]
    chosen: str
    chosen_by: str
    signed_by_counsel: bool = False

    def reading(self, preferred: str | None = None) -> Reading:
        """The reading named `preferred` where this clause has it, else the chosen one."""
        by_id = {reading.id: reading for reading in self.readings}
        return by_id.get(preferred or self.chosen) or by_id[self.chosen]


class Rescind(_Value, frozen=True, kw_only=True, tag="rescind", tag_field="act"):
    """The issuer ends its own instruments, from `since` on (the effective instant if none).

    Only a text's clauses and rebindings end: what it rescinded stays rescinded.
    """

    instruments: tuple[str, ...]
    since: datetime | None = None


class Implement(_Value, frozen=True, kw_only=True, tag="implement", tag_field="act"):
    """The instrument carries out others."""

    instruments: tuple[str, ...]


class Stay(_Value, frozen=True, kw_only=True, tag="stay", tag_field="act"):
    """Instruments named do not bind from `since` (the effective instant if none) to `until`.

    `parties`, with all that is part of them, are those freed (all, when empty).
    `extends` is whether the ruling stops the clocks: a deadline moves by as long
    as the stay lasted; otherwise it runs meanwhile and stays where it was.
    """

    instruments: tuple[str, ...]
    parties: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    extends: bool = False


class Decline(_Value, frozen=True, kw_only=True, tag="decline", tag_field="act"):
    """A stay asked for and denied: cited with the instruments, and changes nothing."""

    instruments: tuple[str, ...]


class Lift(_Value, frozen=True, kw_only=True, tag="lift", tag_field="act"):
    """The stays and waivers that the instruments named made end; what they kept off binds again."""

    instruments: tuple[str, ...]
    since: datetime | None = None


class Vacate(_Value, frozen=True, kw_only=True, tag="vacate", tag_field="act"):
    """The instruments end: from `since` on, or as if they had never begun."""

    instruments: tuple[str, ...]
    since: datetime | None = None
    from_beginning: bool = False


class Supersede(_Value, frozen=True, kw_only=True, tag="supersede", tag_field="act"):
    """This instrument replaces those named from its effect on."""

    instruments: tuple[str, ...]


class Waive(_Value, frozen=True, kw_only=True, tag="waive", tag_field="act"):
    """The prohibitions of the instruments named do not bind whom and what is named here.

    Each field given must match. One that is only `requested` permits nothing.
    """

    instruments: tuple[str, ...]
    parties: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    requested: bool = False
    conditions: str = ""
    plan: str = ""
    approver: str = ""


class Delegate(_Value, frozen=True, kw_only=True, tag="delegate", tag_field="act"):
    """Another issuer may waive the instruments named, within these limits.

    Of the parties, services, routes and purposes each field given limits what a
    waiver may free; `until` is the latest that one may last, `longest_days` for how
    long, and `requires` names what it must state.
    """

    to: str
    instruments: tuple[str, ...]
    parties: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    until: datetime | None = None
    longest_days: int | None = None
    requires: tuple[Literal["plan", "approver", "conditions"], ...] = ()
    conditions: str = ""


class Find(_Value, frozen=True, kw_only=True, tag="find", tag_field="act"):
    """Whether instruments stand or fall, what they implement being stayed or ended (rule 5)."""

    instruments: tuple[str, ...]
    result: Literal["stands", "falls"]


class Amend(_Value, frozen=True, kw_only=True, tag="amend", tag_field="act"):
    """A clause of the instruments named reads as `becomes` from `since` on; struck when None.

    Uses count as existing from the clause's original beginning on, unless `anew`.
    """

    instruments: tuple[str, ...]
    clause: str
    becomes: Clause | None = None
    since: datetime | None = None
    anew: bool = False


class Confirm(_Value, frozen=True, kw_only=True, tag="confirm", tag_field="act"):
    """Provisional instruments last: they no longer end at their `provisional_until`."""

    instruments: tuple[str, ...]


class Judge(_Value, frozen=True, kw_only=True, tag="judge", tag_field="act"):
    """Whether a use is an existing or a new one under the instruments named (rule 3).

    Of a service, for the purposes and on the routes named (all, when empty).
    """

    instruments: tuple[str, ...]
    service: str
    purposes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    result: Literal["existing", "new"]


Act = (
    Rescind
    | Implement
    | Stay
    | Decline
    | Lift
    | Vacate
    | Supersede
    | Waive
    | Delegate
    | Find
    | Amend
    | Confirm
    | Judge
)


class Rebinding(_Value, frozen=True, kw_only=True):
    """A change of a service's models that an instrument makes when it takes effect."""

    service: str
    slots: tuple[str, ...]
    models: tuple[str, ...]
    provisional: bool = False


class Source(_Value, frozen=True, kw_only=True):
    """Where the text was found: address or file, account, capture, digest of the bytes."""

    address: str
    captured: datetime
    sha256: str
    account: str | None = None


class Instrument(_Value, frozen=True, kw_only=True):
    """A legal or administrative text that changes who may use what.

    One that is provisional (a freeze) ends at `provisional_until` unless it was
    confirmed before. One that is `known_on` a network is known there and on networks of
    as great a rank, and is shown and cited nowhere below.
    """

    id: str
    kind: Kind
    issuer: str
    title: Bilingual
    announced: datetime | None = None
    signed: datetime | None = None
    published: datetime | None = None
    effective: datetime | None = None
    served: dict[str, datetime] = {}
    provisional_until: datetime | None = None
    clauses: tuple[Clause, ...] = ()
    acts: tuple[Act, ...] = ()
    rebindings: tuple[Rebinding, ...] = ()
    sources: tuple[Source, ...] = ()
    known_on: str | None = None

    def takes_effect(self) -> datetime | None:
        """The named effective instant, else publication; None for a mere announcement."""
        return self.effective or self.published

    def begins(self, since: datetime | None) -> datetime | None:
        """When a clause of it begins to bind that names `since` (or nothing, if None).

        Never before the instrument takes effect, and None for a mere announcement.
        """
        effect = self.takes_effect()
        return effect if effect is None or since is None else max(effect, since)

    def implements(self) -> tuple[str, ...]:
        return tuple(i for act in self.acts if isinstance(act, Implement) for i in act.instruments)


class Release(_Value, frozen=True, kw_only=True):
    """An officer's release of a held route for a service: traffic may return (rule 9)."""

    service: str
    route: str
    at: datetime
    by: str


class Origin(_Value, frozen=True, kw_only=True):
    """The installation that an imported instrument comes from, and when it was recorded there."""

    installation: str
    recorded: datetime
    sequence: int


class Issued(_Value, frozen=True, kw_only=True):
    """An instrument as recorded: when, who entered it, who confirmed it.

    One that came in a bundle has its `origin`; `recorded` is then when it was imported.
    """

    instrument: Instrument
    recorded: datetime
    entered_by: str
    confirmed_by: str | None = None
    origin: Origin | None = None


class Imported(_Value, frozen=True, kw_only=True):
    """A bundle that was imported: the record here is as of when it was `made`."""

    source: str
    network: str
    sequence: int
    digest: str
    made: datetime
    imported: datetime
    by: str
