"""Whether an issuer may do to other instruments what it says it does (rule 4).

* It may rescind and supersede its own, and no rescission: what was given back is
  barred again only by a new order. It may amend its own, by text that is within
  its authority like any other (`authority.py`).
* It may stay, decline to stay, vacate and lift what the issuers in its
  `may_act_on` issued. Its own stays and waivers it may lift itself.
* A waiver comes from the prohibition's issuer, from above it (an issuer that binds
  the party of that issuer's office, and whose own office is of a party above), or
  from whom that issuer delegated it to, within what was delegated and while that
  stands (`delegations.py`).
* A finding on an instrument comes from its issuer or from above it, and only where
  what it implements was stayed or ended. So does a judgement of a use under it,
  and a confirmation that it lasts.

What an act needs of the instrument that it names is in `grounds.py`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from changeover.basics.errors import InvalidInputError
from changeover.basics.nearest import advice
from changeover.directory.model import Directory
from changeover.orders.delegations import Delegations
from changeover.orders.endings import ended
from changeover.orders.grounds import Grounds
from changeover.orders.model import (
    Act,
    Amend,
    Confirm,
    Decline,
    Delegate,
    Find,
    Implement,
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
from changeover.orders.powers import is_above


def against_acts(
    directory: Directory,
    standing: Mapping[str, Issued],
    instrument: Instrument,
    recorded: datetime,
) -> Iterable[str]:
    """The reasons why the instrument's issuer may not do these acts.

    `recorded` is when it would be recorded. `InvalidInputError` when it acts on
    what is not on record.
    """
    desk = _Desk(directory, standing, instrument, recorded)
    for act in instrument.acts:
        targets = _targets(standing, instrument, act)
        yield from _against(desk, act, targets)
        for target in targets:
            lacking = desk.grounds.lacking(act, target)
            if lacking is not None:
                yield lacking


def _targets(
    standing: Mapping[str, Issued], instrument: Instrument, act: Act
) -> tuple[Instrument, ...]:
    missing = [i for i in act.instruments if i not in standing]
    if missing:
        raise InvalidInputError(
            f"{instrument.id} refers to {', '.join(missing)}, which is not on record.",
            do="See `changeover orders list` for what is.",
        )
    targets = tuple(standing[i].instrument for i in act.instruments)
    for target in targets if isinstance(act, Amend) else ():
        known = [clause.id for clause in target.clauses]
        if isinstance(act, Amend) and act.clause not in known:
            raise InvalidInputError(
                f"{instrument.id} amends the clause {act.clause!r} of {target.id}, "
                "which has no such clause.",
                means="Nothing was recorded.",
                do=advice(act.clause, known),
            )
    return targets


class _Desk:
    """An instrument that is to be issued, and what it is judged by."""

    def __init__(
        self,
        directory: Directory,
        standing: Mapping[str, Issued],
        instrument: Instrument,
        recorded: datetime,
    ) -> None:
        self.directory = directory
        self.standing = standing
        self.issuer = directory.issuers[instrument.issuer]
        self.grounds = Grounds(directory, standing, instrument, recorded)
        self.delegations = Delegations(standing, instrument, self.grounds)

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


def _against(desk: _Desk, act: Act, targets: tuple[Instrument, ...]) -> Iterable[str]:
    match act:
        case Rescind() | Supersede() | Delegate() | Amend():
            yield from _named("it did not issue", (t for t in targets if not desk.own(t)))
            yield from _final(act, targets)
        case Stay() | Decline() | Vacate():
            beyond = (t for t in targets if not desk.acted_on(t))
            yield from _named("it may not act on instruments of the issuer of", beyond)
        case Lift():
            beyond = (t for t in targets if not (desk.own(t) or desk.acted_on(t)))
            yield from _named("it may not lift", beyond)
        case Waive():
            yield from _waive(desk, act, targets)
        case Find():
            yield from _find(desk, targets)
        case Judge() | Confirm():
            verb = "confirm" if isinstance(act, Confirm) else "judge"
            beyond = (t for t in targets if not desk.own_or_below(t))
            yield from _named(f"it may not {verb}", beyond)
        case Implement():
            pass


def _final(act: Act, targets: Iterable[Instrument]) -> Iterable[str]:
    final = [one.id for one in targets if _is_rescission(one)]
    if final and isinstance(act, Rescind | Supersede):
        yield (
            f"{', '.join(final)} is a rescission, which nobody can rescind "
            "(issue a new order instead)"
        )


def _is_rescission(instrument: Instrument) -> bool:
    """Whether it does nothing of its own that could end, but rescind."""
    return not (instrument.clauses or instrument.rebindings) and any(
        isinstance(act, Rescind) for act in instrument.acts
    )


def _waive(desk: _Desk, act: Waive, targets: Iterable[Instrument]) -> Iterable[str]:
    for target in targets:
        if act.requested or desk.own_or_below(target):
            continue
        exceeded = desk.delegations.exceeded(target, act)
        if exceeded is None:
            yield f"it may not waive {target.id}"
        elif exceeded:
            yield f"it may not waive {target.id} so, by what was delegated: {', '.join(exceeded)}"


def _find(desk: _Desk, targets: Iterable[Instrument]) -> Iterable[str]:
    judged = tuple(targets)
    yield from _named("it may not judge", (t for t in judged if not desk.own_or_below(t)))
    touched = set(ended(desk.standing.values()))
    for entry in desk.standing.values():
        for act in entry.instrument.acts:
            if isinstance(act, Stay):
                touched.update(act.instruments)
    settled = (t for t in judged if not touched.intersection(t.implements()))
    yield from _named("nothing was stayed or ended that is implemented by", settled)


def _named(what: str, instruments: Iterable[Instrument]) -> Iterable[str]:
    names = [instrument.id for instrument in instruments]
    if names:
        yield f"{what} {', '.join(names)}"
