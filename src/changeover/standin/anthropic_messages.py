"""Anthropic's Messages: keys, refusals, answers and streams, as the vendor writes them.

Written from the vendor's reference (platform.claude.com/docs: messages, errors,
streaming, versioning) and the types of its official SDK.

A key arrives as `x-api-key`, or as `Authorization: Bearer`, which the official
SDKs send since API version 2026-10-21; where both come, `x-api-key` counts.
`anthropic-version` is required.

A stream is message_start, then for the text content_block_start, ping, deltas
and content_block_stop, then the same for each call of a tool, then message_delta
with the stop reason and the figures, then message_stop. An empty answer has no block.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.allowances import anthropic_allowance
from changeover.standin.anthropic_request import LATEST_VERSION, read_request
from changeover.standin.asked import Answered, Asked, Called, Mark, RefusalError
from changeover.standin.tokens import pieces

_INVALID = "invalid_request_error"
_VERSIONS = ("2023-01-01", "2023-06-01", LATEST_VERSION)
_STOP = {
    "end": "end_turn",
    "length": "max_tokens",
    "stop-sequence": "stop_sequence",
    "tool-use": "tool_use",
}
_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_WORDS = {
    "authentication_error": "invalid x-api-key",
    "permission_error": "Your API key does not have permission to use the specified resource.",
    "rate_limit_error": "This request would exceed your account's rate limit.",
    "overloaded_error": "Overloaded",
    "api_error": "Internal server error",
}


class AnthropicMessages:
    """Anthropic's protocol. A value without state."""

    def key(self, headers: Mapping[str, str]) -> str:
        key = headers.get("x-api-key", "").strip()
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not key and scheme.lower() == "bearer":
            key = token.strip()
        if not key:
            raise RefusalError(401, "authentication_error", "x-api-key header is required")
        version = headers.get("anthropic-version")
        if version is None:
            raise RefusalError(400, _INVALID, "anthropic-version: header is required")
        if version not in _VERSIONS:
            message = f'anthropic-version: "{version}" is not a valid version'
            raise RefusalError(400, _INVALID, message)
        return key

    def read(self, payload: bytes, headers: Mapping[str, str]) -> Asked:
        return read_request(payload, headers.get("anthropic-version", LATEST_VERSION))

    def unknown_model(self, model: str) -> RefusalError:
        return RefusalError(404, "not_found_error", f"model: {model}")

    def no_such_path(self, _method: str, _path: str) -> RefusalError:
        return RefusalError(404, "not_found_error", "Not Found")

    def wrong_method(self, _method: str, _path: str) -> RefusalError:
        return RefusalError(405, _INVALID, "Method Not Allowed")

    def oversized(self) -> RefusalError:
        return RefusalError(413, "request_too_large", "Request exceeds the maximum size")

    def fault(self, status: int) -> RefusalError:
        kind = _KINDS.get(status, "api_error" if status >= 500 else _INVALID)
        return RefusalError(status, kind, _WORDS.get(kind, kind.replace("_", " ")))

    def headers(self, mark: Mark) -> dict[str, str]:
        return {"request-id": _request_id(mark), **anthropic_allowance(mark.created)}

    def refused(self, refusal: RefusalError, mark: Mark) -> bytes:
        error = {"type": refusal.kind, "message": refusal.message}
        return msgspec.json.encode(
            {"type": "error", "error": error, "request_id": _request_id(mark)}
        )

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        message = {
            **_message(asked, mark),
            "content": [
                *([{"type": "text", "text": answered.text}] if answered.text else []),
                *(_call(call, at, mark) for at, call in enumerate(answered.calls)),
            ],
            "stop_reason": _STOP[answered.stop],
            "stop_sequence": answered.stop_sequence,
            "usage": _usage(answered.input_tokens, answered.output_tokens),
        }
        return msgspec.json.encode(message)

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        message = {
            **_message(asked, mark),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _usage(answered.input_tokens, min(1, answered.output_tokens)),
        }
        delta = {"stop_reason": _STOP[answered.stop], "stop_sequence": answered.stop_sequence}
        usage = {
            "input_tokens": answered.input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": answered.output_tokens,
        }
        return [
            _event("message_start", message=message),
            *_text_events(answered.text),
            *(
                event
                for at, call in enumerate(answered.calls)
                for event in _call_events(call, at, mark)
            ),
            _event("message_delta", delta=delta, usage=usage),
            _event("message_stop"),
        ]

    def catalogue(self, _host: str, models: Sequence[str]) -> bytes:
        page = {
            "data": [_model(model) for model in models],
            "has_more": False,
            "first_id": models[0] if models else None,
            "last_id": models[-1] if models else None,
        }
        return msgspec.json.encode(page)

    def entry(self, _host: str, model: str) -> bytes:
        return msgspec.json.encode(_model(model))


def _request_id(mark: Mark) -> str:
    return f"req_011C{mark.secret[:20]}"


def _message(asked: Asked, mark: Mark) -> dict[str, Any]:
    return {
        "id": f"msg_01{mark.secret[:22]}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
    }


def _usage(input_tokens: int, output_tokens: int) -> dict[str, Any]:
    return {
        "input_tokens": input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def _text_events(text: str) -> list[bytes]:
    if not text:
        return []
    return [
        _event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        _event("ping"),
        *(
            _event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
            for piece in pieces(text)
        ),
        _event("content_block_stop", index=0),
    ]


def _call(call: Called, at: int, mark: Mark) -> dict[str, Any]:
    return {
        "type": "tool_use",
        "id": f"toolu_01{mark.secret[:20]}{at:02d}",
        "name": call.name,
        "input": msgspec.Raw(call.arguments.encode()),
    }


def _call_events(call: Called, at: int, mark: Mark) -> list[bytes]:
    """A call's block, after the text's."""
    block = {**_call(call, at, mark), "input": {}}
    written = ["", *pieces(call.arguments)]
    return [
        _event("content_block_start", index=at + 1, content_block=block),
        *(
            _event(
                "content_block_delta",
                index=at + 1,
                delta={"type": "input_json_delta", "partial_json": piece},
            )
            for piece in written
        ),
        _event("content_block_stop", index=at + 1),
    ]


def _event(kind: str, **fields: Any) -> bytes:
    data = msgspec.json.encode({"type": kind, **fields})
    return b"event: " + kind.encode() + b"\ndata: " + data + b"\n\n"


def _model(model: str) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model,
        "display_name": model,
        "created_at": "1970-01-01T00:00:00Z",
        "lifecycle": "active",
    }
