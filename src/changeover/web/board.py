"""The desk's board of orders, and what waits for an officer."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.instants import from_microseconds
from changeover.basics.text import Bilingual
from changeover.intake.office import IntakeOffice
from changeover.intake.reviewing import ReviewOffice
from changeover.messages.office import ToldMessage
from changeover.orders.ahead import Concerned, ahead
from changeover.orders.awaiting import Awaiting, awaiting
from changeover.orders.beginning import DraftAct
from changeover.orders.board import BoardRow, board
from changeover.orders.drafts import DraftOffice
from changeover.orders.edits import ToldSet
from changeover.orders.names import NamedOrder, issuer_name, named_order
from changeover.orders.proposals import ProposalOffice
from changeover.orders.ruleset import Ruleset
from changeover.orders.usecases import Office
from changeover.records.office import ProposedHold
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.prepared import OFFICERS
from changeover.web.terms import ToldChange

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
_URGENCY: tuple[ItemKind, ...] = (
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


class BoardParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with.

    `alerts` are the changes of terms, `edits` the sets of edits of the directory,
    `messages` those to owners, `holds` the legal holds that orders propose.
    """

    office: Office
    proposals: ProposalOffice
    drafts: DraftOffice
    intake: IntakeOffice
    reviews: ReviewOffice
    alerts: Callable[[datetime], Iterable[ToldChange]]
    edits: Callable[[], Iterable[ToldSet]]
    messages: Callable[[], Iterable[ToldMessage]]
    holds: Callable[[], Iterable[ProposedHold]]
    clock: Clock
    demonstration: bool


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


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """What waits, the most urgent first; `waiting` counts what needs a decision now."""

    demonstration: bool
    now: datetime
    zone: str
    waiting: int
    items: tuple[InboxItem, ...]


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The orders over time, as they stand `at` and as known at `known_at`, if that was asked."""

    demonstration: bool
    now: datetime
    at: datetime
    known_at: datetime | None
    zone: str
    rows: tuple[BoardRow, ...]
    issuers: dict[str, Bilingual]
    parties: dict[str, Bilingual]
    vendors: dict[str, Bilingual]


def operations(parts: BoardParts) -> list[Operation | Stream]:
    """`/desk/board` and `/desk/inbox`."""
    desk = _Desk(parts)
    when = {"at": str, "known_at": str}
    return [
        Operation(
            "GET", "/desk/inbox", None, Inbox, OFFICERS, desk.inbox, "What waits for officers."
        ),
        Operation(
            "GET", "/desk/board", None, Board, OFFICERS, desk.board, "Orders over time.", when
        ),
    ]


class _Desk:
    def __init__(self, parts: BoardParts) -> None:
        self._parts = parts

    def board(self, _: Caller, __: None, params: Params) -> Board:
        office, now = self._parts.office, self._parts.clock.now()
        local = zone(office.rules.current.directory.zone)
        asked = {
            name: read_instant(params[name], local) for name in ("at", "known_at") if name in params
        }
        ruleset = office.ruleset(known_at=asked.get("known_at"))
        at = asked.get("at", now)
        directory = ruleset.directory
        return Board(
            demonstration=self._parts.demonstration,
            now=now,
            at=at,
            known_at=asked.get("known_at"),
            zone=directory.zone,
            rows=board(ruleset, at),
            issuers={i.id: i.name for i in directory.issuers.values()},
            parties={p.id: p.name for p in directory.parties.values()},
            vendors={v.id: v.name for v in directory.vendors.values()},
        )

    def inbox(self, caller: Caller, _: None, __: Params) -> Inbox:
        office, now = self._parts.office, self._parts.clock.now()
        ruleset = office.rules.current
        items = [
            *self._entries(caller.account.id),
            *_awaited(ruleset, awaiting(ruleset, now)),
            *_deadlines(ruleset, now),
            *self._drafts(),
            *self._terms(now),
            *self._edits(caller.account.id),
            *self._messages(),
            *self._holds(ruleset),
            *_record_age(ruleset, now),
        ]
        ordered = sorted(items, key=lambda item: (_URGENCY.index(item.kind), _when(item)))
        quiet = {"draft", "directory-draft", "own-entry", "prepared", "deadline", "hold"}
        return Inbox(
            demonstration=self._parts.demonstration,
            now=now,
            zone=ruleset.directory.zone,
            waiting=sum(item.kind not in quiet for item in ordered),
            items=tuple(ordered),
        )

    def _entries(self, account: str) -> Iterator[InboxItem]:
        owners = self._parts.proposals.entered_by()
        directory = self._parts.office.rules.current.directory
        for prepared in self._parts.proposals.all():
            kind: ItemKind = "prepared"
            if prepared.state == "entered":
                kind = "own-entry" if owners.get(prepared.id) == account else "entry"
            yield InboxItem(
                kind=kind,
                key=prepared.id,
                order=named_order(directory, prepared.instrument),
                by=prepared.entered_by,
                since=prepared.entered,
                until=prepared.takes_effect,
            )

    def _drafts(self) -> Iterator[InboxItem]:
        for draft in self._parts.drafts.all():
            if draft.state == "open":
                yield InboxItem(
                    kind="draft",
                    key=draft.id,
                    draft=draft.id,
                    act=draft.act,
                    by=draft.changed_by,
                    since=draft.changed,
                    words=draft.instrument or "",
                )
        reviewed = self._parts.reviews.all()
        for kept in self._parts.intake.drafts():
            if kept.issued_as is None and kept.draft.id not in reviewed:
                yield InboxItem(
                    kind="document",
                    key=kept.draft.id,
                    document=kept.draft.quote.document,
                    since=kept.created,
                    words=kept.draft.quote.text,
                )

    def _terms(self, now: datetime) -> Iterator[InboxItem]:
        for told in self._parts.alerts(now):
            if told.seen_by is None and any(change.worse for change in told.change.changes):
                yield InboxItem(
                    kind="terms",
                    key=f"terms-{told.change.at.isoformat()}",
                    until=told.change.at,
                    words=", ".join(told.change.by),
                )

    def _edits(self, account: str) -> Iterator[InboxItem]:
        """Sets of edits of the directory: those to confirm, and those that are written."""
        for told in self._parts.edits():
            entry = told.edits.entry
            mine = entry is not None and entry.account == account
            if told.state in {"open", "entered"}:
                yield InboxItem(
                    kind="directory" if told.state == "entered" and not mine else "directory-draft",
                    key=told.id,
                    by=told.changed_by if entry is None else entry.by,
                    since=told.changed,
                    words=", ".join(edit.id for edit in told.edits.edits),
                )

    def _messages(self) -> Iterator[InboxItem]:
        """Messages that could not be delivered to everybody."""
        for told in self._parts.messages():
            failed = [one.to for one in told.deliveries if one.state == "failed"]
            if failed:
                yield InboxItem(
                    kind="undelivered",
                    key=told.id,
                    by=told.changed_by,
                    since=told.changed,
                    words=", ".join(failed),
                )

    def _holds(self, ruleset: Ruleset) -> Iterator[InboxItem]:
        """Orders for which nobody has said whether what people said is to be kept."""
        for proposed in self._parts.holds():
            instrument = proposed.issued.instrument
            yield InboxItem(
                kind="hold",
                key=instrument.id,
                order=named_order(ruleset.directory, instrument),
                since=proposed.issued.recorded,
                words=", ".join(proposed.parties),
            )


def _record_age(ruleset: Ruleset, now: datetime) -> Iterator[InboxItem]:
    """Networks for which the imported record is too old, or will be within days."""
    for network, (since, _) in ruleset.stale.items():
        until = from_microseconds(since)
        if until - now <= timedelta(days=_SOON):
            name = ruleset.directory.networks[network].name.en
            yield InboxItem(kind="record-age", key=network, until=until, words=name)


def _when(item: InboxItem) -> float:
    """What lapses or comes first stands first; then what has waited longest."""
    instant = item.until or item.since
    return 0 if instant is None else instant.timestamp()


def _awaited(ruleset: Ruleset, found: Awaiting) -> Iterator[InboxItem]:
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


def _deadlines(ruleset: Ruleset, now: datetime) -> Iterator[InboxItem]:
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
