"""What becomes of a feature: carried, converted, reported or refused.

* carried: the vendor gets it as it was said,
* converted: the vendor gets it in another form, with the same meaning,
* reported: the vendor does not get it, or gets less; the reply names the fields,
* refused: the request is answered 400 and names the field; no vendor gets anything.
"""

from typing import Any, Literal

import msgspec

from changeover.wire.fields import Table

Kind = Literal["carried", "converted", "reported", "refused"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a feature. `fields` are those named, `receives` a pattern of the body."""

    kind: Kind
    fields: tuple[str, ...] = ()
    receives: Any = {}


def carried(receives: Any) -> Outcome:
    return Outcome(kind="carried", receives=receives)


def converted(receives: Any) -> Outcome:
    return Outcome(kind="converted", receives=receives)


def reported(*fields: str, receives: Any = None) -> Outcome:
    return Outcome(kind="reported", fields=fields, receives=receives or {})


def refused(field: str) -> Outcome:
    return Outcome(kind="refused", fields=(field,))


READ = carried({})


def table(given: Table, *names: str, place: str = "") -> Outcome:
    """What a protocol's own field table says of the fields `names`, which stand at `place`."""
    lost: list[str] = []
    for name in names:
        kind = given[name].kind if name in given else "reported"
        written = f"{place}.{name}" if place else name
        if kind == "refused":
            return refused(written)
        if kind == "reported":
            lost.append(written)
    return reported(*lost) if lost else READ


def part_of(given: Table, name: str, place: str) -> Outcome:
    """Refused where the table of parts does not know the kind of part `name`."""
    return READ if name in given else refused(place)


def both(first: Outcome, second: Outcome) -> Outcome:
    """Two parts of one feature: refused where either is, else all that is lost."""
    for each in (first, second):
        if each.kind == "refused":
            return each
    lost = (*first.fields, *second.fields)
    return reported(*lost) if lost else READ
