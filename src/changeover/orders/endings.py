"""Which instruments ended before their own end, and by which others.

An issuer rescinds its own; a later instrument of the same issuer supersedes an
earlier; a court vacates, from an instant on or from the beginning; a stay or a
waiver is lifted; a finding that a derived instrument falls ends it (rule 5). What
is only announced ends nothing. Of several endings the earliest counts.

An ending may reach back. Until it was recorded and took effect the instrument was
kept nevertheless, so that it *stopped* only then: what it refused until then it
did refuse (rule 9).

Instants are whole microseconds since 1970.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.model import Act, Find, Issued, Lift, Rescind, Supersede, Vacate


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How instruments ended another: from when on, by which, and when that was kept."""

    at: int
    by: str
    stopped: int


def endings(issued: Iterable[Issued]) -> dict[str, Ending]:
    """Which instruments were ended, and how."""
    return _collect(issued, _ends_at)


def ended(issued: Iterable[Issued]) -> frozenset[str]:
    """The ids of the instruments that acts have ended."""
    return frozenset(endings(issued))


def lifts(issued: Iterable[Issued]) -> dict[str, Ending]:
    """Whose stays and waivers were lifted, and how; what else they say goes on."""
    return _collect(issued, _lifts_at)


_At = Callable[[Act, datetime, Issued | None], datetime | None]
"""When an act that takes effect then ends what it names; None when it does not."""


def _collect(issued: Iterable[Issued], ends_at: _At) -> dict[str, Ending]:
    entries = tuple(issued)
    by_id = {entry.instrument.id: entry for entry in entries}
    found: dict[str, Ending] = {}
    for entry in entries:
        effect = entry.instrument.takes_effect()
        if effect is None:
            continue
        for act in entry.instrument.acts:
            for name in act.instruments:
                at = ends_at(act, effect, by_id.get(name))
                if at is not None:
                    found[name] = _earlier(found.get(name), _ending(entry, at, effect))
    return found


def _ends_at(act: Act, effect: datetime, target: Issued | None) -> datetime | None:
    match act:
        case Vacate(from_beginning=True):
            began = None if target is None else target.instrument.takes_effect()
            return effect if began is None else began
        case Rescind() | Vacate():
            return act.since or effect
        case Supersede() | Find(result="falls"):
            return effect
        case _:
            return None


def _lifts_at(act: Act, effect: datetime, _: Issued | None) -> datetime | None:
    return (act.since or effect) if isinstance(act, Lift) else None


def _ending(entry: Issued, at: datetime, effect: datetime) -> Ending:
    stopped = max(at, effect, entry.recorded)
    return Ending(at=microseconds(at), by=entry.instrument.id, stopped=microseconds(stopped))


def _earlier(one: Ending | None, other: Ending) -> Ending:
    if one is None:
        return other
    first = min(one, other, key=lambda ending: ending.at)
    return msgspec.structs.replace(first, stopped=min(one.stopped, other.stopped))


def ended_by(ended: Mapping[str, Ending], name: str, at: int) -> Ending | None:
    """How the instrument was ended, if it was by that instant."""
    ending = ended.get(name)
    return ending if ending is not None and ending.at <= at else None
