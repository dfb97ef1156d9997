"""Errors in Google's shape, read from vendors and written to clients.

Source: Google's design guide for APIs, "Errors" (AIP-193). The SDK chooses its
exception by the HTTP status and reads `message` and `status` from `error`;
`reason` of the `ErrorInfo` in `details` holds Changeover's own code.
"""

from typing import Any

import msgspec

from changeover.conversation.events import Failed
from changeover.wire.failures import read_failure

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


def decode_error(status: int, body: bytes) -> Failed:
    """A vendor's error; a body that is none gives `http_STATUS` and says so."""
    return read_failure(body, f"http_{status}")
