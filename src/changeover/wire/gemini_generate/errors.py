"""Errors in Google's shape, read from vendors and written to clients.

Source: Google's design guide for APIs, "Errors" (AIP-193). The SDK chooses its
exception by the HTTP status and reads `message` and `status` from `error`;
`reason` of the `ErrorInfo` in `details` holds Changeover's own code. A vendor's details
may say when to try again (`RetryInfo`) and which fields are wrong (`BadRequest`); where
its message does not, they are added to it.
"""

from typing import Any

import msgspec

from changeover.conversation.events import Failed
from changeover.wire.failures import MAX_MESSAGE, read_failure
from changeover.wire.shapes import UNREADABLE

_STATUSES = {
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    429: "RESOURCE_EXHAUSTED",
    451: "PERMISSION_DENIED",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def encode_error(status: int, kind: str, message: str, request_id: str) -> bytes:
    """The error body for `status`; `kind` is the reason in its details."""
    return msgspec.json.encode({"error": error_object(status, kind, message, request_id)})


def error_object(status: int, kind: str, message: str, request_id: str) -> dict[str, Any]:
    default = "INTERNAL" if status >= 500 else "INVALID_ARGUMENT"
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": kind.upper(),
        "domain": "changeover",
        "metadata": {"requestId": request_id},
    }
    return {
        "code": status,
        "message": message,
        "status": _STATUSES.get(status, default),
        "details": [info],
    }


class _Violation(msgspec.Struct):
    description: str = ""


class _Detail(msgspec.Struct, rename="camel"):
    retry_delay: str = ""
    field_violations: list[_Violation] = []


class _Error(msgspec.Struct):
    details: list[_Detail] = []


class _Body(msgspec.Struct):
    error: _Error


_bodies = msgspec.json.Decoder(_Body | list[_Body])


def decode_error(status: int, body: bytes) -> Failed:
    """A vendor's error; a body that is none gives `http_STATUS` and says so."""
    failed = read_failure(body, f"http_{status}")
    message = " ".join([failed.message, *_told(body, failed.message)])
    return Failed(kind=failed.kind, message=message[:MAX_MESSAGE])


def _told(body: bytes, message: str) -> list[str]:
    """What the details say and the message does not."""
    try:
        read = _bodies.decode(body)
    except UNREADABLE:
        return []
    bodies = read if isinstance(read, list) else [read]
    details = [detail for each in bodies for detail in each.error.details]
    said = [v.description for detail in details for v in detail.field_violations]
    found = [description for description in said if description and description not in message]
    delays = [detail.retry_delay for detail in details if detail.retry_delay]
    if delays and "retry in" not in message:
        found.append(f"Please retry in {delays[0]}.")
    return found
