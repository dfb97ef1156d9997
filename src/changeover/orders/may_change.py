"""Who may change an instrument (rule 4), for whoever asks why a call is refused.

Its issuer may rescind, supersede or amend it, and waive what it prohibits; an
issuer above it may waive too, and so may those to whom the issuer delegated it,
while the delegation stands. An issuer that names it in its `may_act_on` may stay
or vacate it. Whether an act is within all limits is checked when it is issued
(`authority.py`); this says whom to ask.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.orders.endings import ended
from changeover.orders.model import Delegate, Instrument
from changeover.orders.powers import is_above
from changeover.orders.ruleset import Ruleset


class MayChange(msgspec.Struct, frozen=True, kw_only=True):
    """Issuers, by id: the instrument's own, and others who may waive or stay it."""

    issuer: str
    waive: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()


class Changers:
    """Who may change each instrument of a ruleset at an instant."""

    def __init__(self, ruleset: Ruleset, at: datetime) -> None:
        self._ruleset = ruleset
        self._directory = ruleset.directory
        self._delegations = list(_delegations(ruleset, at))

    def of(self, name: str) -> MayChange:
        """Who may change the instrument; one whose issuer left the directory has nobody above."""
        instrument = self._ruleset.issued[name].instrument
        issuers = self._directory.issuers.values()
        own = self._directory.issuers.get(instrument.issuer)
        above = (
            other.id
            for other in issuers
            if own is not None and is_above(self._directory, other, own)
        )
        delegates = (
            act.to
            for delegating, act in self._delegations
            if name in act.instruments and delegating.issuer == instrument.issuer
        )
        waive = dict.fromkeys((*above, *delegates)) if _prohibits(instrument) else {}
        return MayChange(
            issuer=instrument.issuer,
            waive=tuple(issuer for issuer in waive if issuer != instrument.issuer),
            stay=tuple(other.id for other in issuers if instrument.issuer in other.may_act_on),
        )

    def judges(self, name: str) -> tuple[str, ...]:
        """Who may find or judge: the issuer, and those above it."""
        instrument = self._ruleset.issued[name].instrument
        own = self._directory.issuers.get(instrument.issuer)
        if own is None:
            return (instrument.issuer,)
        above = (
            o.id for o in self._directory.issuers.values() if is_above(self._directory, o, own)
        )
        return (own.id, *above)


def _delegations(ruleset: Ruleset, at: datetime) -> Iterable[tuple[Instrument, Delegate]]:
    """The delegations that stand at the instant."""
    found = [
        (entry.instrument, act)
        for entry in ruleset.issued.values()
        for act in entry.instrument.acts
        if isinstance(act, Delegate)
        and (effect := entry.instrument.takes_effect()) is not None
        and effect <= at
        and (act.until is None or at < act.until)
    ]
    gone = ended(ruleset.issued.values()) if found else frozenset()
    return [(instrument, act) for instrument, act in found if instrument.id not in gone]


def _prohibits(instrument: Instrument) -> bool:
    return any(clause.reading().modality == "prohibit" for clause in instrument.clauses)
