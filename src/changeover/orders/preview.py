"""What issuing instruments would do, before they are issued.

The record is compiled twice, as it stands and with the instruments added, and
every slot of every service is asked in both at one instant: the one at which
the last of the instruments (the one that was asked about; those before it are
what it carries out) takes effect, or now where that has passed. What differs is
the change. The comparison is then repeated at each later instant that the
instruments name and at which a binding begins, so that a preview also says when
more follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.basics.text import Bilingual
from changeover.orders.answering import Answering, answering
from changeover.orders.decision import Outcome
from changeover.orders.differences import differences
from changeover.orders.model import Implement, Instrument, Issued
from changeover.orders.names import ModelRef, model_ref
from changeover.orders.query import alternatives
from changeover.orders.ruleset import Ruleset, call_of

Place = tuple[str, str]
"""A service and one of its slots."""


class PreviewChange(msgspec.Struct, frozen=True, kw_only=True):
    """A slot for which something changes.

    `from` and `to` are the first models of its bindings before and after, each
    with the outcome for it; None where nothing is bound. `because` is the rule
    that decides after. `replacement` is a model that may lawfully answer where
    `to` is refused, the binding's own next before any other.
    """

    service: str
    service_name: Bilingual
    slot: str
    party: str
    from_: ModelRef | None = msgspec.field(name="from")
    to: ModelRef | None
    outcome_before: Outcome | None
    outcome_after: Outcome | None
    because: str | None
    deadline: datetime | None
    differences: tuple[Bilingual, ...]
    replacement: ModelRef | None


class Effects(msgspec.Struct, frozen=True, kw_only=True):
    """What instruments would do at `at`, and when more follows (`later`).

    `at` is None for what is only announced: it changes nothing. `unaffected`
    counts the bound slots for which nothing changes at `at`.
    """

    at: datetime | None
    changes: tuple[PreviewChange, ...]
    unaffected: int
    later: tuple[datetime, ...]


class Comparison:
    """The record as it stands, and with instruments added, at the instant that counts."""

    def __init__(self, ruleset: Ruleset, added: Sequence[Instrument], now: datetime) -> None:
        issued = tuple(Issued(instrument=i, recorded=now, entered_by="") for i in added)
        self.added = tuple(added)
        self.now = now
        self.before = ruleset
        self.after = ruleset.with_issued(issued, version="after", seq=ruleset.seq)
        effect = added[-1].takes_effect()
        self.at = None if effect is None else max(effect, now)

    def places(self) -> Iterable[Place]:
        """Every slot of every service."""
        for service in self.before.directory.services.values():
            for slot in service.slots:
                yield service.id, slot.name

    def changed(self, at: datetime) -> dict[Place, tuple[Answering | None, Answering | None]]:
        """The slots that stand differently with the instruments, before and after."""
        found = {}
        for place in self.places():
            before, after = answering(self.before, *place, at), answering(self.after, *place, at)
            if differ(before, after):
                found[place] = before, after
        return found

    def later(self) -> Iterable[datetime]:
        """The instants after `at` at which the changes become others."""
        if self.at is None:
            return
        seen = _sights(self.changed(self.at))
        for instant in self.instants(self.at):
            then = _sights(self.changed(instant))
            if then != seen:
                yield instant
            seen = then

    def instants(self, after: datetime) -> list[datetime]:
        """The instants after one at which the instruments, or a binding, may change something."""
        names = {instrument.id for instrument in self.added}
        acts = (act for i in self.added for act in i.acts if not isinstance(act, Implement))
        names.update(name for act in acts for name in act.instruments)
        counted = {
            boundary
            for standing in self.after.standings
            if standing.instrument in names
            for boundary in standing.boundaries()
        }
        found = {from_microseconds(count) for count in counted}
        found.update(e for i in self.added if i.rebindings and (e := i.takes_effect()) is not None)
        found.update(binding.since for binding in self.before.directory.bindings)
        return sorted(instant for instant in found if instant > after)


def preview(comparison: Comparison) -> Effects:
    """What the instruments of a comparison would do."""
    at = comparison.at
    if at is None:
        return Effects(at=None, changes=(), unaffected=_bound(comparison, comparison.now), later=())
    changes = [
        change_of(comparison.after, place, before, after, at)
        for place, (before, after) in comparison.changed(at).items()
    ]
    return Effects(
        at=at,
        changes=tuple(sorted(changes, key=_gravity)),
        unaffected=_bound(comparison, at) - len(changes),
        later=tuple(comparison.later()),
    )


def differ(before: Answering | None, after: Answering | None) -> bool:
    """Whether a slot stands differently."""
    return _sight(before) != _sight(after)


def _sight(found: Answering | None) -> tuple[object, ...] | None:
    """What of a slot counts as a change when it differs."""
    if found is None:
        return None
    decision = found.decision
    return found.bound, decision.outcome, decision.because, decision.deadline, found.route


def _sights(
    changed: Mapping[Place, tuple[Answering | None, Answering | None]],
) -> dict[Place, tuple[object, ...] | None]:
    return {place: _sight(after) for place, (_, after) in changed.items()}


def _bound(comparison: Comparison, at: datetime) -> int:
    instant = microseconds(at)
    return sum(
        any(
            ruleset.binding(*place, instant) is not None
            for ruleset in (comparison.before, comparison.after)
        )
        for place in comparison.places()
    )


def change_of(
    rules: Ruleset,
    place: Place,
    before: Answering | None,
    after: Answering | None,
    at: datetime,
) -> PreviewChange:
    """What becomes of a slot under the rules that follow."""
    directory = rules.directory
    service = directory.services[place[0]]
    replacement = _replacement(rules, place, after, at)
    next_model = replacement or (None if after is None else after.bound)
    told: tuple[Bilingual, ...] = ()
    if before is not None and next_model is not None and next_model != before.bound:
        told = differences(directory, before.bound, next_model)
    return PreviewChange(
        service=service.id,
        service_name=service.name,
        slot=place[1],
        party=service.party,
        from_=None if before is None else model_ref(directory, before.bound),
        to=None if after is None else model_ref(directory, after.bound),
        outcome_before=None if before is None else before.decision.outcome,
        outcome_after=None if after is None else after.decision.outcome,
        because=None if after is None else after.decision.because,
        deadline=None if after is None else after.decision.deadline,
        differences=told,
        replacement=None if replacement is None else model_ref(directory, replacement),
    )


def _gravity(change: PreviewChange) -> int:
    """What stops comes first, then what moves, then what goes on with a notice."""
    if change.outcome_after == "refuse":
        return 0
    return 1 if change.from_ != change.to else 2


def _replacement(after: Ruleset, place: Place, found: Answering | None, at: datetime) -> str | None:
    """A model that may lawfully answer where the bound one is refused; None where there is none."""
    if found is None or found.decision.outcome != "refuse":
        return None
    routes = after.directory.routes
    if found.route is not None:
        return routes[found.route].model
    call = call_of(after.directory.services[place[0]], place[1])
    others = alternatives(after, call, place[1], at, (found.decision.route,), limit=1)
    return routes[others[0]].model if others else None
