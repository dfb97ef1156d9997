"""Errors in Amazon's shape, read from Bedrock and written to clients.

Source: the service model `bedrock-runtime` (the errors of `Converse` and their
statuses) and the Smithy specification of the protocol `restJson1`: the error's type
stands in the header `X-Amzn-Errortype`, or in `__type` of the body, where a namespace
may precede it and an address follow it. Amazon's SDKs raise the exception of that name.
`reason` holds Changeover's own code.
"""

from typing import Any

import msgspec

from changeover.conversation.events import Failed
from changeover.wire.failures import MAX_MESSAGE
from changeover.wire.shapes import UNREADABLE

_TYPES = {
    400: "ValidationException",
    401: "AccessDeniedException",
    402: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    405: "ValidationException",
    408: "ModelTimeoutException",
    413: "ValidationException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    451: "AccessDeniedException",
    503: "ServiceUnavailableException",
    504: "ModelTimeoutException",
    529: "ServiceUnavailableException",
}
# The exceptions that may stand in a stream.
_IN_STREAM = {
    "throttling": "throttlingException",
    "rate_limit": "throttlingException",
    "resource_exhausted": "throttlingException",
    "overloaded": "serviceUnavailableException",
    "unavailable": "serviceUnavailableException",
    "validation": "validationException",
    "invalid": "validationException",
    "internal": "internalServerException",
    "api_error": "internalServerException",
    "upstream": "internalServerException",
}
_SAYS_NOTHING = "The vendor sent an error that does not say what is wrong."


def type_of(status: int) -> str:
    """The name of the exception for a status."""
    return _TYPES.get(status, "InternalServerException" if status >= 500 else _TYPES[400])


def encode_error(status: int, kind: str, message: str, request_id: str) -> bytes:
    """The error body for `status`; `kind` is its `reason`."""
    return msgspec.json.encode(
        {"__type": type_of(status), "message": message, "reason": kind, "requestId": request_id}
    )


def exception_of(kind: str) -> str:
    """The exception that ends a stream for a failure of any vendor's `kind`."""
    lower = kind.lower()
    found = (name for stem, name in _IN_STREAM.items() if lower.startswith(stem))
    return next(found, "modelStreamErrorException")


def decode_error(status: int, body: bytes) -> Failed:
    """Bedrock's error. Where the body names no type, the status tells it."""
    fields = _object(body)
    named = _text(fields, "__type") or _text(fields, "code") or _text(fields, "Code")
    kind = named.rpartition("#")[2].partition(":")[0]
    known = _TYPES.get(status, f"http_{status}")
    return Failed(kind=kind or known, message=message_of(fields))


def decode_exception(kind: str, body: bytes) -> Failed:
    """The exception named `kind` of a stream."""
    return Failed(kind=kind or "error", message=message_of(_object(body)))


def message_of(fields: dict[str, Any]) -> str:
    names = ("message", "Message", "originalMessage")
    said = (_text(fields, name) for name in names)
    return next(filter(None, said), _SAYS_NOTHING)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value[:MAX_MESSAGE] if isinstance(value, str) else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except UNREADABLE:
        return {}
    return value if isinstance(value, dict) else {"message": value}
