"""Instruments and releases as the record keeps them: canonical JSON, instants in UTC."""

from typing import TypeVar

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.orders.model import Imported, Instrument, Issued, Release

Kept = TypeVar("Kept", Imported, Issued, Instrument, Release)


def to_bytes(value: Imported | Issued | Instrument | Release) -> bytes:
    """The canonical bytes of the value."""
    return canonical(value)


def from_bytes(body: bytes, kind: type[Kept]) -> Kept:
    """The value of that kind that `to_bytes` wrote; `InvalidInputError` when it is none."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise InvalidInputError(
            f"This is not a record of kind {kind.__name__.lower()}: {error}."
        ) from error
