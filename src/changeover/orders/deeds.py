"""What an instrument does to others, as its page tells it: act by act, with what it names."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from changeover.orders.model import Act, Instrument
from changeover.orders.names import NamedOrder, named_order
from changeover.orders.ruleset import Ruleset

_TEXTS = ("clause", "result", "conditions", "plan", "approver", "to", "service")
_NAMES = ("parties", "services", "routes", "purposes", "requires")
_FLAGS = ("extends", "from_beginning", "requested", "anew")


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an act says, by the field's name; names are ids."""

    field: str
    values: tuple[str, ...]


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """An act on orders, from `since` (when the instrument takes effect, if None) to `until`."""

    act: str
    orders: tuple[NamedOrder, ...]
    since: datetime | None
    until: datetime | None
    details: tuple[Detail, ...]


def deeds(ruleset: Ruleset, instrument: Instrument) -> tuple[Deed, ...]:
    """The acts of an instrument, on what is on record."""
    return tuple(_deed(ruleset, act) for act in instrument.acts)


def _deed(ruleset: Ruleset, act: Act) -> Deed:
    issued = ruleset.issued
    return Deed(
        act=type(act).__name__.lower(),
        orders=tuple(
            named_order(ruleset.directory, issued[name].instrument)
            for name in act.instruments
            if name in issued
        ),
        since=getattr(act, "since", None),
        until=getattr(act, "until", None),
        details=tuple(_details(act)),
    )


def _details(act: Act) -> Iterator[Detail]:
    for field in _TEXTS:
        text = getattr(act, field, "")
        if text:
            yield Detail(field=field, values=(text,))
    for field in _NAMES:
        names = getattr(act, field, ())
        if names:
            yield Detail(field=field, values=tuple(names))
    for field in _FLAGS:
        if getattr(act, field, False):
            yield Detail(field=field, values=())
    days = getattr(act, "longest_days", None)
    if days is not None:
        yield Detail(field="longest_days", values=(str(days),))
