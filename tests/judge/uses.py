"""Section 6 of docs/rules.md: whether the use that a call makes is an existing one."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, Directory
from changeover.orders.decision import Judged
from changeover.orders.model import Amend, Judge
from changeover.orders.ruleset import RouteThen, ServiceThen
from changeover.orders.uses import Stated, Use
from tests.judge.law import FOREVER, Law, Version, effect_of
from tests.judge.reach import derivation, matching_targets

DAY = 86_400_000_000


class Found(NamedTuple):
    """Whether the use goes on; if not, why a person must judge, if one must."""

    goes_on: bool
    awaits: tuple[Judged, ...] = ()


class Span(NamedTuple):
    """The time for which a binding states a use; without an end where it is the slot's last.

    Of the routes that it reaches these are the ones that were recorded together.
    It counts for the window from `counts` on, which is later where it was recorded late.
    """

    begins: int
    counts: int
    ends: int
    routes: tuple[str, ...]


class Frame(NamedTuple):
    """What existing uses are judged by: the beginning *B*, the window's, and *R*."""

    begins: int
    window: int
    recorded: int


def existing_use(law: Law, version: Version, at: int) -> Found:
    """Whether the call's use goes on while the version winds down."""
    judged = _judgement(law, version, at)  # 1
    if judged is not None:
        return Found(goes_on=judged == "existing")
    frame = _frame(law, version)
    if _moved_house(law, frame.begins):  # 2
        return Found(goes_on=False)
    found = [_use(law, frame, maker, at) for maker in sorted(aimed_at(law, version))]
    if all(each.goes_on for each in found):
        return Found(goes_on=True)
    if any(not each.goes_on and not each.awaits for each in found):
        return Found(goes_on=False)
    awaits = dict.fromkeys(reason for each in found for reason in each.awaits)
    return Found(goes_on=False, awaits=tuple(awaits))


def aimed_at(law: Law, version: Version) -> set[str]:
    """The makers that it is aimed at on the route, of those in the route's lineage."""
    directory = law.known.directory
    own = directory.routes[law.route].model
    models = derivation(directory, own)
    makers = {directory.models[model].maker for model in models}
    found: set[str] = set()
    for target in matching_targets(directory, version.reading, law.route):
        found |= makers & set(target.makers)
        found |= {directory.models[model].maker for model in models & set(target.models)}
        if not target.makers and not target.models:
            found.add(directory.models[own].maker)
    return found


def _frame(law: Law, version: Version) -> Frame:
    wind_down = version.reading.wind_down
    assert wind_down is not None, "only what winds down asks for existing uses"
    by, recorded = version, version.held.recorded
    if version.amended is not None:
        assert isinstance(version.amended.act, Amend)
        if version.amended.act.anew:
            recorded = version.amended.issued.recorded
        else:
            by = first_version(law, version)
    begins = law.own_beginning(by)
    assert begins is not None, "what winds down has begun"
    return Frame(begins, begins - wind_down.recent_days * DAY, microseconds(recorded))


def first_version(law: Law, version: Version) -> Version:
    """The clause's own text, under the reading that its instrument is read by."""
    preferred = law.readings.get(version.instrument.id)
    clause = next(c for c in version.instrument.clauses if c.id == version.clause.id)
    return Version(version.held, clause, clause.reading(preferred), None)


def _judgement(law: Law, version: Version, at: int) -> str | None:
    """Rule 1: the finding by a person that counts, if one does."""
    last: tuple[int, tuple[int, int]] | None = None
    result = None
    for made in law.acts_on(version.instrument):
        act = made.act
        if not isinstance(act, Judge) or act.service != law.call.service:
            continue
        if act.purposes and law.call.purpose not in act.purposes:
            continue
        if act.routes and law.route not in act.routes:
            continue
        taken = law.taken(made)
        if taken is None or taken > at or law.stays(made.by, at) or law.has_ended(made.by, at):
            continue
        if last is None or (taken, made.place) > last:
            last, result = (taken, made.place), act.result
    return result


def _moved_house(law: Law, begins: int) -> bool:
    """Rule 2: another party's, or on another network, than at *B*."""
    then = service_at(law, begins)
    return (then.party, then.network) != (law.call.party, law.call.network)


def service_at(law: Law, at: int) -> ServiceThen:
    """What the last directory recorded by then says; before the first, what the first says."""
    known = law.known.services.get(law.call.service, ())
    if not known:
        now = law.known.directory.services[law.call.service]
        return ServiceThen(
            recorded=at, party=now.party, network=now.network, users=now.users, budget=now.budget
        )
    return [t for t in known if t.recorded <= at][-1] if known[0].recorded <= at else known[0]


def _pinned_at(law: Law, at: int) -> str:
    """The pinned version of the route's model at an instant."""
    known: tuple[RouteThen, ...] = law.known.routes.get(law.route, ())
    if not known:
        return law.known.directory.routes[law.route].upstream_model
    then = [t for t in known if t.recorded <= at][-1] if known[0].recorded <= at else known[0]
    return then.upstream_model


def _use(law: Law, frame: Frame, maker: str, at: int) -> Found:
    use = Use(law.call.service, law.call.purpose, maker)
    spans = list(_spans(law, use, frame))
    counting = [s for s in spans if s.counts < min(frame.begins, s.ends) and s.ends > frame.window]
    awaits: list[Judged] = []
    if not counting:  # 3
        if not _called(law, use, frame):
            return Found(goes_on=False)
    else:
        if _moved_off(spans, counting, frame, at):  # 4
            return Found(goes_on=False)
        awaits += _reached_elsewhere(law, counting)  # 5
    awaits += _grown(law, frame, at)  # 6
    return Found(goes_on=not awaits, awaits=tuple(awaits))


def _called(law: Law, use: Use, frame: Frame) -> bool:
    """On a UTC day that lies wholly in the window."""
    return any(
        called == use and frame.window <= day * DAY and (day + 1) * DAY <= frame.begins
        for called, day in law.known.calls
    )


def _moved_off(spans: list[Span], counting: list[Span], frame: Frame, at: int) -> bool:
    """Whether the last binding that counts ended after *B*, and there is a gap from there to *t*."""
    reached = max(span.ends for span in counting)
    if reached <= frame.begins:
        return False
    for span in sorted(spans, key=lambda s: s.begins):
        if span.begins <= reached:
            reached = max(reached, span.ends)
    return reached <= at


def _reached_elsewhere(law: Law, counting: list[Span]) -> Iterator[Judged]:
    directory = law.known.directory
    route = directory.routes[law.route]
    reached = [directory.routes[name] for span in counting for name in span.routes]
    if route.host not in {each.host for each in reached}:
        yield "another-host"
    if route.model not in {each.model for each in reached}:
        yield "newer-version"


def _grown(law: Law, frame: Frame, at: int) -> Iterator[Judged]:
    """Rule 6: a newer version, many more users, or a higher budget."""
    if _pinned_at(law, at) != _pinned_at(law, frame.begins):
        yield "newer-version"
    then, now = service_at(law, frame.begins), service_at(law, at)
    if then.users is not None and now.users is not None and now.users * 2 > then.users * 3:
        yield "more-users"
    if then.budget is not None and now.budget is not None and now.budget > then.budget:
        yield "raised-budget"


def _spans(law: Law, use: Use, frame: Frame) -> Iterator[Span]:
    """For how long each binding of the service's slots states the use."""
    service = law.known.directory.services[use.service]
    created = microseconds(service.created)
    for slot in service.slots:
        if slot.purpose != use.purpose:
            continue
        bindings = _bindings(law, use.service, slot.name)
        ends_at = [microseconds(following.since) for following, _ in bindings[1:]]
        for (binding, issued_at), ends in zip(bindings, [*ends_at, FOREVER], strict=False):
            begins = max(microseconds(binding.since), created)
            stated = Stated(use.service, slot.name, slot.purpose, microseconds(binding.since))
            on_record = law.known.stated.get(stated, {})
            reached = reached_by(law.known.directory, binding)
            when = {r: on_record.get(r, 0) if issued_at is None else issued_at for r in reached}
            for recorded in sorted(set(when.values())):
                together = tuple(route for route in reached if when[route] == recorded)
                counts = max(begins, recorded) if recorded > frame.recorded else begins
                if use.maker in makers_of(law.known.directory, together) and begins < ends:
                    yield Span(begins, counts, ends, together)


def _bindings(law: Law, service: str, slot: str) -> list[tuple[Binding, int | None]]:
    """The slot's bindings, earliest first, with the recording of the instrument's that made it.

    Of those that begin together the last in the record stands, an instrument's
    before the directory's.
    """
    found: list[tuple[Binding, int | None]] = [
        (binding, None)
        for binding in law.known.directory.bindings
        if (binding.service, binding.slot) == (service, slot)
    ]
    for issued in law.known.issued:
        instrument = issued.instrument
        effect = effect_of(instrument)
        if effect is None or law.had_ended_it(instrument, effect):
            continue
        since = instrument.effective or instrument.published
        assert since is not None
        found += [
            (
                Binding(service=service, slot=slot, models=change.models, since=since),
                microseconds(issued.recorded),
            )
            for change in instrument.rebindings
            if change.service == service and slot in change.slots
        ]
    return sorted(found, key=lambda each: each[0].since)


def reached_by(directory: Directory, binding: Binding) -> list[str]:
    """The routes that it names, and those of the models that it names."""
    return [
        route.id
        for route in directory.routes.values()
        if route.id in binding.models or route.model in binding.models
    ]


def makers_of(directory: Directory, routes: Iterable[str]) -> set[str]:
    """The makers of the routes' models and of what these derive from."""
    return {
        directory.models[model].maker
        for route in routes
        for model in derivation(directory, directory.routes[route].model)
    }
