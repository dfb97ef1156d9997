"""Fields that a request may have only beside a header that asks for them (`anthropic-beta`).

Source: Anthropic's reference, "Beta headers" and "Context editing". Without its header the
vendor does not know such a field. A stand-in's conversations are short, so that there is
nothing in them to be cleared.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.standin.asked import RefusalError

_EDITS = frozenset({"clear_thinking_20251015", "clear_tool_uses_20250919"})


def without_betas(payload: bytes, asked: str) -> bytes:
    """The body without the fields that the header `asked` lets in, once they are checked."""
    known = [_BETAS[name] for each in asked.split(",") if (name := each.strip()) in _BETAS]
    fields = {field: check for field, check in known if f'"{field}"'.encode() in payload}
    if not fields:
        return payload
    try:
        body: Any = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return payload
    if not isinstance(body, dict):
        return payload
    for field, check in fields.items():
        if field in body:
            check(field, body.pop(field))
    return msgspec.json.encode(body)


def _check_edits(field: str, value: Any) -> None:
    edits = value.get("edits", []) if isinstance(value, Mapping) else None
    if not isinstance(edits, list):
        raise RefusalError(400, "invalid_request_error", f"{field}: Input should be an object")
    for index, edit in enumerate(edits):
        kind = edit.get("type") if isinstance(edit, dict) else None
        if kind not in _EDITS:
            raise RefusalError(
                400,
                "invalid_request_error",
                f"{field}.edits.{index}: Input tag {kind!r} found using 'type' does not match any "
                "of the expected tags",
            )


_BETAS = {"context-management-2025-06-27": ("context_management", _check_edits)}
