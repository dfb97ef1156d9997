"""The desk's board of orders, and what waits for an officer."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.intake.office import IntakeOffice
from changeover.intake.reviewing import ReviewOffice
from changeover.messages.office import ToldMessage
from changeover.orders.awaiting import awaiting
from changeover.orders.board import BoardRow, board
from changeover.orders.drafts import DraftOffice
from changeover.orders.edits import ToldSet
from changeover.orders.names import named_order
from changeover.orders.proposals import ProposalOffice
from changeover.orders.ruleset import Ruleset
from changeover.orders.usecases import Office
from changeover.records.office import ProposedHold
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.inbox_items import (
    URGENCY,
    InboxItem,
    ItemKind,
    awaited,
    deadlines,
    record_age,
    when_of,
)
from changeover.web.prepared import OFFICERS
from changeover.web.terms import ToldChange


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
            *awaited(ruleset, awaiting(ruleset, now)),
            *deadlines(ruleset, now),
            *self._drafts(),
            *self._terms(now),
            *self._edits(caller.account.id),
            *self._messages(),
            *self._holds(ruleset),
            *record_age(ruleset, now),
        ]
        ordered = sorted(items, key=lambda item: (URGENCY.index(item.kind), when_of(item)))
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
