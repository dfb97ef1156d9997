"""The calls that the gateway is measured with: about 1 KB each way, or 32 events.

The answer is 32 pieces, streamed one to an event or given whole. Whatever lies
between must deliver every piece, in order, and the protocol's own end.
"""

import re
from typing import Any

import msgspec

EVENTS = 32
_PIECES = tuple(f"piece-{number:02} of the answer, " for number in range(EVENTS))
ANSWER = "".join(_PIECES)
_PIECE = re.compile(rb"piece-\d\d of the answer, ")
_QUESTION = "Say what a changeover is, in the words of a projectionist. " * 14
_SERVED = "gpt-4.1-2025-04-14"
_ID = "chatcmpl-benchmark"
_DONE = b"data: [DONE]\n\n"


class IncompleteError(Exception):
    """An answer that lacks something of what was sent."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of call: its path and body, and how its answer ends."""

    name: str
    path: str
    body: bytes
    stream: bool
    end: bytes

    def check(self, status: int, body: bytes) -> None:
        """`IncompleteError` unless the answer has every piece in order, and its end."""
        found = b"".join(_PIECE.findall(body)).decode()
        if status != 200 or found != ANSWER or self.end not in body[-200:]:
            raise IncompleteError(f"{self.name}: HTTP {status}, {body[:300]!r} … {body[-100:]!r}")


def _request(*, stream: bool) -> bytes:
    body: dict[str, Any] = {
        "model": "gpt-4.1",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": _QUESTION},
        ],
        "temperature": 0.2,
        "max_tokens": 400,
        "stream": stream,
    }
    if stream:
        body["stream_options"] = {"include_usage": True}
    return msgspec.json.encode(body)


def _usage() -> dict[str, int]:
    return {"prompt_tokens": 180, "completion_tokens": 224, "total_tokens": 404}


def whole_answer() -> bytes:
    """A Chat Completions answer as OpenAI gives it."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": ANSWER,
        "refusal": None,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return msgspec.json.encode(
        {
            "id": _ID,
            "object": "chat.completion",
            "created": 1_772_000_000,
            "model": _SERVED,
            "choices": [choice],
            "usage": _usage(),
            "service_tier": "default",
            "system_fingerprint": "fp_benchmark",
        }
    )


def streamed_answer() -> list[bytes]:
    """The same answer as server-sent events, with the counts that the request asks for."""
    first: dict[str, Any] = {"role": "assistant", "content": _PIECES[0], "refusal": None}
    deltas = [first, *({"content": piece} for piece in _PIECES[1:])]
    choices = [_choice(delta, None) for delta in deltas] + [_choice({}, "stop")]
    events = [_chunk([choice], None) for choice in choices]
    return [*events, _chunk([], _usage()), _DONE]


def stamped_event(instant: float) -> bytes:
    """A stream's first event, whose text tells an instant."""
    delta = {"role": "assistant", "content": f"stamp {instant:.6f} end ", "refusal": None}
    return _chunk([_choice(delta, None)], None)


def _choice(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _chunk(choices: list[dict[str, Any]], usage: dict[str, int] | None) -> bytes:
    body = {
        "id": _ID,
        "object": "chat.completion.chunk",
        "created": 1_772_000_000,
        "model": _SERVED,
        "service_tier": "default",
        "system_fingerprint": "fp_benchmark",
        "choices": choices,
        "usage": usage,
    }
    return b"data: " + msgspec.json.encode(body) + b"\n\n"


_PATH = "/v1/chat/completions"
WHOLE = Exchange(
    name="non-streamed", path=_PATH, body=_request(stream=False), stream=False, end=b"}"
)
STREAMED = Exchange(
    name="streamed", path=_PATH, body=_request(stream=True), stream=True, end=b"data: [DONE]"
)
