"""A directory as people write it: the plain value that `source.load` reads back.

What is at its default is left out, so that a form holds what somebody said. Reading
what was written gives the same directory.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from changeover.directory.model import Binding, Directory, Service

SECTIONS: Mapping[str, str] = {
    "party": "parties",
    "issuer": "issuers",
    "network": "networks",
    "vendor": "vendors",
    "model": "models",
    "route": "routes",
    "service": "services",
}
"""The section that each kind of thing stands in."""

ThingKind = Literal["party", "issuer", "network", "vendor", "model", "route", "service", "binding"]


def written(directory: Directory) -> dict[str, Any]:
    """The whole directory, as one file would hold it."""
    found: dict[str, Any] = {"zone": directory.zone}
    if directory.holidays is not None:
        found["holidays"] = form_of(directory.holidays, ZoneInfo(directory.zone))
    for section in SECTIONS.values():
        values: Mapping[str, msgspec.Struct] = getattr(directory, section)
        found[section] = {
            id_: form_of(value, ZoneInfo(directory.zone)) for id_, value in values.items()
        }
    found["bindings"] = [
        form_of(binding, ZoneInfo(directory.zone)) for binding in directory.bindings
    ]
    return found


def form_of(value: msgspec.Struct, zone: ZoneInfo) -> dict[str, Any]:
    """The form of one thing, without its id; instants are local with their offset."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(value):
        each = getattr(value, field.name)
        if field.name == "id" or (not field.required and each == field.default):
            continue
        found[field.encode_name] = _plain(each, zone)
    if isinstance(value, Service):
        found["slots"] = {slot.name: slot.purpose for slot in value.slots}
    if isinstance(value, Binding) and value.weights:
        found["weights"] = {each.route: each.share for each in value.weights}
    return found


def binding_id(binding: Binding) -> str:
    """What a binding is known by: `service/slot@since`, as its difference says it."""
    since: str = msgspec.to_builtins(binding.since)
    return f"{binding.service}/{binding.slot}@{since}"


def _plain(value: Any, zone: ZoneInfo) -> Any:
    match value:
        case datetime():
            return value.astimezone(zone).isoformat()
        case msgspec.Struct():
            return form_of(value, zone)
        case tuple():
            return [_plain(one, zone) for one in value]
        case _:
            return value
