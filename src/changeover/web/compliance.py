"""Compliance at the desk: boards, attestations, the register of stated uses, exits, exports."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.evidence.compliance import RECENT, Barred, Calls, Compliance, Observed, compliance
from changeover.orders.model import Instrument
from changeover.web import attesting, register
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.compliance_exports import (
    OF_EVERYTHING,
    Exported,
    Wanted,
    export_all,
    export_order,
    form_and_language,
    told_export,
)
from changeover.web.compliance_parts import ComplianceParts
from changeover.web.prepared import OFFICERS

_WEEKS = timedelta(weeks=26)


class BarringOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that prohibits, to choose from."""

    id: str
    title: Bilingual


class CompliancePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on one order; `board` is None where no order prohibits anything yet."""

    demonstration: bool
    now: datetime
    zone: str
    orders: tuple[BarringOrder, ...]
    board: Compliance | None
    attestations: tuple[attesting.KeptAttestation, ...]
    uses: tuple[register.KeptUse, ...]
    exits: tuple[attesting.KeptExit, ...]
    parties: dict[str, Bilingual]
    vendors: dict[str, Bilingual]


def operations(parts: ComplianceParts) -> list[Operation | Stream]:
    """`/desk/compliance`."""
    desk = _Desk(parts)
    base = "/desk/compliance"
    query = {"order": str}
    out = {"kind": str, "order": str, "discovered": str, "form": str, "language": str}
    return [
        Operation(
            "GET", base, None, CompliancePage, OFFICERS, desk.page, "Who keeps an order.", query
        ),
        Operation("GET", base + "/export", None, Exported, OFFICERS, desk.export, "A report.", out),
        *register.operations(parts),
        *attesting.operations(parts),
    ]


class _Desk:
    def __init__(self, parts: ComplianceParts) -> None:
        self._parts = parts

    # The page

    def page(self, _: Caller, __: None, params: Params) -> CompliancePage:
        parts, now = self._parts, self._parts.clock.now()
        ruleset = parts.office.rules.current
        directory = ruleset.directory
        orders = list(self._barring())
        chosen = params.get("order") or next((order.id for order in orders), None)
        board = None if chosen is None else self._board(parts.office.instrument(chosen).instrument)
        makers = () if board is None else board.makers
        return CompliancePage(
            demonstration=parts.demonstration,
            now=now,
            zone=directory.zone,
            orders=tuple(BarringOrder(id=o.id, title=o.title) for o in orders),
            board=board,
            attestations=tuple(attesting.Attesting(parts).of(chosen)),
            uses=tuple(register.kept_uses(parts)),
            exits=tuple(attesting.Attesting(parts).exit(vendor) for vendor in makers),
            parties={p.id: p.name for p in directory.parties.values()},
            vendors={v.id: v.name for v in directory.vendors.values()},
        )

    def _barring(self) -> Iterable[Instrument]:
        """Orders that prohibit, those that took effect last first."""
        ruleset = self._parts.office.rules.current
        found = [
            entry.instrument
            for entry in ruleset.issued.values()
            if entry.instrument.takes_effect() is not None
            and any(
                s.modality == "prohibit" and s.layer == "orders"
                for s in ruleset.standings_of(entry.instrument.id)
            )
        ]
        return sorted(found, key=lambda i: (i.takes_effect() or i.published, i.id), reverse=True)

    def _board(self, instrument: Instrument) -> Compliance:
        parts, now = self._parts, self._parts.clock.now()
        barred = Barred(parts.office.rules.current, instrument)
        began = barred.began or now
        after = {(v.service, v.route): v for v in parts.volumes(began)}
        before = [
            _Less(both, after.get((both.service, both.route)))
            for both in parts.volumes(began - RECENT)
        ]
        observed = Observed(
            since_began=list(after.values()),
            recent=list(parts.volumes(now - RECENT)),
            before=before,
            weekly=list(parts.weekly(barred.makers, now - _WEEKS)),
        )
        stated = [kept.value for kept in parts.uses.all() if kept.value is not None]
        return compliance(barred, now, observed, stated)

    # Exports

    def export(self, caller: Caller, _: None, params: Params) -> Exported:
        """The file, of which the ledger is told before it leaves."""
        exported, wanted = self._exported(params)
        with self._parts.works.begin() as work:
            work.tell("export", wanted.now, told_export(wanted.kind, wanted.form, exported, caller))
        return exported

    def _exported(self, params: Params) -> tuple[Exported, Wanted]:
        ruleset, now = self._parts.office.rules.current, self._parts.clock.now()
        found = params.get("discovered")
        local = zone(ruleset.directory.zone)
        form, language = form_and_language(params.get("form", "csv"), params.get("language", "en"))
        wanted = Wanted(
            kind=params.get("kind", "status"),
            form=form,
            language=language,
            now=now,
            discovered=now if not found else read_instant(found, local),
        )
        uses = [kept.use for kept in register.kept_uses(self._parts)]
        if wanted.kind in OF_EVERYTHING:
            return export_all(wanted, ruleset, uses), wanted
        order = params.get("order")
        if order is None:
            raise InvalidInputError("Say of which order.", do="Give order=ID.")
        board = self._board(self._parts.office.instrument(order).instrument)
        return export_order(wanted, ruleset.directory, board, uses), wanted


class _Less:
    """The calls before an instant: those since an earlier one, less those since it."""

    def __init__(self, both: Calls, after: Calls | None) -> None:
        self.service = both.service
        self.route = both.route
        self.calls = both.calls - (0 if after is None else after.calls)
        self.refused = both.refused - (0 if after is None else after.refused)
        self.last = both.last if after is None else None
        self.last_refused = both.last_refused if after is None else None
