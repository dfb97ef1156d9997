"""OpenAI's Responses: answers and streams, as the vendor writes them.

Written from the vendor's reference (developers.openai.com/api/reference,
responses and its streaming events) and the types of its official SDK. Keys,
refusals and models are as in Chat Completions.

A stream is the response created and in progress, a message with one part that
comes word by word, calls whose arguments come so, and the response completed or
incomplete; every event is numbered, and nothing follows the last.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark
from changeover.standin.openai_chat import OpenAIChat
from changeover.standin.responses_request import read_request
from changeover.standin.tokens import pieces

_ENDS = {
    "end": "completed",
    "stop-sequence": "completed",
    "tool-use": "completed",
    "length": "incomplete",
}


class OpenAIResponses(OpenAIChat):
    """OpenAI's other protocol. A value without state."""

    def read(self, payload: bytes, _headers: Mapping[str, str]) -> Asked:
        return read_request(payload)

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        return msgspec.json.encode(_ended(asked, answered, mark))

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        begun = _response(asked, mark, "in_progress")
        ended = _ended(asked, answered, mark)
        events: list[dict[str, Any]] = [
            {"type": "response.created", "response": begun},
            {"type": "response.in_progress", "response": begun},
        ]
        for index, item in enumerate(ended["output"]):
            place = {"item_id": item["id"], "output_index": index}
            of_kind = _call_events if item["type"] == "function_call" else _message_events
            opened, *pieces_of = of_kind(item, place)
            events += [
                {"type": "response.output_item.added", "output_index": index, "item": opened},
                *pieces_of,
                {"type": "response.output_item.done", "output_index": index, "item": item},
            ]
        events.append({"type": f"response.{ended['status']}", "response": ended})
        return [_event(number, event) for number, event in enumerate(events)]


def _message_events(item: dict[str, Any], place: dict[str, Any]) -> list[dict[str, Any]]:
    """The message as it opens, then the events of its one part."""
    text = item["content"][0]["text"]
    place = {**place, "content_index": 0}
    words = [
        {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
        for piece in pieces(text)
    ]
    return [
        {**item, "status": "in_progress", "content": []},
        {"type": "response.content_part.added", **place, "part": _part("")},
        *words,
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": _part(text)},
    ]


def _call_events(item: dict[str, Any], place: dict[str, Any]) -> list[dict[str, Any]]:
    """The call as it opens, then the events of its arguments."""
    kind, arguments = "response.function_call_arguments", item["arguments"]
    return [
        {**item, "status": "in_progress", "arguments": ""},
        *[{"type": f"{kind}.delta", **place, "delta": piece} for piece in pieces(arguments)],
        {"type": f"{kind}.done", **place, "arguments": arguments, "name": item["name"]},
    ]


def _ended(asked: Asked, answered: Answered, mark: Mark) -> dict[str, Any]:
    status = _ENDS[answered.stop]
    incomplete = {"reason": "max_output_tokens"} if status == "incomplete" else None
    return {
        **_response(asked, mark, status),
        "incomplete_details": incomplete,
        "output": _items(answered, mark, status),
        "usage": _usage(answered),
    }


def _items(answered: Answered, mark: Mark, status: str) -> list[dict[str, Any]]:
    message = {
        "id": f"msg_{mark.secret}",
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": [_part(answered.text)],
    }
    calls = [
        {
            "id": f"fc_{mark.secret}{at:02d}",
            "type": "function_call",
            "status": "completed",
            "call_id": f"call_{mark.secret[:22]}{at:02d}",
            "name": call.name,
            "arguments": call.arguments,
        }
        for at, call in enumerate(answered.calls)
    ]
    return [message, *calls] if answered.text or not calls else calls


def _response(asked: Asked, mark: Mark, status: str) -> dict[str, Any]:
    return {
        "id": f"resp_{mark.secret}",
        "object": "response",
        "created_at": mark.created,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": asked.max_tokens,
        "metadata": {},
        "model": asked.model,
        "output": [],
        "parallel_tool_calls": asked.parallel,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "store": False,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": None,
        "user": None,
    }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _usage(answered: Answered) -> dict[str, Any]:
    return {
        "input_tokens": answered.input_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": answered.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": answered.input_tokens + answered.output_tokens,
    }


def _event(number: int, event: dict[str, Any]) -> bytes:
    name = str(event["type"])
    body = msgspec.json.encode({"sequence_number": number, **event})
    return b"event: " + name.encode() + b"\ndata: " + body + b"\n\n"
