"""Reading one instrument from YAML, and noting what is wrong where."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from changeover.directory.forms import bilingual
from changeover.orders import contradictions
from changeover.orders.act_source import ActReader, PlacedAct
from changeover.orders.clause_source import NEVER, ClauseReader, Notes
from changeover.orders.forms import InstrumentForm
from changeover.orders.model import Instrument, Issued, Rebinding, Source
from changeover.orders.references import Reference, in_rebinding, wrong_id

_OF_A_RECORD = ("recorded", "entered_by")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class InstrumentReader:
    """Reads one instrument; `acts` are what it does to others, and where that stands.

    `issuing` is when it is to be issued, where that is told: then its file need not say when it
    was recorded, nor who entered it.
    """

    def __init__(self, notes: Notes, issuing: datetime | None = None) -> None:
        self.notes = notes
        self.issuing = issuing
        self.acts: tuple[PlacedAct, ...] = ()

    def read(self, value: Any) -> Issued | None:
        """The instrument as far as it can be read, what is wrong being noted."""
        if self.issuing is None and isinstance(value, dict):
            for field in _OF_A_RECORD:
                if field not in value:
                    self.notes.wrong((), f"The field {field!r} is missing.")
        form = self.notes.shape((), value, InstrumentForm)
        return None if form is None else self.issued(form)

    def issued(self, form: InstrumentForm) -> Issued:
        self.notes.check((), [Reference(("issuer",), "issuer", form.issuer)])
        if (wrong := wrong_id(form.id)) is not None:
            self.notes.wrong(("id",), *wrong)
        dated = Instrument(
            id=form.id,
            kind=form.kind,
            issuer=form.issuer,
            title=bilingual(form.title),
            announced=self.notes.instant(("announced",), form.announced),
            signed=self.notes.instant(("signed",), form.signed),
            published=self.notes.instant(("published",), form.published),
            effective=self.notes.instant(("effective",), form.effective),
            served=self.served(form.served),
            provisional_until=self.notes.instant(("provisional_until",), form.provisional_until),
            rebindings=self.rebindings(form.rebindings),
            sources=self.sources(form),
            known_on=self.known_on(form.known_on),
        )
        self.acts = ActReader(self.notes, form, dated).acts()
        reader = ClauseReader(self.notes, dated, dated.takes_effect())
        clauses = [reader.clause(("clauses", id_), id_, one) for id_, one in form.clauses.items()]
        instrument: Instrument = msgspec.structs.replace(
            dated,
            clauses=tuple(clause for clause in clauses if clause is not None),
            acts=tuple(placed.act for placed in self.acts),
        )
        if form.provisional_until is None or instrument.provisional_until is not None:
            for found in contradictions.in_freeze(self.notes.directory, instrument):
                self.notes.wrong(found.path, found.what, found.do)
        for found in contradictions.in_secrecy(self.notes.directory, instrument):
            self.notes.wrong(found.path, found.what, found.do)
        return Issued(
            instrument=instrument,
            recorded=self.notes.instant(("recorded",), form.recorded) or self.issuing or NEVER,
            entered_by=form.entered_by or "",
            confirmed_by=form.confirmed_by,
        )

    def known_on(self, network: str | None) -> str | None:
        if network is not None:
            self.notes.check((), [Reference(("known_on",), "network", network)])
        return network

    def served(self, form: Mapping[str, str]) -> dict[str, datetime]:
        served = {}
        for addressee, text in form.items():
            path = ("served", addressee)
            self.notes.check((), [Reference(path, "addressee", addressee)])
            served[addressee] = self.notes.instant(path, text) or NEVER
        return served

    def rebindings(self, rebindings: tuple[Rebinding, ...]) -> tuple[Rebinding, ...]:
        for index, change in enumerate(rebindings):
            path = ("rebindings", index)
            self.notes.check(path, in_rebinding(change))
            for field, names in (("slots", change.slots), ("models", change.models)):
                if not names:
                    self.notes.wrong((*path, field), f"The rebinding names no {field}.")
        return rebindings

    def sources(self, form: InstrumentForm) -> tuple[Source, ...]:
        sources = []
        for index, one in enumerate(form.sources):
            path = ("sources", index)
            if not _SHA256.fullmatch(one.sha256):
                what = "This is not a SHA-256 digest."
                self.notes.wrong((*path, "sha256"), what, "Write its 64 hexadecimal digits.")
            sources.append(
                Source(
                    address=one.address,
                    captured=self.notes.instant((*path, "captured"), one.captured) or NEVER,
                    sha256=one.sha256,
                    account=one.account,
                )
            )
        return tuple(sources)

    def twice(self, id_: str, first: "InstrumentReader") -> None:
        place = first.notes.source.problem((*first.notes.path, "id"), "")
        what = f"The instrument {id_} stands in {place.file}:{place.line} already."
        self.notes.wrong(("id",), what, "Keep one of them.")

    def in_circle(self, circle: tuple[str, ...]) -> None:
        """Notes that the instrument, the first of a circle, acts on the next of it."""
        paths = (
            (*placed.named, index)
            for placed in self.acts
            for index, name in enumerate(placed.act.instruments)
            if name == circle[1]
        )
        what = f"These act on one another in a circle: {' → '.join(circle)}."
        do = "An instrument acts only on those before it. Leave one of these acts out."
        self.notes.wrong(next(paths), what, do)
