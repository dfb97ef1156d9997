"""Errors in Anthropic's shape, read from vendors and written to clients.

Source: Anthropic's reference, "Errors". The SDK chooses its exception by the
HTTP status and reads `type`, `message` and `details.error_code` from `error`;
the latter holds Changeover's own code.
"""

from typing import Any

import msgspec

from changeover.conversation.events import Failed
from changeover.wire.errors import ProtocolError
from changeover.wire.failures import read_failure


class ThreadUnsupportedError(ProtocolError):
    """A request to hold the conversation at the vendor, or to go on with one held there.

    The code is the vendor's own: its SDK, whose tool runner asks for a thread by
    default, then sends the whole conversation instead.
    """

    code = "thread_unsupported_request"


_TYPES = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    451: "permission_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_KNOWN = frozenset(_TYPES.values()) | {"invalid_request_error", "api_error"}


def encode_error(status: int, kind: str, message: str, request_id: str) -> bytes:
    """The error body for `status`; `kind` is its `details.error_code`."""
    default = "api_error" if status >= 500 else "invalid_request_error"
    body = error_body(_TYPES.get(status, default), kind, message, request_id)
    return msgspec.json.encode(body)


def type_of(kind: str) -> str:
    """The error type to name for a failure of any vendor's `kind`."""
    return kind if kind in _KNOWN else "api_error"


def error_body(type_: str, code: str, message: str, request_id: str) -> dict[str, Any]:
    error = {"type": type_, "message": message, "details": {"error_code": code}}
    return {"type": "error", "error": error, "request_id": request_id}


def decode_error(status: int, body: bytes) -> Failed:
    """A vendor's error; a body that is none gives `http_STATUS` and says so."""
    return read_failure(body, f"http_{status}")
