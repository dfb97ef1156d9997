"""What waits for an officer: the kinds of things, and those that follow from the rules alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from changeover.basics.instants import from_microseconds
from changeover.basics.text import Bilingual
from changeover.orders.ahead import Concerned, ahead
from changeover.orders.awaiting import Awaiting
from changeover.orders.beginning import DraftAct
from changeover.orders.names import NamedOrder, issuer_name, named_order
from changeover.orders.ruleset import Ruleset

_DAYS = 60
"""How far ahead deadlines are told."""
_SOON = 7
"""How many days ahead a record that becomes too old is told."""

ItemKind = Literal[
    "entry",
    "freeze",
    "waiver",
    "finding",
    "use",
    "held",
    "deadline",
    "terms",
    "document",
    "signature",
    "draft",
    "own-entry",
    "prepared",
    "directory",
    "directory-draft",
    "undelivered",
    "hold",
    "record-age",
]
URGENCY: tuple[ItemKind, ...] = (
    "record-age",
    "entry",
    "freeze",
    "directory",
    "waiver",
    "finding",
    "use",
    "held",
    "terms",
    "undelivered",
    "document",
    "signature",
    "deadline",
    "hold",
    "draft",
    "directory-draft",
    "own-entry",
    "prepared",
)


class InboxItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for an officer.

    `order` is what it is about, `act` what would settle it, if a draft of that is
    begun, and `may` the offices that may. `draft` and `document` are ids, `until` is
    when it lapses or comes. `date` says what a deadline is of.
    """

    kind: ItemKind
    key: str
    order: NamedOrder | None = None
    service: str | None = None
    service_name: Bilingual | None = None
    route: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    may: tuple[Bilingual, ...] = ()
    act: DraftAct | None = None
    draft: str | None = None
    document: str | None = None
    words: str = ""
    date: str | None = None


def record_age(ruleset: Ruleset, now: datetime) -> Iterator[InboxItem]:
    """Networks for which the imported record is too old, or will be within days."""
    for network, (since, _) in ruleset.stale.items():
        until = from_microseconds(since)
        if until - now <= timedelta(days=_SOON):
            name = ruleset.directory.networks[network].name.en
            yield InboxItem(kind="record-age", key=network, until=until, words=name)


def when_of(item: InboxItem) -> float:
    """What lapses or comes first stands first; then what has waited longest."""
    instant = item.until or item.since
    return 0 if instant is None else instant.timestamp()


def awaited(ruleset: Ruleset, found: Awaiting) -> Iterator[InboxItem]:
    """What the rules do not answer by themselves."""
    reader = _Reader(ruleset)
    for use in found.uses:
        yield InboxItem(
            kind="use",
            key=f"{use.service}/{use.slot}/{use.route}/{use.order}",
            order=reader.order(use.order),
            service=use.service,
            service_name=reader.service(use.service),
            route=use.route,
            may=reader.issuers(use.judges),
            act="judge",
        )
    for finding in found.findings:
        question = finding.question
        yield InboxItem(
            kind="finding",
            key=f"{question.instrument}/{question.implements}",
            order=reader.order(question.instrument),
            since=question.since,
            may=reader.issuers(finding.judges),
            act="find",
            words=question.implements,
        )
    for freeze in found.confirmations:
        yield InboxItem(
            kind="freeze",
            key=freeze.freeze,
            order=reader.order(freeze.freeze),
            until=freeze.until,
            may=reader.issuers(freeze.judges),
            act="confirm",
        )
    for waiver in found.waivers:
        yield InboxItem(
            kind="waiver",
            key=waiver.request,
            order=reader.order(waiver.orders[0]),
            until=waiver.until,
            may=reader.issuers(waiver.grants),
            act="waive",
            words=", ".join((*waiver.services, *waiver.parties)),
        )
    for signature in found.signatures:
        yield InboxItem(
            kind="signature",
            key=f"{signature.order}/{signature.clause}",
            order=reader.order(signature.order),
            by=signature.chosen_by,
            act="sign",
            words=signature.chosen,
        )
    for release in found.releases:
        yield InboxItem(
            kind="held",
            key=f"{release.service}/{release.route}",
            service=release.service,
            service_name=reader.service(release.service),
            route=release.route,
        )


def deadlines(ruleset: Ruleset, now: datetime) -> Iterator[InboxItem]:
    reader = _Reader(ruleset)
    for date in ahead(ruleset, now, Concerned()):
        if date.at - now <= timedelta(days=_DAYS):
            yield InboxItem(
                kind="deadline",
                key=date.uid,
                order=reader.order(date.instrument),
                until=date.at,
                date=date.kind,
            )


class _Reader:
    """Names of what items are about."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset

    def order(self, name: str) -> NamedOrder:
        ruleset = self._ruleset
        return named_order(ruleset.directory, ruleset.issued[name].instrument)

    def issuers(self, names: Iterable[str]) -> tuple[Bilingual, ...]:
        return tuple(issuer_name(self._ruleset.directory, name) for name in names)

    def service(self, name: str) -> Bilingual:
        return self._ruleset.directory.services[name].name
