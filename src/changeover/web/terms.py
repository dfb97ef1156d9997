"""Vendors' terms at the desk: their versions, how services fit them, ODRL in and out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.intake.odrl.reading import read_odrl
from changeover.intake.odrl.translating import LeftOut, to_form
from changeover.intake.odrl.writing import write_odrl
from changeover.orders.beginning import DraftAct
from changeover.orders.drafts import DraftBody, DraftOffice, OfficersDraft
from changeover.orders.fit import Fit, TermsChange, changes, fits
from changeover.orders.model import Instrument, Supersede
from changeover.orders.papers import Folder
from changeover.orders.usecases import Office
from changeover.orders.vendor_terms import vendor_of
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.drafts import writer_of
from changeover.web.orders import InstrumentLine, instrument_line
from changeover.web.prepared import OFFICERS

_LOOKED_BACK = timedelta(days=90)


class TermsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """That an officer has looked at what terms changed at an instant."""

    at: datetime


class TermsParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `seen` are the changes that officers have looked at."""

    office: Office
    drafts: DraftOffice
    seen: Folder[TermsSeen]
    clock: Clock
    demonstration: bool


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class ImportOdrl(_Body, frozen=True, kw_only=True):
    """An ODRL file (bytes, base64 in JSON), and the vendor's office where it names none."""

    name: str
    content: bytes
    issuer: str | None = None
    id: str | None = None


class SeeTerms(_Body, frozen=True, kw_only=True):
    """The instant of the change that was looked at."""

    at: datetime


class TermsText(msgspec.Struct, frozen=True, kw_only=True):
    """Terms or an agreement on record; `replaces` are the versions before it."""

    line: InstrumentLine
    vendor: str
    vendor_name: Bilingual
    replaces: tuple[str, ...]


class ToldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of terms, with who has looked at it; an alert while nobody has."""

    change: TermsChange
    ahead: bool
    seen_by: str | None


class TermsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The terms on record, how every service fits those of its models, and what changed."""

    demonstration: bool
    now: datetime
    at: datetime
    zone: str
    texts: tuple[TermsText, ...]
    fits: tuple[Fit, ...]
    changes: tuple[ToldChange, ...]


class OdrlPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Terms as ODRL 2.2 in JSON-LD, and what of them that does not say."""

    policy: dict[str, Any]
    untold: tuple[str, ...]


class OdrlImported(msgspec.Struct, frozen=True, kw_only=True):
    """The draft that an ODRL policy became, and what of it is left to a person."""

    draft: OfficersDraft
    left_out: tuple[LeftOut, ...]


def operations(parts: TermsParts) -> list[Operation | Stream]:
    """`/desk/terms`."""
    desk = TermsDesk(parts)
    return [
        Operation(
            "GET",
            "/desk/terms",
            None,
            TermsPage,
            OFFICERS,
            desk.page,
            "Vendors' terms, and how services fit them.",
            {"at": str, "service": str, "all_routes": bool},
        ),
        Operation(
            "GET",
            "/desk/terms/{id}/odrl",
            None,
            OdrlPolicy,
            OFFICERS,
            desk.export,
            "Terms as ODRL 2.2.",
        ),
        Operation(
            "POST",
            "/desk/terms/odrl",
            ImportOdrl,
            OdrlImported,
            OFFICERS,
            desk.take_in,
            "Begin a draft of terms from an ODRL policy.",
        ),
        Operation(
            "POST",
            "/desk/terms/seen",
            SeeTerms,
            TermsSeen,
            OFFICERS,
            desk.see,
            "Say that a change of terms was looked at.",
        ),
    ]


class TermsDesk:
    """What officers ask of terms; each method but `alerts` answers one operation."""

    def __init__(self, parts: TermsParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, params: Params) -> TermsPage:
        ruleset, now = self._parts.office.rules.current, self._parts.clock.now()
        name = params.get("at")
        at = now if name is None else read_instant(name, zone(ruleset.directory.zone))
        service = params.get("service")
        if service is not None and service not in ruleset.directory.services:
            raise NotFoundError(f"There is no service {service!r} in the directory.")
        found = fits(
            ruleset,
            at,
            services=None if service is None else [service],
            all_routes=params.get("all_routes", False),
        )
        return TermsPage(
            demonstration=self._parts.demonstration,
            now=now,
            at=at,
            zone=ruleset.directory.zone,
            texts=tuple(self._texts(now)),
            fits=tuple(found),
            changes=tuple(self.alerts(now)),
        )

    def alerts(self, now: datetime) -> Iterator[ToldChange]:
        """What terms changed in the last while, and will, the latest first."""
        seen = {kept.id: kept.by for kept in self._parts.seen.all()}
        told = changes(self._parts.office.rules.current, now - _LOOKED_BACK)
        for change in reversed(told):
            yield ToldChange(
                change=change, ahead=change.at > now, seen_by=seen.get(_key(change.at))
            )

    def export(self, _: Caller, __: None, params: Params) -> OdrlPolicy:
        instrument = self._parts.office.instrument(params["id"]).instrument
        if vendor_of(self._parts.office.rules.current.directory, instrument) is None:
            raise InvalidInputError(
                f"{instrument.id} states no vendor's terms.",
                do="Name terms, or an agreement of a vendor's office.",
            )
        written = write_odrl(instrument)
        return OdrlPolicy(policy=written.policy, untold=written.untold)

    def take_in(self, caller: Caller, body: ImportOdrl, _: Params) -> OdrlImported:
        policies = read_odrl(body.name, body.content)
        if len(policies) > 1:
            names = ", ".join(policy.iri for policy in policies)
            raise InvalidInputError(
                f"{body.name} holds {len(policies)} policies: {names}.",
                means="Nothing was begun. One is taken in at a time.",
                do="Put the policy into a file of its own.",
            )
        directory = self._parts.office.rules.current.directory
        by = writer_of(caller)
        day = self._parts.clock.now().astimezone(zone(directory.zone))
        instrument = body.id or f"terms-{day:%Y-%m-%d-%H%M%S}"
        made = to_form(
            policies[0], directory, issuer=body.issuer, instrument=instrument, chosen_by=by.name
        )
        act: DraftAct = "agreement" if made.form["kind"] == "agreement" else "terms"
        draft = self._parts.drafts.begin_with(DraftBody(act=act, form=made.form), by)
        return OdrlImported(draft=draft, left_out=made.left_out)

    def see(self, caller: Caller, body: SeeTerms, _: Params) -> TermsSeen:
        at = body.at
        seen = TermsSeen(at=at)
        self._parts.seen.begin(seen, writer_of(caller), paper=_key(at))
        return seen

    def _texts(self, now: datetime) -> Iterator[TermsText]:
        ruleset = self._parts.office.rules.current
        for issued in reversed(list(ruleset.issued.values())):
            vendor = vendor_of(ruleset.directory, issued.instrument)
            if vendor is not None:
                yield TermsText(
                    line=instrument_line(ruleset, issued, now),
                    vendor=vendor,
                    vendor_name=ruleset.directory.vendors[vendor].name,
                    replaces=_replaced(issued.instrument),
                )


def _replaced(instrument: Instrument) -> tuple[str, ...]:
    acts = (act for act in instrument.acts if isinstance(act, Supersede))
    return tuple(name for act in acts for name in act.instruments)


def _key(at: datetime) -> str:
    return f"terms-{int(at.timestamp() * 1_000_000)}"
