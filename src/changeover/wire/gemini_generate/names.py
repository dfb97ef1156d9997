"""Fields under their JSON names.

The vendor's parser (ProtoJSON) takes each field in camel case and in snake case,
and one value where a list is meant; its documentation uses all of it.
"""

from typing import Any

from changeover.wire.errors import ProtocolError


def in_camel_case(given: dict[str, Any], place: str = "") -> dict[str, Any]:
    """`given` with its own fields (not those below them) in camel case; itself if they are."""
    if "_" not in "".join(given):
        return given
    renamed: dict[str, Any] = {}
    for name, value in given.items():
        first, *others = name.split("_")
        camel = first + "".join(each[:1].upper() + each[1:] for each in others) if first else name
        if camel in renamed:
            field = f"{place}.{camel}" if place else camel
            raise ProtocolError(
                f"The field {field} is given twice.", field=field, do="Give it once."
            )
        renamed[camel] = value
    return renamed


def listed(value: Any) -> Any:
    """A list for a single object; anything else as it is."""
    return [value] if isinstance(value, dict) else value
