"""What an instrument names in the directory, and whether it stands there.

The rule which field names what kind of thing stands here once. Three ask it:
reading a file (`source.py`, at each place), issuing (`check_references`) and
replacing the directory, which may not drop what an instrument on record names
(`check_dropped`): a party that no longer exists would be bound by nothing, and a
prohibition would end because a name was mistyped. Freeze, never delete.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.nearest import advice
from changeover.directory.model import Directory
from changeover.orders.clauses import written
from changeover.orders.model import (
    Act,
    Delegate,
    Instrument,
    Judge,
    Reading,
    Rebinding,
    Scope,
    Stay,
    Target,
    Waive,
    WindDown,
)

Path = tuple[str | int, ...]

LONGEST_ID = 100
"""The characters of the longest id that an instrument may bear."""

_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_ID - 1}}}")
_TARGET = {
    "makers": "vendor",
    "models": "model",
    "hosts": "vendor",
    "resellers": "vendor",
    "routes": "route",
}
_SCOPE = {
    "parties": "party",
    "regulated": "party",
    "contracts": "contract",
    "networks": "network",
    "services": "service",
}


_FREED = {"parties": "party", "services": "service", "routes": "route"}


class Reference(msgspec.Struct, frozen=True):
    """A name at a path within what was asked about.

    A slot, or a purpose that a judgement names, is one `of` a service.
    """

    path: Path
    kind: str
    name: str
    of: str = ""

    def words(self) -> str:
        """`slot 'chat' of desk`."""
        return f"{self.kind} {self.name!r}" + (f" of {self.of}" if self.of else "")


def wrong_id(id_: str) -> tuple[str, str] | None:
    """What is wrong with an instrument's id, and what to do; None when nothing is.

    Ids stand in addresses and in header values, so they are plain.
    """
    if _ID.fullmatch(id_):
        return None
    return (
        f"{id_!r} cannot be an instrument's id.",
        "Write 1 to 100 letters without accents, digits and - . _, a letter or digit first.",
    )


def check_id(id_: str) -> None:
    """Raises `InvalidInputError` when no instrument may bear this id."""
    wrong = wrong_id(id_)
    if wrong is not None:
        raise InvalidInputError(wrong[0], means="Nothing was recorded.", do=wrong[1])


def in_target(target: Target) -> Iterator[Reference]:
    return _in_fields(target, _TARGET)


def in_scope(scope: Scope) -> Iterator[Reference]:
    return (r for r in _in_fields(scope, _SCOPE) if (r.kind, r.name) != ("contract", "*"))


def in_wind_down(wind_down: WindDown) -> Iterator[Reference]:
    return _in_fields(wind_down, {"parties": "party"})


def in_rebinding(change: Rebinding) -> Iterator[Reference]:
    yield Reference(("service",), "service", change.service)
    for index, slot in enumerate(change.slots):
        yield Reference(("slots", index), "slot", slot, change.service)
    yield from _in_fields(change, {"models": "model or route"})


def in_act(act: Act) -> Iterator[Reference]:
    """What an act names, but for the instruments that it acts on."""
    match act:
        case Stay():
            yield from _in_fields(act, {"parties": "party"})
        case Waive():
            yield from _in_fields(act, _FREED)
        case Delegate():
            yield Reference(("to",), "issuer", act.to)
            yield from _in_fields(act, _FREED)
        case Judge():
            yield Reference(("service",), "service", act.service)
            for index, purpose in enumerate(act.purposes):
                yield Reference(("purposes", index), "purpose", purpose, act.service)
            yield from _in_fields(act, {"routes": "route"})
        case _:
            pass


def in_instrument(instrument: Instrument) -> Iterator[Reference]:
    """All that an instrument names, but for other instruments."""
    yield Reference(("issuer",), "issuer", instrument.issuer)
    if instrument.known_on is not None:
        yield Reference(("known_on",), "network", instrument.known_on)
    for addressee in instrument.served:
        yield Reference(("served", addressee), "addressee", addressee)
    for path, clause in written(instrument):
        for reading in clause.readings:
            yield from _under((*path, "readings", reading.id), in_reading(reading))
    for index, change in enumerate(instrument.rebindings):
        yield from _under(("rebindings", index), in_rebinding(change))
    for index, act in enumerate(instrument.acts):
        yield from _under(("acts", index), in_act(act))


def in_reading(reading: Reading) -> Iterator[Reference]:
    for index, target in enumerate(reading.targets):
        yield from _under(("targets", index), in_target(target))
    yield from _under(("scope",), in_scope(reading.scope))
    if reading.wind_down is not None:
        yield from _under(("wind_down",), in_wind_down(reading.wind_down))


def _in_fields(value: msgspec.Struct, kinds: Mapping[str, str]) -> Iterator[Reference]:
    for field, kind in kinds.items():
        for index, name in enumerate(getattr(value, field)):
            yield Reference((field, index), kind, name)


def _under(path: Path, references: Iterable[Reference]) -> Iterator[Reference]:
    for reference in references:
        yield msgspec.structs.replace(reference, path=(*path, *reference.path))


class Ids:
    """The ids that stand in a directory, by kind of thing."""

    def __init__(self, directory: Directory) -> None:
        self._services = directory.services
        self._by_kind: dict[str, Collection[str]] = {
            "party": directory.parties,
            "issuer": directory.issuers,
            "network": directory.networks,
            "vendor": directory.vendors,
            "model": directory.models,
            "route": directory.routes,
            "service": directory.services,
            "model or route": {**directory.models, **directory.routes},
            "addressee": {**directory.parties, **directory.vendors, **directory.issuers},
            "contract": _contracts(directory),
        }

    def unknown(self, references: Iterable[Reference]) -> Iterator[Reference]:
        """Those that name nothing; what is of an unknown service goes with its service."""
        for reference in references:
            if reference.of and reference.of not in self._services:
                continue
            if reference.name not in self._known(reference):
                yield reference

    def advice(self, reference: Reference) -> str:
        """What the name may have been meant for."""
        return advice(reference.name, self._known(reference))

    def _known(self, reference: Reference) -> Collection[str]:
        if reference.kind == "slot":
            return [slot.name for slot in self._services[reference.of].slots]
        if reference.kind == "purpose":
            return [slot.purpose for slot in self._services[reference.of].slots]
        return self._by_kind[reference.kind]


def _contracts(directory: Directory) -> tuple[str, ...]:
    return tuple(
        relation.contract
        for party in directory.parties.values()
        for relation in party.relations
        if relation.contract is not None
    )


def check_references(directory: Directory, instrument: Instrument) -> None:
    """Raises `InvalidInputError` with all that the instrument names and nothing is."""
    ids = Ids(directory)
    unknown = list(ids.unknown(in_instrument(instrument)))
    if not unknown:
        return
    words = dict.fromkeys(reference.words() for reference in unknown)
    raise InvalidInputError(
        f"{instrument.id} names what is not in the directory: {', '.join(words)}.",
        means="Nothing was recorded.",
        do=f"{ids.advice(unknown[0])} Correct what is named, or add it with `changeover apply`.",
    )


def check_dropped(old: Directory, new: Directory, instruments: Iterable[Instrument]) -> None:
    """Raises `ConflictError` when `new` drops what instruments name and `old` has."""
    before, after = Ids(old), Ids(new)
    named: list[str] = []
    for instrument in instruments:
        references = list(in_instrument(instrument))
        lacking = set(before.unknown(references))
        dropped = [r for r in after.unknown(references) if r not in lacking]
        if dropped:
            words = dict.fromkeys(reference.words() for reference in dropped)
            named.append(f"{instrument.id} names {', '.join(words)}")
    if named:
        raise ConflictError(
            f"The directory lacks what instruments on record name: {'; '.join(named)}.",
            means="Nothing was recorded. Without these names the instruments would reach others "
            "than they say, or nobody.",
            do="Keep the entries. What is no longer used stays in the directory without bindings.",
        )
