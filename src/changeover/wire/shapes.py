"""JSON from outside, read into typed shapes, with errors that name their place.

Whatever the bytes are, a client's give a `ProtocolError` and a vendor's a
`VendorProtocolError`, never anything else.
"""

import re
from typing import Any, TypeVar

import msgspec

from changeover.wire.errors import ProtocolError, VendorProtocolError

T = TypeVar("T")

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_PLACE = re.compile(r" - at `\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `(.+?)`")


def object_from_client(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is."""
    try:
        value = msgspec.json.decode(body)
    except UNREADABLE as error:
        raise ProtocolError(
            "The request's body is not JSON.",
            field=None,
            means=_sentence(str(error)),
            do="Send one JSON object.",
        ) from error
    if not isinstance(value, dict):
        raise ProtocolError(
            "The request's body is not a JSON object.", field=None, do="Send one JSON object."
        )
    return value


def shape_from_client(value: dict[str, Any], shape: type[T], place: str = "") -> T:
    """`value` as a `shape`; the error's field is `place` and what msgspec found below it."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        text = str(error)
        found = _PLACE.search(text)
        reason = text[: found.start()] if found else text
        names = [place, found[1] if found else ""]
        if missing := _MISSING.search(reason):
            names.append(missing[1])
            reason = "It is required"
        field = ".".join(name for name in names if name)
        raise ProtocolError(
            f"The field {field} cannot be read: {reason}.",
            field=field,
            do="Correct the field and send the request again.",
        ) from error


def straight(decoder: msgspec.json.Decoder[T], body: bytes) -> T | None:
    """`body` at once as a strict shape, which knows all that it may hold; None for any other.

    Most requests are made of nothing but fields that are carried. Reading them so spares the
    detour over dicts, which is there to find what is not, and to say where.
    """
    try:
        return decoder.decode(body)
    except UNREADABLE:
        return None


def from_vendor(decoder: msgspec.json.Decoder[T], body: bytes, what: str) -> T:
    """`body` as the decoder's shape; `what` names it in the error ("an answer")."""
    try:
        return decoder.decode(body)
    except UNREADABLE as error:
        raise VendorProtocolError(
            f"The vendor sent {what} that cannot be read.",
            means=_sentence(str(error)),
        ) from error


def _sentence(text: str) -> str:
    return text.rstrip(".") + "."
