"""What intake finds in a document: drafts of instruments, claims, unknown names.

Offsets count characters of the document's text (`intake.formats`);
`text[start:end]` is always exactly the quote. A draft proposes; it binds nobody.
"""

from typing import Literal

import msgspec

from changeover.orders.model import Kind, Scope, Target

Action = Literal[
    "prohibit", "permit", "require", "wind-down", "rescind", "stay", "waive", "designate", "rebind"
]
Nature = Literal["act", "announcement", "report of an act", "opinion"]
Standing = Literal["confirmed", "denied", "unverified", "no-comment"]
Role = Literal["said", "relayed", "saw", "cited"]
Language = Literal["en", "fr", "und"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of intake's values."""


class Quote(_Value, frozen=True, kw_only=True, omit_defaults=True):
    """A span of the document's text, and its words. `document` is the SHA-256.

    `page` is that of the original which the span begins on, counted from 1, where it has pages.
    """

    document: str
    start: int
    end: int
    text: str
    page: int | None = None


class Attribution(_Value, frozen=True, kw_only=True):
    """Who stands behind words, in which role: an id of the directory, or the words for them."""

    who: str
    role: Role
    quote: Quote


class Period(_Value, frozen=True, kw_only=True):
    """A length of time as written."""

    count: int
    unit: Literal["days", "business-days", "months"]


class WindDownReading(_Value, frozen=True, kw_only=True):
    """One way to understand who has the time to wind down; no parties means all in scope."""

    id: Literal["all", "named"]
    parties: tuple[str, ...]
    note: str


class WindDownDraft(_Value, frozen=True, kw_only=True):
    """How the prohibition winds down. `until` is an ISO date, None where it cannot be counted.

    `readings` holds more than one entry where the words bear more than one; the
    first is the plainer one.
    """

    until: str | None
    period: Period | None
    readings: tuple[WindDownReading, ...]
    quote: Quote


class RebindingDraft(_Value, frozen=True, kw_only=True):
    """A service moves to other models; `service` is an id, or the name as written."""

    service: str
    slots: tuple[str, ...]
    models: tuple[str, ...]
    provisional: bool = False


class Draft(_Value, frozen=True, kw_only=True):
    """A draft of an instrument.

    `issuer` is None where neither the text nor the directory tells; `actor` is
    the party or issuer whose act it is. `from` and `until` are ISO dates in the
    issuer's zone. `implements` names drafts of the same document. `fields` gives
    the words that a field was read from, `also` where else the document tells it.
    `suggested_by` names the model's route where a model proposed it and no rule.
    """

    id: str
    kind: Kind
    action: Action
    nature: Nature
    issuer: str | None
    actor: str | None
    targets: Target
    scope: Scope
    since: str | None = msgspec.field(default=None, name="from")
    until: str | None = None
    wind_down: WindDownDraft | None = None
    rebindings: tuple[RebindingDraft, ...] = ()
    implements: tuple[str, ...] = ()
    confirmed: Standing = "unverified"
    attribution: tuple[Attribution, ...] = ()
    quote: Quote
    also: tuple[Quote, ...] = ()
    fields: dict[str, Quote] = {}
    notes: tuple[str, ...] = ()
    suggested_by: str | None = None


class Claim(_Value, frozen=True, kw_only=True):
    """Something said, with who said it and who relayed it (ids, or the words for them)."""

    id: str
    text: str
    about: tuple[str, ...]
    said_by: str | None
    relayed_by: str | None
    status: Standing
    attribution: tuple[Attribution, ...]
    quote: Quote


class UnknownName(_Value, frozen=True, kw_only=True):
    """A name that the directory does not have, with what it seems to be."""

    name: str
    seems: Literal["relay", "actor", "target", "name"]
    quotes: tuple[Quote, ...]


class Findings(_Value, frozen=True, kw_only=True):
    """All that was found in one document. `dated` is its own date, where it gives one.

    `marked` are sentences that may bear an act and that no draft was made of.
    """

    document: str
    sha256: str
    language: Language
    dated: str | None
    drafts: tuple[Draft, ...] = ()
    claims: tuple[Claim, ...] = ()
    unknown: tuple[UnknownName, ...] = ()
    marked: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
