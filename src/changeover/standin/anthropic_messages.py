"""Anthropic's Messages: keys, refusals, answers and streams, as the vendor writes them.

Written from the vendor's reference (platform.claude.com/docs: messages, errors,
streaming, versioning) and the types of its official SDK.

A key arrives as `x-api-key`, or as `Authorization: Bearer`, which the official
SDKs send since API version 2026-10-21; where both come, `x-api-key` counts.
`anthropic-version` is required.

A stream is message_start, then for each block content_block_start, deltas and
content_block_stop, then message_delta with the stop reason and the figures, then
message_stop; one ping follows the first start of a block. Blocks are those of reasoning,
then the text, in several where it cites, then calls of tools. An empty answer has no block.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.allowances import anthropic_allowance
from changeover.standin.anthropic_betas import without_betas
from changeover.standin.anthropic_documents import cited_blocks
from changeover.standin.anthropic_request import LATEST_VERSION, MessagesAsked, read_request
from changeover.standin.anthropic_signatures import Thought, mint
from changeover.standin.asked import Answered, Asked, Called, Mark, RefusalError
from changeover.standin.calling import filled
from changeover.standin.tokens import count, pieces

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
        known = without_betas(payload, headers.get("anthropic-beta", ""))
        return read_request(known, headers.get("anthropic-version", LATEST_VERSION))

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
            "content": _blocks(asked, answered, mark),
            "stop_reason": _STOP[answered.stop],
            "stop_sequence": answered.stop_sequence,
            "usage": _usage(asked, answered, answered.output_tokens),
        }
        return msgspec.json.encode(message)

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        message = {
            **_message(asked, mark),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _usage(asked, answered, min(1, answered.output_tokens)),
        }
        delta = {"stop_reason": _STOP[answered.stop], "stop_sequence": answered.stop_sequence}
        usage = _usage(asked, answered, answered.output_tokens)
        for only_at_the_start in ("cache_creation", "service_tier"):
            del usage[only_at_the_start]
        blocks = _blocks(asked, answered, mark)
        told = [_block_events(block, at) for at, block in enumerate(blocks)]
        if told:
            told[0].insert(1, _event("ping"))
        return [
            _event("message_start", message=message),
            *(event for events in told for event in events),
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


def _usage(asked: Asked, answered: Answered, output_tokens: int) -> dict[str, Any]:
    own = _own(asked)
    written = min(own.written.tokens, answered.input_tokens)
    thought = sum(count(thought.words) for thought in own.reasons.thoughts)
    by_time = {"5m": 0, "1h": 0} | {own.written.ttl: written}
    usage: dict[str, Any] = {
        "input_tokens": answered.input_tokens - written,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": 0,
        "cache_creation": {
            "ephemeral_5m_input_tokens": by_time["5m"],
            "ephemeral_1h_input_tokens": by_time["1h"],
        },
        "output_tokens": output_tokens + (thought if output_tokens > 1 else 0),
        "service_tier": "standard",
    }
    if thought:
        usage["output_tokens_details"] = {"thinking_tokens": thought}
    return usage


def _own(asked: Asked) -> MessagesAsked:
    """What only this protocol's requests say."""
    if isinstance(asked, MessagesAsked):
        return asked
    return MessagesAsked(model=asked.model, conversation=asked.conversation)


def _blocks(asked: Asked, answered: Answered, mark: Mark) -> list[dict[str, Any]]:
    own = _own(asked)
    text = answered.text
    if own.form is not None and not answered.calls:
        text = filled(own.form, own.last)
    return [
        *(_thought(thought, own) for thought in own.reasons.thoughts),
        *cited_blocks(text, own.cited),
        *(_call(call, at, mark) for at, call in enumerate(answered.calls)),
    ]


def _thought(thought: Thought, own: MessagesAsked) -> dict[str, Any]:
    if thought.redacted:
        return {"type": "redacted_thinking", "data": mint(thought, own.model)}
    return {
        "type": "thinking",
        "thinking": thought.words if own.reasons.shown else "",
        "signature": mint(thought, own.model),
    }


def _call(call: Called, at: int, mark: Mark) -> dict[str, Any]:
    return {
        "type": "tool_use",
        "id": f"toolu_01{mark.secret[:20]}{at:02d}",
        "name": call.name,
        "input": msgspec.Raw(call.arguments.encode()),
    }


def _block_events(block: dict[str, Any], index: int) -> list[bytes]:
    """A block as it is streamed."""
    begin, deltas = _streamed(block)
    return [
        _event("content_block_start", index=index, content_block=begin),
        *(_event("content_block_delta", index=index, delta=delta) for delta in deltas),
        _event("content_block_stop", index=index),
    ]


def _streamed(block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How a block begins, and the deltas that make it whole."""
    match block["type"]:
        case "text":
            words = [{"type": "text_delta", "text": piece} for piece in pieces(block["text"])]
            cited = block.get("citations", [])
            begin: dict[str, Any] = {"type": "text", "text": ""}
            begin |= {"citations": []} if cited else {}
            return begin, [*words, *({"type": "citations_delta", "citation": c} for c in cited)]
        case "thinking":
            words = [
                {"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"])
            ]
            signed = {"type": "signature_delta", "signature": block["signature"]}
            return {"type": "thinking", "thinking": "", "signature": ""}, [*words, signed]
        case "tool_use":
            written = ["", *pieces(bytes(block["input"]).decode())]
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in written]
            return {**block, "input": {}}, deltas
        case _:
            return block, []


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
