"""Which acts of the record are on an instrument, and calls that stand for whom they free.

A stay or a waiver may free some and not others. Whether it covers a call is asked
of the clause (`Standing.kept_off_by`); here are the calls to ask about.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from changeover.orders.decision import Call
from changeover.orders.model import Act, Issued, Stay, Waive


class Acted(msgspec.Struct, frozen=True):
    """An act on an instrument, and the entry of the record that holds it."""

    entry: Issued
    act: Act

    @property
    def by(self) -> str:
        return self.entry.instrument.id


class Freed(msgspec.Struct, frozen=True):
    """A call on a route that a stay or a waiver frees, as far as it says whom."""

    call: Call
    route: str


class ActedOn:
    """The acts of a record, by the instrument that they name, in the order of the record."""

    def __init__(self, issued: Mapping[str, Issued]) -> None:
        self._issued = issued
        self._acts: dict[str, list[Acted]] = defaultdict(list)
        for entry in issued.values():
            for act in entry.instrument.acts:
                for name in act.instruments:
                    self._acts[name].append(Acted(entry, act))

    def on(self, instrument: str) -> tuple[Acted, ...]:
        return tuple(self._acts.get(instrument, ()))

    def keeping_off(self, instrument: str) -> Iterator[tuple[Acted, Freed]]:
        """The stays and waivers on it, each with one of those whom it frees."""
        for acted in self.on(instrument):
            if isinstance(acted.act, Stay | Waive):
                yield acted, _freed(acted.act)

    def recorded(self, entry: Issued) -> datetime:
        """When the instrument, or the last that acts on it, was recorded."""
        acting = (acted.entry.recorded for acted in self.on(entry.instrument.id))
        return max((entry.recorded, *acting))


def _freed(act: Stay | Waive) -> Freed:
    waiver = act if isinstance(act, Waive) else None
    call = Call(
        service=_first(waiver.services if waiver else ()),
        party=_first(act.parties),
        network="",
        purpose=_first(waiver.purposes if waiver else ()),
        data_class="",
    )
    return Freed(call, _first(waiver.routes if waiver else ()))


def _first(names: Iterable[str]) -> str:
    return next(iter(names), "")
