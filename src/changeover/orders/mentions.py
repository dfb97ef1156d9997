"""What names a thing of the directory: other things of it, and instruments on record."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.directory.model import Binding, Directory
from changeover.directory.writing import SECTIONS, ThingKind, binding_id
from changeover.orders.model import Instrument
from changeover.orders.references import in_instrument

_FIELDS: Mapping[str, Mapping[str, ThingKind]] = {
    "party": {"part_of": "party"},
    "issuer": {
        "party": "party",
        "binds": "party",
        "regulates": "party",
        "contracts_of": "party",
        "may_act_on": "issuer",
        "vendor": "vendor",
    },
    "network": {"owner": "party"},
    "vendor": {},
    "model": {"maker": "vendor", "derived_from": "model"},
    "route": {"model": "model", "host": "vendor", "reseller": "vendor"},
    "service": {"party": "party", "network": "network"},
    "binding": {"service": "service"},
}
_KINDS: Mapping[str, tuple[ThingKind, ...]] = {
    "model or route": ("model", "route"),
    "addressee": ("party", "vendor", "issuer"),
}


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """Something that names a thing: of the directory, by its kind, or an instrument."""

    kind: ThingKind | Literal["instrument"]
    id: str
    name: Bilingual


def name_of(value: Any) -> Bilingual:
    """What a thing is called; a route and a binding by what they are of."""
    if isinstance(value, Binding):
        words = f"{value.service}, {value.slot}"
        return Bilingual(en=words, fr=words)
    name = getattr(value, "name", value.id)
    return name if isinstance(name, Bilingual) else Bilingual(en=name, fr=name)


def mentions(
    directory: Directory, instruments: Iterable[Instrument], kind: ThingKind, id_: str
) -> Iterator[Mention]:
    """All that names a thing; it cannot be removed while anything does."""
    for other, section in SECTIONS.items():
        for value in getattr(directory, section).values():
            if (kind, id_) in _named(other, value):
                yield Mention(kind=other, id=value.id, name=name_of(value))  # type: ignore[arg-type]
    for binding in directory.bindings:
        if (kind, id_) in _named("binding", binding):
            yield Mention(kind="binding", id=binding_id(binding), name=name_of(binding))
    for instrument in instruments:
        if any(id_ == r.name and kind in _kinds(r.kind) for r in in_instrument(instrument)):
            yield Mention(kind="instrument", id=instrument.id, name=instrument.title)


def _kinds(kind: str) -> tuple[str, ...]:
    return _KINDS.get(kind, (kind,))


def _named(kind: str, value: Any) -> set[tuple[str, str]]:
    """What a thing names, by kind and id."""
    found: set[tuple[str, str]] = set()
    for field, of in _FIELDS[kind].items():
        held = getattr(value, field)
        names = held if isinstance(held, tuple) else (held,)
        found.update((of, name) for name in names if name is not None)
    if kind == "party":
        found.update(("party", relation.to) for relation in value.relations)
    if kind == "binding":
        found.update((of, name) for name in value.models for of in ("model", "route"))
    return found
