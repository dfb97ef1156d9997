"""Instruments that count, though what they implement is stayed or ended (rule 5).

Nothing follows by inference: the answer stays as it is, and the question whether
the derived instrument stands is cited with it until an authorised person records
a finding. A finding settles what was open when it took effect; when what is
implemented is stayed or ended anew, the question is open anew. A finding that the
instrument falls ends it (`endings.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.endings import Ending, ended_by
from changeover.orders.model import Call, Find, Issued, OpenQuestion
from changeover.orders.suspensions import Suspension, Suspensions


class Questions:
    """What implements what, what became of that, and the findings recorded."""

    def __init__(
        self, issued: Sequence[Issued], ended: Mapping[str, Ending], suspensions: Suspensions
    ) -> None:
        self._implements = {
            entry.instrument.id: implemented
            for entry in issued
            if (implemented := entry.instrument.implements())
        }
        self._ended = ended
        named = {name for names in self._implements.values() for name in names}
        self._stays = {
            name: tuple(s for s in suspensions.on(name) if s.kind == "stayed")
            for name in sorted(named)
        }
        self._findings = _findings(issued)

    def about(self, instrument: str, at: int, call: Call, route: str) -> Iterable[OpenQuestion]:
        """The questions about an instrument at an instant, as far as a call goes."""
        for implemented in self._implements.get(instrument, ()):
            question = self._about(instrument, implemented, at, call, route)
            if question is not None:
                yield question

    def implementers(self, instrument: str) -> tuple[str, ...]:
        """The instruments that implement this one."""
        return tuple(name for name, found in self._implements.items() if instrument in found)

    def _about(
        self, instrument: str, implemented: str, at: int, call: Call, route: str
    ) -> OpenQuestion | None:
        ending = ended_by(self._ended, implemented, at)
        if ending is not None:
            return OpenQuestion(
                instrument=instrument,
                implements=implemented,
                status="ended",
                by=(ending.by,),
                since=from_microseconds(ending.at),
                finding=self._finding(instrument, ending.at, at),
            )
        stays = [s for s in self._stays[implemented] if s.covers(at, call, route)]
        if not stays:
            return None
        since = min(_covering_since(stay, at, call, route) for stay in stays)
        return OpenQuestion(
            instrument=instrument,
            implements=implemented,
            status="stayed",
            by=tuple(stay.by for stay in stays),
            since=from_microseconds(since),
            finding=self._finding(instrument, since, at),
        )

    def _finding(self, instrument: str, since: int, at: int) -> str | None:
        """The last finding on the instrument in [since, at]."""
        found = [f for f in self._findings.get(instrument, ()) if since <= f[0] <= at]
        return max(found)[1] if found else None


def _covering_since(stay: Suspension, at: int, call: Call, route: str) -> int:
    """Since when the stay has covered the call without a break."""
    since = at
    for boundary in sorted((b for b in stay.boundaries() if b <= at), reverse=True):
        if not stay.covers(boundary, call, route):
            break
        since = boundary
    return since


def _findings(issued: Iterable[Issued]) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for entry in issued:
        effect = entry.instrument.takes_effect()
        for act in entry.instrument.acts:
            if isinstance(act, Find) and effect is not None:
                for name in act.instruments:
                    found[name].append((microseconds(effect), entry.instrument.id))
    return found
