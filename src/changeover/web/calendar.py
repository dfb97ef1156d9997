"""Dates of orders as iCalendar (RFC 5545): one event for each, at its instant.

An event has no duration: it is when something changes. Its UID is the same
whenever it is asked for (section 3.8.4.7), so that a calendar that reads the file
again moves the event and does not add another; DTSTAMP is when what bears on the
date was last recorded (section 3.8.7.2, without METHOD: when it was last revised).
"""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Calendar, Event

from changeover import __version__
from changeover.basics.text import Bilingual, Language
from changeover.orders.ahead import Date
from changeover.orders.model import Clause, Instrument
from changeover.orders.names import issuer_name
from changeover.orders.ruleset import Ruleset
from changeover.orders.wording import colon, in_words, quoted, together

_WHAT = {
    "effective": Bilingual(en="Takes effect", fr="Prend effet"),
    "deadline": Bilingual(en="Deadline", fr="Échéance"),
    "end": Bilingual(en="Ends", fr="Prend fin"),
    "stay-end": Bilingual(en="Stay expires", fr="La suspension expire"),
    "waiver-end": Bilingual(en="Waiver expires", fr="La dérogation expire"),
    "freeze-end": Bilingual(
        en="Freeze ends unless confirmed", fr="Le gel prend fin sauf confirmation"
    ),
}
_NAME = Bilingual(en="Orders", fr="Ordres")
_WHO = Bilingual(en="Issued by {issuer} ({order}).", fr="Émis par : {issuer} ({order}).")
_KEEPS_OFF = Bilingual(
    en="It keeps off {title} ({order}), which binds again from then on.",
    fr="Il suspend l'effet de {title} ({order}), qui lie de nouveau à partir de là.",
)
_KEPT_OFF = Bilingual(
    en="As the record stands, it is then kept off by {by}.",
    fr="En l'état du registre, son effet est alors suspendu par {by}.",
)
_REACHES = Bilingual(en="It concerns {parties}.", fr="Entités visées : {parties}.")
_USE = Bilingual(en="Of {targets}.", fr="Visé : {targets}.")


def calendar_of(ruleset: Ruleset, dates: Iterable[Date], language: Language) -> bytes:
    """The dates as a calendar; one without events is a calendar too."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Changeover//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _NAME.in_language(language))
    for date in dates:
        calendar.add_component(_event(ruleset, date, language))
    content: bytes = calendar.to_ical()
    return content


def _event(ruleset: Ruleset, date: Date, language: Language) -> Event:
    instrument = ruleset.issued[date.instrument].instrument
    title = instrument.title.in_language(language)
    what = _WHAT[date.kind].in_language(language)
    event = Event()
    event.add("uid", date.uid)
    event.add("dtstamp", date.recorded)
    event.add("dtstart", date.at)
    event.add("summary", f"{what}{colon(language)}{title}")
    event.add("description", "\n".join(_Teller(ruleset, language).lines(date, instrument)))
    event.add("categories", [date.kind])
    event.add("transp", "TRANSPARENT")
    return event


class _Teller(msgspec.Struct, frozen=True):
    """Says what an event is of, in one language."""

    ruleset: Ruleset
    language: Language

    def lines(self, date: Date, instrument: Instrument) -> Iterable[str]:
        """When, by whom, what it says and whom it concerns."""
        directory = self.ruleset.directory
        when = in_words(date.at, ZoneInfo(directory.zone), self.language)
        yield f"{when} ({directory.zone})."
        issuer = issuer_name(directory, instrument.issuer).in_language(self.language)
        yield self._say(_WHO, issuer=issuer, order=instrument.id)
        if date.kept_off_by:
            yield self._say(_KEPT_OFF, by=together(date.kept_off_by, self.language))
        if date.kind in {"stay-end", "waiver-end"}:
            kept_off = self.ruleset.issued[date.clause].instrument
            title = quoted(kept_off.title.in_language(self.language), self.language)
            yield self._say(_KEEPS_OFF, title=title, order=kept_off.id)
        for clause in instrument.clauses:
            if clause.id == date.clause:
                yield quoted(clause.words, self.language)
                yield from self._reached(clause)

    def _say(self, words: Bilingual, **values: str) -> str:
        return words.in_language(self.language).format(**values)

    def _reached(self, clause: Clause) -> Iterable[str]:
        reading, directory = clause.reading(), self.ruleset.directory
        parties = {party.id: party.name for party in directory.parties.values()}
        vendors = {vendor.id: vendor.name for vendor in directory.vendors.values()}
        reached = self._named(parties, (*reading.scope.parties, *reading.scope.regulated))
        if reached:
            yield self._say(_REACHES, parties=reached)
        aimed_at = (
            name
            for target in reading.targets
            for name in (
                *target.makers,
                *target.hosts,
                *target.resellers,
                *target.models,
                *target.routes,
            )
        )
        targets = self._named(vendors, aimed_at)
        if targets:
            yield self._say(_USE, targets=targets)

    def _named(self, names: Mapping[str, Bilingual], ids: Iterable[str]) -> str:
        """What these ids stand for, each once; an id that has no name goes by itself."""
        told = (
            names[id_].in_language(self.language) if id_ in names else id_
            for id_ in dict.fromkeys(ids)
        )
        return together(told, self.language)
