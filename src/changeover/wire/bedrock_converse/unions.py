"""Unions: objects of which exactly one field is set, and which field says what they are."""

from typing import Any

import msgspec

from changeover.wire.errors import ProtocolError
from changeover.wire.fields import CARRIED, Table, review


class Member(msgspec.Struct, frozen=True):
    """The field of a union that is set, what it holds, and where that stands."""

    name: str
    value: Any
    place: str

    @property
    def fields(self) -> dict[str, Any]:
        """What it holds, as an object; `ProtocolError` where it is none."""
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        return self.value

    @property
    def text(self) -> str:
        """What it holds, as text; `ProtocolError` where it is none."""
        if not isinstance(self.value, str):
            raise self._wrong("text")
        return self.value

    def _wrong(self, what: str) -> ProtocolError:
        return ProtocolError(
            f"The field {self.place} is not {what}.",
            field=self.place,
            do="Correct the field and send the request again.",
        )


def member_of(given: Any, table: Table, place: str) -> Member:
    """The one field of `given` that is set; `ProtocolError` for none, several or another."""
    if not isinstance(given, dict):
        raise ProtocolError(
            f"The field {place} is not an object.",
            field=place,
            do="Send an object with one field that says what it is.",
        )
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1 or named[0] not in table:
        raise ProtocolError(
            f"The field {place} must hold exactly one of {', '.join(table)}.",
            field=place,
            means=f"It holds {', '.join(map(str, named)) or 'nothing'}.",
            do="Send one of them.",
        )
    (name,) = named
    if table[name] is not CARRIED:
        review({name: given[name]}, {name: table[name]}, place)
    return Member(name, given[name], f"{place}.{name}")
