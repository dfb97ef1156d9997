"""What instruments do to one another (rules, section 3): endings, stays, waivers, lifts.

* An act on an instrument makes an *impact*: from an instant on, for everyone or
  for whom it names, the instrument is ended, stayed, waived, or its own stays and
  waivers are lifted.
* An impact may be *off*, for a call at an instant. An ending or a lift is off
  while the instrument that made it is stayed, and once that was vacated; that it
  was rescinded, superseded or found to fall revives nothing. A stay or a waiver is
  off while its instrument is stayed, has ended or is lifted. What puts it off is
  an impact on that instrument, and may be off itself.
* An act is taken at the later of its beginning and its instrument's effect; an
  instrument that had been ended by then, as that was kept, takes none.
* Only what stands earlier in the record can be acted on, so that the chain of what
  puts off what ends.
* A provisional instrument ends by itself unless it was confirmed before; that is an
  impact of its own making.
* An ending or an amendment may reach back before its instrument takes effect, where
  that had come by the time it was recorded; one that is yet to take effect does not.
* What reaches back was not kept before it was recorded and took effect: what was
  refused until then was refused (rule 9). So each impact has two beginnings.

Instants are whole microseconds since 1970.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.impact import (
    Amendment,
    Declined,
    Descend,
    Impact,
    ImpactKind,
    Judgement,
    Whom,
)
from changeover.orders.model import (
    Act,
    Amend,
    Confirm,
    Decline,
    Find,
    Instrument,
    Issued,
    Judge,
    Lift,
    Rescind,
    Stay,
    Supersede,
    Vacate,
    Waive,
)


class _Placed(msgspec.Struct, frozen=True, gc=False):
    """An act on an instrument, and the entry that holds it."""

    entry: Issued
    act: Act


class Impacts:
    """Every impact of a record, by the instrument that it is on. Immutable.

    What is asked for is worked out once and kept.
    """

    def __init__(self, descend: Descend) -> None:
        self._descend = descend
        self._entries: dict[str, Issued] = {}
        self._order: dict[str, int] = {}
        self._acts: dict[str, tuple[_Placed, ...]] = {}
        self._targets: dict[str, frozenset[str]] = {}
        self._found: dict[str, tuple[Impact, ...]] = {}

    def with_issued(self, issued: Sequence[Issued]) -> tuple["Impacts", set[str]]:
        """The impacts with these instruments added, and the instruments that they touch.

        Touched is what they act on, and what that acts on, and so on.
        """
        changed = Impacts(self._descend)
        changed._entries = dict(self._entries)
        changed._order = dict(self._order)
        changed._acts = dict(self._acts)
        changed._targets = dict(self._targets)
        gathered: dict[str, list[_Placed]] = defaultdict(list)
        for entry in issued:
            changed._entries[entry.instrument.id] = entry
            changed._order[entry.instrument.id] = len(changed._order)
        for entry in issued:
            changed._targets[entry.instrument.id] = changed._note(entry, gathered)
        for name, placed in gathered.items():
            changed._acts[name] = (*changed._acts.get(name, ()), *placed)
        touched = changed.below(gathered)
        changed._found = {n: found for n, found in self._found.items() if n not in touched}
        # What acts on another stands later and is worked out first: no chain runs deep.
        for name in sorted(touched, key=changed._order.__getitem__, reverse=True):
            changed.on(name)
        return changed, touched

    def _note(self, entry: Issued, gathered: dict[str, list[_Placed]]) -> frozenset[str]:
        place = self._order[entry.instrument.id]
        names = set()
        for act in entry.instrument.acts:
            for name in act.instruments:
                # An instrument that names a later one, or itself, does nothing to it.
                if self._order.get(name, place) < place:
                    gathered[name].append(_Placed(entry, act))
                    names.add(name)
        return frozenset(names)

    def below(self, names: Iterable[str]) -> set[str]:
        """These instruments, what they act on, what that acts on, and so on."""
        touched: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in touched:
                touched.add(name)
                waiting.extend(self._targets.get(name, ()))
        return touched

    def acts(self, instrument: str) -> Iterator[tuple[Issued, Act]]:
        """The acts on an instrument, in the order of the record."""
        for placed in self._acts.get(instrument, ()):
            yield placed.entry, placed.act

    def on(self, instrument: str) -> tuple[Impact, ...]:
        """What is on the instrument, in the order of the record."""
        found = self._found.get(instrument)
        if found is None:
            placed = self._acts.get(instrument, ())
            made = [self._made(one.entry, one.act, instrument) for one in placed]
            made.append(self._lapse(instrument))
            found = tuple(impact for impact in made if impact is not None)
            self._found[instrument] = found
        return found

    def ended_by(self, instrument: str, at: int) -> str | None:
        """Which other instrument had ended it for everyone by an instant, if one had."""
        ending = [
            impact
            for impact in self.on(instrument)
            if impact.kind == "ended" and impact.by != instrument and impact.covers(at, None, "")
        ]
        return min(ending, key=lambda impact: impact.since).by if ending else None

    def place(self, instrument: str) -> int:
        """Where the instrument stands in the record."""
        return self._order[instrument]

    def amendments(self, instrument: str) -> tuple[Amendment, ...]:
        """The amendments of the instrument's clauses, in the order of the record."""
        return tuple(
            Amendment(act=act, entry=entry, ending=ending, on=self._keeping(entry))
            for entry, act in self.acts(instrument)
            if isinstance(act, Amend) and (ending := self._ending(entry, act.since)) is not None
        )

    def declined(self, instrument: str) -> tuple[Declined, ...]:
        """The rulings that declined to stay the instrument."""
        return tuple(
            Declined(entry.instrument.id, microseconds(effect))
            for entry, act in self.acts(instrument)
            if isinstance(act, Decline)
            and (effect := entry.instrument.takes_effect()) is not None
            and self.takes(entry, microseconds(effect))
        )

    def judgements(self, instrument: str) -> tuple[Judgement, ...]:
        """Whether uses are existing ones under the instrument, in the order of the record."""
        return tuple(
            Judgement(
                act=act,
                since=microseconds(effect),
                off=tuple(i for i in self.on(entry.instrument.id) if i.kind in {"ended", "stayed"}),
            )
            for entry, act in self.acts(instrument)
            if isinstance(act, Judge)
            and (effect := entry.instrument.takes_effect()) is not None
            and self.takes(entry, microseconds(effect))
        )

    def findings(self, instrument: str) -> tuple[tuple[int, str], ...]:
        """The findings that the instrument stands: when each was taken, and by which."""
        return tuple(
            (microseconds(effect), entry.instrument.id)
            for entry, act in self.acts(instrument)
            if isinstance(act, Find)
            and act.result == "stands"
            and (effect := entry.instrument.takes_effect()) is not None
            and self.takes(entry, microseconds(effect))
        )

    def implemented_by(self, instrument: Instrument) -> tuple[str, ...]:
        """What the instrument implements, of what stands before it in the record."""
        before = self._targets.get(instrument.id, frozenset())
        return tuple(name for name in instrument.implements() if name in before)

    def takes(self, entry: Issued, at: int) -> bool:
        """Whether the instrument acts at an instant: unless it had been ended, as kept."""
        return not any(
            impact.kind == "ended"
            and impact.by != entry.instrument.id
            and impact.covers(at, None, "", kept=True)
            for impact in self.on(entry.instrument.id)
        )

    def _made(self, entry: Issued, act: Act, instrument: str) -> Impact | None:
        match act:
            case Stay() | Waive():
                return self._keeping_off(entry, act)
            case Vacate(from_beginning=True):
                began = self._entries[instrument].instrument.takes_effect()
                return self._ending(entry, began, vacates=True)
            case Rescind() | Vacate():
                return self._ending(entry, act.since, vacates=isinstance(act, Vacate))
            case Supersede() | Find(result="falls"):
                return self._ending(entry, None)
            case Lift():
                return self._ending(entry, entry.instrument.begins(act.since), kind="lifted")
            case _:
                return None

    def _ending(
        self,
        entry: Issued,
        since: datetime | None,
        *,
        kind: ImpactKind = "ended",
        vacates: bool = False,
    ) -> Impact | None:
        effect = entry.instrument.takes_effect()
        if effect is None:
            return None
        begins = since or effect
        if entry.recorded < effect:
            # What is recorded before it takes effect changes nothing before that.
            begins = max(begins, effect)
        if not self.takes(entry, microseconds(max(begins, effect))):
            return None
        return Impact(
            by=entry.instrument.id,
            kind=kind,
            since=microseconds(begins),
            kept=microseconds(max(begins, effect, entry.recorded)),
            vacates=vacates,
            off=self._keeping(entry),
        )

    def _keeping_off(self, entry: Issued, act: Stay | Waive) -> Impact | None:
        begins = entry.instrument.begins(act.since)
        if begins is None or (isinstance(act, Waive) and act.requested):
            return None
        since = microseconds(begins)
        if not self.takes(entry, since):
            return None
        return Impact(
            by=entry.instrument.id,
            kind="stayed" if isinstance(act, Stay) else "waived",
            since=since,
            kept=max(since, microseconds(entry.recorded)),
            until=None if act.until is None else microseconds(act.until),
            whom=self._whom(act),
            extends=isinstance(act, Stay) and act.extends,
            off=tuple(i for i in self.on(entry.instrument.id) if i.kind != "waived"),
        )

    def _lapse(self, instrument: str) -> Impact | None:
        """The end that a provisional instrument comes to by itself, unless it was confirmed."""
        entry = self._entries.get(instrument)
        if entry is None or entry.instrument.provisional_until is None:
            return None
        until = entry.instrument.provisional_until
        for confirming, act in self.acts(instrument):
            effect = confirming.instrument.takes_effect()
            if (
                isinstance(act, Confirm)
                and effect is not None
                and max(effect, confirming.recorded) < until
                and self.takes(confirming, microseconds(effect))
            ):
                return None
        at = microseconds(until)
        return Impact(by=instrument, kind="ended", since=at, kept=at)

    def _whom(self, act: Stay | Waive) -> Whom | None:
        parties = self._descend(act.parties)
        if isinstance(act, Stay):
            return Whom(parties=parties) if act.parties else None
        if not (act.parties or act.services or act.routes or act.purposes):
            return None
        return Whom(
            parties=parties if act.parties else None,
            services=frozenset(act.services),
            routes=frozenset(act.routes),
            purposes=frozenset(act.purposes),
        )

    def _keeping(self, entry: Issued) -> tuple[Impact, ...]:
        """What puts off what the instrument ended, lifted or amended: stays and vacaturs."""
        on = self.on(entry.instrument.id)
        return tuple(impact for impact in on if impact.kind == "stayed" or impact.vacates)
