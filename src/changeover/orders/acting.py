"""Whether an issuer may do to other instruments what it says it does (rule 4).

* It may rescind and supersede its own, and no rescission: what was given back is
  barred again only by a new order.
* It may stay, decline to stay, vacate and lift what the issuers in its
  `may_act_on` issued. Its own stays and waivers it may lift itself.
* A waiver comes from the prohibition's issuer, from above it (an issuer that binds
  the party of that issuer's office, and whose own office is of a party above), or
  from whom that issuer delegated it to, within what was delegated and while that
  stands. It waives what prohibits something.
* A finding on an instrument comes from its issuer or from above it, and only where
  what it implements was stayed or ended.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory
from changeover.directory.rules import descendants
from changeover.orders.endings import endings
from changeover.orders.model import (
    Act,
    Decline,
    Delegate,
    Find,
    Implement,
    Instrument,
    Issued,
    Lift,
    Rescind,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.powers import is_above


def against_acts(
    directory: Directory, standing: Mapping[str, Issued], instrument: Instrument
) -> Iterable[str]:
    """The reasons why the instrument's issuer may not do these acts.

    `InvalidInputError` when it acts on what is not on record.
    """
    for act in instrument.acts:
        missing = [i for i in act.instruments if i not in standing]
        if missing:
            raise InvalidInputError(
                f"{instrument.id} refers to {', '.join(missing)}, which is not on record.",
                do="See `changeover orders list` for what is.",
            )
        targets = [standing[i].instrument for i in act.instruments]
        yield from _against(_Desk(directory, standing, instrument), act, targets)


class _Desk:
    """An instrument that is to be issued, and what it is judged by."""

    def __init__(
        self, directory: Directory, standing: Mapping[str, Issued], instrument: Instrument
    ) -> None:
        self.directory = directory
        self.standing = standing
        self.instrument = instrument
        self.issuer = directory.issuers[instrument.issuer]

    def own(self, target: Instrument) -> bool:
        return target.issuer == self.issuer.id

    def acted_on(self, target: Instrument) -> bool:
        """Whether its issuer is one whose instruments this issuer may act on."""
        return target.issuer in self.issuer.may_act_on

    def own_or_below(self, target: Instrument) -> bool:
        other = self.directory.issuers.get(target.issuer)
        return self.own(target) or (
            other is not None and is_above(self.directory, self.issuer, other)
        )

    def delegated(self, target: Instrument, act: Waive) -> bool:
        """Whether the target's issuer delegated waivers of it, as far as this one goes."""
        at = self.instrument.begins(act.since)
        ended = endings(self.standing.values())
        return at is not None and any(
            delegation.to == self.issuer.id
            and target.id in delegation.instruments
            and entry.instrument.issuer == target.issuer
            and entry.instrument.id not in ended
            and _in_force(entry.instrument, delegation, at, act.until)
            and self._within(delegation, act)
            for entry in self.standing.values()
            for delegation in entry.instrument.acts
            if isinstance(delegation, Delegate)
        )

    def _within(self, delegation: Delegate, act: Waive) -> bool:
        if not delegation.parties:
            return True
        parts: frozenset[str] = frozenset()
        allowed = parts.union(*(descendants(self.directory, p) for p in delegation.parties))
        services = self.directory.services
        freed = {*act.parties} or {services[s].party for s in act.services}
        return bool(freed) and freed <= allowed


def _in_force(
    delegating: Instrument, delegation: Delegate, at: datetime, until: datetime | None
) -> bool:
    begins = delegating.takes_effect()
    if begins is None or at < begins:
        return False
    return delegation.until is None or (until is not None and until <= delegation.until)


def _against(desk: _Desk, act: Act, targets: list[Instrument]) -> Iterable[str]:
    match act:
        case Rescind() | Supersede() | Delegate():
            yield from _named("it did not issue", (t for t in targets if not desk.own(t)))
            yield from _final(act, targets)
        case Stay() | Decline() | Vacate():
            beyond = (t for t in targets if not desk.acted_on(t))
            yield from _named("it may not act on instruments of the issuer of", beyond)
        case Lift():
            yield from _lift(desk, targets)
        case Waive():
            yield from _waive(desk, act, targets)
        case Find():
            yield from _find(desk, targets)
        case Implement():
            pass


def _final(act: Act, targets: list[Instrument]) -> Iterable[str]:
    final = [one.id for one in targets if _is_rescission(one)]
    if final and not isinstance(act, Delegate):
        yield (
            f"{', '.join(final)} is a rescission, which nobody can rescind "
            "(issue a new order instead)"
        )


def _is_rescission(instrument: Instrument) -> bool:
    """Whether it does nothing of its own that could end, but rescind."""
    return not (instrument.clauses or instrument.rebindings) and any(
        isinstance(act, Rescind) for act in instrument.acts
    )


def _lift(desk: _Desk, targets: list[Instrument]) -> Iterable[str]:
    beyond = (t for t in targets if not (desk.own(t) or desk.acted_on(t)))
    yield from _named("it may not lift", beyond)
    kinds = Stay | Waive
    nothing = (t for t in targets if not any(isinstance(act, kinds) for act in t.acts))
    yield from _named("there is no stay or waiver to lift in", nothing)


def _waive(desk: _Desk, act: Waive, targets: list[Instrument]) -> Iterable[str]:
    if not act.requested:
        beyond = (t for t in targets if not (desk.own_or_below(t) or desk.delegated(t, act)))
        yield from _named("it may not waive", beyond)
    yield from _named("nothing is prohibited by", (t for t in targets if not _prohibits(t)))


def _prohibits(instrument: Instrument) -> bool:
    return any(
        reading.modality == "prohibit"
        for clause in instrument.clauses
        for reading in clause.readings
    )


def _find(desk: _Desk, targets: list[Instrument]) -> Iterable[str]:
    yield from _named("it may not judge", (t for t in targets if not desk.own_or_below(t)))
    touched = set(endings(desk.standing.values()))
    for entry in desk.standing.values():
        for act in entry.instrument.acts:
            if isinstance(act, Stay):
                touched.update(act.instruments)
    settled = (t for t in targets if not touched.intersection(t.implements()))
    yield from _named("nothing was stayed or ended that is implemented by", settled)


def _named(what: str, instruments: Iterable[Instrument]) -> Iterable[str]:
    names = [instrument.id for instrument in instruments]
    if names:
        yield f"{what} {', '.join(names)}"
