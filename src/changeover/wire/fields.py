"""What becomes of each field that a client may write.

Every field of a protocol's published schema has a treatment, and a test holds
the tables against the vendors' own SDKs:

* carried: it reaches the vendor as it is,
* converted: it reaches the vendor in another form, or is read with its own table,
* refused: the answer would not be what was asked for, so the request is not served,
* reported: the answer is still one to the question asked; the loss is told.

A field that is null is as absent, and so are an empty list or object and a
value that asks for nothing (`neutral`) where the treatment is refused or
reported. A field that no table knows is reported.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from changeover.conversation.model import Loss
from changeover.wire.errors import ProtocolError

Kind = Literal["carried", "converted", "refused", "reported"]


class Treatment(msgspec.Struct, frozen=True):
    """What is done with one field; `inner` is the table of an object's own fields."""

    kind: Kind
    why: str = ""
    neutral: tuple[Any, ...] = ()
    inner: "Mapping[str, Treatment] | None" = None


Table = Mapping[str, Treatment]

CARRIED = Treatment("carried")


def converted(why: str, inner: Table | None = None) -> Treatment:
    return Treatment("converted", why, (), inner)


def refused(why: str, *neutral: Any) -> Treatment:
    return Treatment("refused", why, neutral)


def reported(why: str, *neutral: Any) -> Treatment:
    return Treatment("reported", why, neutral)


def review(given: Mapping[str, Any], table: Table, place: str = "") -> list[Loss]:
    """The losses among the fields of `given`; `ProtocolError` for one that is refused.

    `place` is where the object stands in the request (`messages[0]`), empty
    for the request itself.
    """
    losses: list[Loss] = []
    for name, value in given.items():
        treatment = table.get(name)
        if value is None or treatment is CARRIED:
            continue
        field = f"{place}.{name}" if place else name
        if treatment is None:
            losses.append(Loss(field=field, why="This field is not known and is not carried."))
        elif treatment.inner is not None and isinstance(value, dict):
            losses += review(value, treatment.inner, field)
        elif treatment.kind in {"refused", "reported"} and not _asks_nothing(value, treatment):
            losses.append(_refuse_or_report(field, treatment))
    return losses


def _asks_nothing(value: Any, treatment: Treatment) -> bool:
    return value in ([], {}) or value in treatment.neutral


def _refuse_or_report(field: str, treatment: Treatment) -> Loss:
    if treatment.kind == "refused":
        raise ProtocolError(
            f"The field {field} is not supported here.",
            field=field,
            means=treatment.why,
            do="Leave it out.",
        )
    return Loss(field=field, why=treatment.why)
