"""What changes between one directory and the next, for `changeover apply` to show first.

Applying the same directory twice changes nothing. A binding has no id; it is
known by its service, slot and beginning. Whether something may be removed is
not decided here: a directory that still refers to it is not whole (`check.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from changeover.directory.model import Directory

_KINDS = {
    "parties": "party",
    "issuers": "issuer",
    "networks": "network",
    "vendors": "vendor",
    "models": "model",
    "routes": "route",
    "services": "service",
}


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field before and after, as plain JSON values; None where it was or is not set."""

    field: str
    before: Any
    after: Any


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing added, changed or removed. `kind` is `party`, … `binding`, or `directory`.

    A change lists the fields that differ; an addition those it sets, a removal
    those it had.
    """

    action: Literal["added", "changed", "removed"]
    kind: str
    id: str
    fields: tuple[FieldChange, ...]


def difference(old: Directory | None, new: Directory) -> tuple[Change, ...]:
    """The changes from `old` (None: nothing yet) to `new`, in the directory's order."""
    before = {} if old is None else _plain(old)
    after = _plain(new)
    return tuple(_changes(before, after))


def _plain(directory: Directory) -> dict[tuple[str, str], dict[str, Any]]:
    """Each thing's fields as plain values, by kind and id."""
    plain: dict[tuple[str, str], dict[str, Any]] = {("directory", "zone"): {"zone": directory.zone}}
    if directory.holidays is not None:
        plain["directory", "holidays"] = _json(directory.holidays)
    for section, kind in _KINDS.items():
        for id_, value in getattr(directory, section).items():
            plain[kind, id_] = _json(value)
    for binding in directory.bindings:
        fields = _json(binding)
        plain["binding", f"{binding.service}/{binding.slot}@{fields['since']}"] = fields
    return plain


def _json(value: msgspec.Struct) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return fields


def _changes(
    before: Mapping[tuple[str, str], dict[str, Any]],
    after: Mapping[tuple[str, str], dict[str, Any]],
) -> Iterator[Change]:
    for key, fields in after.items():
        was = before.get(key)
        if was is None:
            yield _change("added", key, {}, fields)
        elif was != fields:
            yield _change("changed", key, was, fields)
    for key, fields in before.items():
        if key not in after:
            yield _change("removed", key, fields, {})


def _change(
    action: Literal["added", "changed", "removed"],
    key: tuple[str, str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Change:
    differing = (
        FieldChange(field=field, before=before.get(field), after=after.get(field))
        for field in dict.fromkeys([*before, *after])
        if field != "id" and before.get(field) != after.get(field)
    )
    return Change(action=action, kind=key[0], id=key[1], fields=tuple(differing))
