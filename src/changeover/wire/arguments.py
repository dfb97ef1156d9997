"""A call's arguments: JSON text in one protocol, an object in another.

A model can write text that is no JSON object, or be cut off within it. Where an
object is needed, such text is put into one under `INVALID_JSON`, as Anthropic's
reference ("Fine-grained tool streaming") advises.
"""

import msgspec

from changeover.wire.shapes import UNREADABLE

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_anything = msgspec.json.Decoder()
NONE = b"{}"


def is_object(arguments: str) -> bool:
    """Whether the text is one whole JSON object."""
    try:
        _anything.decode(arguments)
        _object.decode(arguments)
    except UNREADABLE:
        return False
    return True


def says_nothing(arguments: str) -> bool:
    """Whether the text stands for no arguments: blank, or `null`, which some servers write."""
    return arguments.strip() in {"", "null"}


def as_object(arguments: str) -> msgspec.Raw:
    """The object that the text is, as it is written; else one that holds the text."""
    if says_nothing(arguments):
        return msgspec.Raw(NONE)
    if is_object(arguments):
        return msgspec.Raw(arguments.encode())
    return msgspec.Raw(msgspec.json.encode({"INVALID_JSON": arguments}))
