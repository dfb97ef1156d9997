"""Whether a waiver is within what the prohibition's issuer delegated.

A delegation counts while it stands: from when the instrument that made it takes
effect, until that one is ended. Every limit that it gives is kept:

1. of the parties, services, routes and purposes each that is given limits what a
   waiver frees; the waiver must say what of it, and within it. A party's limits
   are kept by services too that belong to it;
2. the waiver ends by the delegation's `until`;
3. it lasts no longer than `longest_days`;
4. it states what the delegation `requires`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from changeover.basics.calendars import lasts_at_most
from changeover.orders.extent import Extent
from changeover.orders.grounds import Grounds
from changeover.orders.model import Delegate, Instrument, Issued, Waive


class Delegations:
    """What was delegated to the issuer of an instrument that is to be issued."""

    def __init__(
        self, record: Mapping[str, Issued], instrument: Instrument, grounds: Grounds
    ) -> None:
        self.record = record
        self.instrument = instrument
        self.grounds = grounds

    def exceeded(self, target: Instrument, act: Waive) -> tuple[str, ...] | None:
        """The limits that the waiver of `target` does not keep, of the delegation nearest to it.

        Nothing where it keeps all of one; None where nothing was delegated.
        """
        begins = self.instrument.begins(act.since)
        if begins is None:
            return None
        limits = _Limits(self.grounds.extent, act, begins)
        found = [tuple(limits.exceeded(one)) for one in self._standing(target, begins)]
        return min(found, key=len, default=None)

    def _standing(self, target: Instrument, at: datetime) -> Iterator[Delegate]:
        for entry in self.record.values():
            made = entry.instrument
            effect = made.takes_effect()
            if made.issuer != target.issuer or effect is None or at < effect:
                continue
            # A date put back does not bring back what had ended when it was entered.
            if self.grounds.has_ended(made, max(at, self.grounds.taken)):
                continue
            for act in made.acts:
                if isinstance(act, Delegate) and self._covers(act, target):
                    yield act

    def _covers(self, delegation: Delegate, target: Instrument) -> bool:
        return delegation.to == self.instrument.issuer and target.id in delegation.instruments


class _Limits:
    """A waiver, held against the limits of delegations."""

    def __init__(self, extent: Extent, act: Waive, begins: datetime) -> None:
        self.extent = extent
        self.act = act
        self.begins = begins

    def exceeded(self, delegation: Delegate) -> Iterator[str]:
        act = self.act
        if not (act.parties or act.services or act.routes or act.purposes):
            yield "it must say what it frees"
        if delegation.parties and not self._of_parties(delegation.parties):
            yield "it may free only " + ", ".join(delegation.parties)
        for freed, allowed, kind in (
            (act.services, delegation.services, "services"),
            (act.routes, delegation.routes, "routes"),
            (act.purposes, delegation.purposes, "purposes"),
        ):
            if allowed and not _within(freed, allowed):
                yield f"it may free only the {kind} {', '.join(allowed)}"
        yield from self._in_time(delegation)
        for stated in delegation.requires:
            if not getattr(act, stated).strip():
                yield f"it must state its {stated}"

    def _of_parties(self, parties: tuple[str, ...]) -> bool:
        allowed = self.extent.with_parts(parties)
        services = self.extent.directory.services
        owners = [services[s].party for s in self.act.services]
        return _within(self.act.parties, allowed) or _within(owners, allowed)

    def _in_time(self, delegation: Delegate) -> Iterator[str]:
        zone = ZoneInfo(self.extent.directory.zone)
        until, last, days = self.act.until, delegation.until, delegation.longest_days
        if last is not None and (until is None or last < until):
            yield f"it must end by {last.astimezone(zone).isoformat()}"
        if days is not None and (
            until is None or not lasts_at_most(self.begins, until, days, zone)
        ):
            yield f"it may last {days} days at most"


def _within(freed: Iterable[str], allowed: Iterable[str]) -> bool:
    """Whether something is named, and nothing beyond what is allowed."""
    named = set(freed)
    return bool(named) and named <= set(allowed)
