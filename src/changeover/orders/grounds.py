"""What an act needs of the instrument that it names, apart from who may do it.

* An amendment names a clause that the instrument has.
* A waiver names one that has not ended, and of which a prohibition reaches what
  the waiver frees.
* A judgement names one under which a use of the service winds down.
* A lift names one that stays or waives.
* A confirmation names one that is provisional, has neither ended nor lapsed, and
  was not confirmed already. It must take effect and be recorded before the
  instrument would lapse (rules of decision, 3).

Two ask: reading a file (`source.py`), at each place, and issuing (`acting.py`).
"""

from collections.abc import Mapping
from datetime import datetime

from changeover.directory.model import Directory
from changeover.orders.clauses import versions
from changeover.orders.endings import ended
from changeover.orders.extent import Extent
from changeover.orders.model import (
    Act,
    Amend,
    Confirm,
    Instrument,
    Issued,
    Judge,
    Lift,
    Reading,
    Stay,
    Waive,
)


class Grounds:
    """The record and directory that an instrument's acts rest on.

    `recorded` is when the instrument is, or would be, recorded.
    """

    def __init__(
        self,
        directory: Directory,
        record: Mapping[str, Issued],
        instrument: Instrument,
        recorded: datetime,
    ) -> None:
        self.record = record
        self.instrument = instrument
        self.extent = Extent(directory)
        self.taken = max(recorded, instrument.takes_effect() or recorded)

    def lacking(self, act: Act, target: Instrument) -> str | None:
        """Why there is nothing in the instrument for the act to act on; None where there is."""
        match act:
            case Amend():
                return self._amended(act, target)
            case Waive():
                return self._waived(act, target)
            case Judge():
                return self._judged(act, target)
            case Lift():
                keeps_off = any(isinstance(one, Stay | Waive) for one in target.acts)
                return None if keeps_off else f"there is no stay or waiver to lift in {target.id}"
            case Confirm():
                return self._confirmed(target)
            case _:
                return None

    def has_ended(self, target: Instrument, at: datetime) -> bool:
        """Whether acts that had taken effect by then ended the instrument."""
        taken = (
            entry
            for entry in self.record.values()
            if (effect := entry.instrument.takes_effect()) is not None and effect <= at
        )
        return target.id in ended(taken)

    def _amended(self, act: Amend, target: Instrument) -> str | None:
        if act.clause in {clause.id for clause in target.clauses}:
            return None
        return f"there is no clause {act.clause!r} in {target.id}"

    def _judged(self, act: Judge, target: Instrument) -> str | None:
        winding = [reading for reading in self._readings(target) if reading.wind_down]
        if not winding:
            return f"no use winds down under {target.id}"
        service = self.extent.directory.services.get(act.service)
        if service and not any(self.extent.serves(read.scope, service) for read in winding):
            return f"no use of {act.service} winds down under {target.id}"
        return None

    def _waived(self, act: Waive, target: Instrument) -> str | None:
        barring = [r for r in self._readings(target) if r.modality == "prohibit"]
        if not barring:
            return f"nothing is prohibited by {target.id}"
        if self.has_ended(target, self.instrument.begins(act.since) or self.taken):
            return f"there is nothing left to waive in {target.id}, which has ended"
        if not any(self._reaches(reading, act) for reading in barring):
            return f"no prohibition of {target.id} reaches what is freed"
        return None

    def _reaches(self, reading: Reading, act: Waive) -> bool:
        """Whether each field of a waiver names something that the prohibition reaches."""
        services = self.extent.directory.services
        scope = reading.scope
        named = (
            not act.parties
            or not self.extent.parties(scope).isdisjoint(self.extent.with_parts(act.parties)),
            not act.services
            or any(self.extent.serves(scope, services[s]) for s in act.services if s in services),
            not act.routes or not self.extent.routes(reading.targets).isdisjoint(act.routes),
            not act.purposes
            or not scope.purposes
            or not set(scope.purposes).isdisjoint(act.purposes),
        )
        return all(named)

    def _confirmed(self, target: Instrument) -> str | None:
        until = target.provisional_until
        if until is None:
            return f"nothing is provisional in {target.id}"
        if self.has_ended(target, self.taken):
            why = "has ended"
        elif any(self._lasts_by(entry, target, until) for entry in self.record.values()):
            why = "is confirmed already"
        elif self.taken >= until:
            why = "will have lapsed"
        else:
            return None
        return f"there is nothing left to confirm in {target.id}, which {why}"

    def _lasts_by(self, entry: Issued, target: Instrument, until: datetime) -> bool:
        """Whether the instrument confirmed the provisional one in time."""
        effect = entry.instrument.takes_effect()
        return (
            effect is not None
            and max(effect, entry.recorded) < until
            and not self.has_ended(entry.instrument, self.taken)
            and any(
                isinstance(act, Confirm) and target.id in act.instruments
                for act in entry.instrument.acts
            )
        )

    def _readings(self, target: Instrument) -> tuple[Reading, ...]:
        clauses = versions(target, self.record.values())
        return tuple(reading for clause in clauses for reading in clause.readings)
