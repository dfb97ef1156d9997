"""What the office asks of the rules in force before it records anything.

Authority is asked apart (`authority.py`): here is what the record as it stands allows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.nearest import advice
from changeover.directory.model import Directory
from changeover.orders.clauses import versions
from changeover.orders.decide import decide
from changeover.orders.model import Implement, Instrument, Issued, Rescind
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.uses import FOREVER

_LONGEST_CHAIN = 8
"""How many rulings may act on one another; what they come to is worked out for every call."""


def check_grown(ruleset: Ruleset, issued: Sequence[Issued]) -> None:
    """Tries the ruleset with these instruments, so that nothing is recorded that has none.

    Raises `InvalidInputError` where rulings on rulings go too far.
    """
    grown = ruleset.with_issued(issued, version=ruleset.version, seq=ruleset.seq)
    for name in grown.impacts.below(one.instrument.id for one in issued):
        if any(impact.depth > _LONGEST_CHAIN for impact in grown.impacts.on(name)):
            raise InvalidInputError(
                f"More than {_LONGEST_CHAIN} rulings would act on one another over {name}.",
                means="Nothing was recorded. Each stays, lifts or vacates what the next does.",
                do="Issue an instrument that says what holds in the end.",
            )


def check_held(ruleset: Ruleset, service: str, route: str, at: datetime) -> None:
    directory = ruleset.directory
    if service not in directory.services:
        known = advice(service, directory.services)
        raise NotFoundError(f"There is no service {service!r} in the directory.", do=known)
    if route not in directory.routes:
        raise NotFoundError(
            f"There is no route {route!r} in the directory.",
            means="A route is written model@host, with the model's id.",
            do=advice(route, directory.routes),
        )
    entry = directory.services[service]
    calls = [call_of(entry, slot.name) for slot in entry.slots]
    if not any(decide(ruleset, call, route, at).held_by for call in calls):
        raise ConflictError(
            f"{route} is not held for {service}, so there is nothing to release.",
            means="Nothing was recorded. Only a route that an order had refused and that may be "
            "used again is held.",
            do=f"See `changeover decide --service {service} --model {route}`.",
        )


def check_new(standing: Mapping[str, Issued], instrument: Instrument) -> None:
    if instrument.id in standing:
        raise ConflictError(
            f"The instrument {instrument.id} is on record already.",
            means="Instruments are never changed; another one amends or rescinds them.",
            do="Issue it under another id, or rescind the first.",
        )


def rescinds(instrument: Instrument, name: str) -> bool:
    return any(isinstance(act, Rescind) and name in act.instruments for act in instrument.acts)


def rescinded(ruleset: Ruleset, name: str) -> bool:
    """Whether a rescission ends it, now or later; not one that was itself put off for good."""
    return any(
        impact.kind == "ended"
        and rescinds(ruleset.issued[impact.by].instrument, name)
        and impact.covers(FOREVER - 1, None, "")
        for impact in ruleset.impacts.on(name)
    )


def check_readings(issued: Mapping[str, Issued], readings: Mapping[str, str]) -> None:
    for name, reading in readings.items():
        clauses = versions(issued[name].instrument, issued.values()) if name in issued else ()
        known = list(dict.fromkeys(r.id for clause in clauses for r in clause.readings))
        if reading not in known:
            raise InvalidInputError(
                f"{name} has no reading {reading!r}.",
                means=f"Its readings are: {', '.join(known) or 'none, it is not on record'}.",
                do="Name one of them as INSTRUMENT=READING.",
            )


def check_secrecy(
    directory: Directory, standing: Mapping[str, Issued], instrument: Instrument
) -> None:
    """Raises `ConflictError` where one known only on a network changes what is known below.

    Whoever knows the other would see that it changed, and not by what.
    """
    own = directory.networks.get(instrument.known_on or "")
    if own is None:
        return
    for act in instrument.acts:
        for name in () if isinstance(act, Implement) else act.instruments:
            other = directory.networks.get(standing[name].instrument.known_on or "")
            if other is None or other.rank < own.rank:
                raise ConflictError(
                    f"{instrument.id} is known only on {own.id} and acts on {name}, which is "
                    "known below.",
                    means="Nothing was recorded: below, it would change without a reason.",
                    do="Issue the act without known_on.",
                )
