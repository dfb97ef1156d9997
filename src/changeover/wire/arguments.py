"""A call's arguments: JSON text in one protocol, an object in another.

A model can write text that is no JSON object, or be cut off within it. Where an
object is needed, such text is put into one under `INVALID_JSON`, as Anthropic's
reference ("Fine-grained tool streaming") advises.
"""

from typing import Any

import msgspec

from changeover.wire.shapes import UNREADABLE

_object: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])
NONE = b"{}"


def is_object(arguments: str) -> bool:
    """Whether the text is one whole JSON object."""
    try:
        _object.decode(arguments)
    except UNREADABLE:
        return False
    return True


def says_nothing(arguments: str) -> bool:
    """Whether the text stands for no arguments: blank, or `null`, which some servers write."""
    return arguments.strip() in {"", "null"}


def as_object(arguments: str) -> tuple[msgspec.Raw, bool]:
    """The object that the text is, as it is written, and True; else one around it, and False."""
    if says_nothing(arguments):
        return msgspec.Raw(NONE), True
    if is_object(arguments):
        return msgspec.Raw(arguments.encode()), True
    return msgspec.Raw(msgspec.json.encode({"INVALID_JSON": arguments})), False
