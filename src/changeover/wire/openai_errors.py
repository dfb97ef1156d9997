"""Errors in OpenAI's shape, read from vendors and written to clients.

The SDK chooses its exception by the HTTP status and reads `message`, `type`,
`param` and `code` from `error`.
"""

import msgspec

from changeover.conversation.events import Failed
from changeover.wire.failures import read_failure

_TYPES = {
    403: "request_forbidden",
    429: "rate_limit_exceeded",
    451: "request_forbidden",
}


def encode_error(
    status: int, kind: str, message: str, request_id: str, field: str | None = None
) -> bytes:
    """The error body for `status`; `kind` is its `code`, `field` what it is about."""
    default = "server_error" if status >= 500 else "invalid_request_error"
    error = error_object(_TYPES.get(status, default), kind, message, field)
    return msgspec.json.encode({"error": error, "request_id": request_id})


def error_object(
    type_: str, code: str, message: str, field: str | None = None
) -> dict[str, str | None]:
    return {"message": message, "type": type_, "param": field, "code": code}


def decode_error(status: int, body: bytes) -> Failed:
    """A vendor's error; a body that is none gives `http_STATUS` and says so."""
    return read_failure(body, f"http_{status}")
