"""OpenAI's Responses: answers and streams, as the vendor writes them.

Written from the vendor's reference (developers.openai.com/api/reference,
responses and its streaming events) and the types of its official SDK. Keys,
refusals and models are as in Chat Completions.

A stream is the response created and in progress, reasoning whose summary comes part by
part, a message with one part that comes word by word, calls whose arguments come so, and
the response completed or incomplete; every event is numbered, and nothing follows the last.
A person's last message that says "break off" has the vendor fail in the middle.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark
from changeover.standin.openai_chat import OpenAIChat
from changeover.standin.responses_answer import (
    items,
    logprobs,
    shaped,
    text_part,
    thought_tokens,
)
from changeover.standin.responses_request import read_request
from changeover.standin.responses_wanted import Wanted
from changeover.standin.tokens import pieces

_ENDS = {
    "end": "completed",
    "stop-sequence": "completed",
    "tool-use": "completed",
    "length": "incomplete",
}
_BREAKS_OFF = re.compile(r"\bbreak off\b", re.IGNORECASE)
_FAILURE = {
    "code": "server_error",
    "message": "An error occurred while processing your request. You can retry your request.",
}
_ACCOUNT = 16
Event = dict[str, Any]


class OpenAIResponses(OpenAIChat):
    """OpenAI's other protocol. A value without state."""

    def read(self, payload: bytes, headers: Mapping[str, str]) -> Asked:
        key = self.key(headers).encode()
        return read_request(payload, hashlib.sha256(key).hexdigest()[:_ACCOUNT])

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        wanted = _wanted(asked)
        if _breaks_off(wanted):
            return msgspec.json.encode(_failed(wanted, mark))
        return msgspec.json.encode(_ended(wanted, answered, mark))

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        wanted = _wanted(asked)
        begun = _response(wanted, mark, "in_progress")
        ended = _ended(wanted, answered, mark)
        events: list[Event] = [
            {"type": "response.created", "response": begun},
            {"type": "response.in_progress", "response": begun},
        ]
        for index, item in enumerate(ended["output"]):
            place = {"item_id": item["id"], "output_index": index}
            opened, *pieces_of = _EVENTS[item["type"]](wanted, item, place)
            events += [
                {"type": "response.output_item.added", "output_index": index, "item": opened},
                *pieces_of,
                {"type": "response.output_item.done", "output_index": index, "item": item},
            ]
        events.append({"type": f"response.{ended['status']}", "response": ended})
        if _breaks_off(wanted):
            half = events[: len(events) // 2]
            events = [*half, {"type": "response.failed", "response": _failed(wanted, mark)}]
        return [_event(number, event) for number, event in enumerate(events)]


def _wanted(asked: Asked) -> Wanted:
    if not isinstance(asked, Wanted):
        raise TypeError("a request of another protocol")
    return asked


def _breaks_off(wanted: Wanted) -> bool:
    said = [said.text for said in wanted.conversation if said.role == "user"]
    return bool(said) and _BREAKS_OFF.search(said[-1]) is not None


def _reasoning_events(_wanted: Wanted, item: Event, place: Event) -> list[Event]:
    """The item as it opens, then the events of its summary's parts."""
    kind = "response.reasoning_summary"
    found: list[Event] = [{**item, "summary": []}]
    for at, part in enumerate(item["summary"]):
        here = {**place, "summary_index": at}
        words = pieces(part["text"])
        found += [
            {"type": f"{kind}_part.added", **here, "part": {**part, "text": ""}},
            *[{"type": f"{kind}_text.delta", **here, "delta": piece} for piece in words],
            {"type": f"{kind}_text.done", **here, "text": part["text"]},
            {"type": f"{kind}_part.done", **here, "part": part},
        ]
    return found


def _message_events(wanted: Wanted, item: Event, place: Event) -> list[Event]:
    """The message as it opens, then the events of its one part."""
    part = item["content"][0]
    place = {**place, "content_index": 0}
    events = _refusal_events(part, place) if "refusal" in part else _words(wanted, part, place)
    return [
        {**item, "status": "in_progress", "content": []},
        *events,
        {"type": "response.content_part.done", **place, "part": part},
    ]


def _words(wanted: Wanted, part: Event, place: Event) -> list[Event]:
    kind, text = "response.output_text", part["text"]
    deltas = [
        {"type": f"{kind}.delta", **place, "delta": piece, "logprobs": logprobs(wanted, piece)}
        for piece in pieces(text)
    ]
    cited = [
        {
            "type": f"{kind}.annotation.added",
            **place,
            "annotation_index": at,
            "annotation": annotation,
        }
        for at, annotation in enumerate(part["annotations"])
    ]
    return [
        {"type": "response.content_part.added", **place, "part": text_part("")},
        *deltas,
        *cited,
        {"type": f"{kind}.done", **place, "text": text, "logprobs": part["logprobs"]},
    ]


def _refusal_events(part: Event, place: Event) -> list[Event]:
    kind, words = "response.refusal", part["refusal"]
    return [
        {"type": "response.content_part.added", **place, "part": {**part, "refusal": ""}},
        *[{"type": f"{kind}.delta", **place, "delta": piece} for piece in pieces(words)],
        {"type": f"{kind}.done", **place, "refusal": words},
    ]


def _call_events(_wanted: Wanted, item: Event, place: Event) -> list[Event]:
    """The call as it opens, then the events of its arguments."""
    kind, arguments = "response.function_call_arguments", item["arguments"]
    return [
        {**item, "status": "in_progress", "arguments": ""},
        *[{"type": f"{kind}.delta", **place, "delta": piece} for piece in pieces(arguments)],
        {"type": f"{kind}.done", **place, "arguments": arguments, "name": item["name"]},
    ]


def _custom_events(_wanted: Wanted, item: Event, place: Event) -> list[Event]:
    """The call of a custom tool as it opens, then the events of its input."""
    kind, words = "response.custom_tool_call_input", item["input"]
    return [
        {**item, "status": "in_progress", "input": ""},
        *[{"type": f"{kind}.delta", **place, "delta": piece} for piece in pieces(words)],
        {"type": f"{kind}.done", **place, "input": words},
    ]


_EVENTS: Mapping[str, Callable[[Wanted, Event, Event], list[Event]]] = {
    "reasoning": _reasoning_events,
    "message": _message_events,
    "function_call": _call_events,
    "custom_tool_call": _custom_events,
}


def _ended(wanted: Wanted, answered: Answered, mark: Mark) -> Event:
    answered = shaped(wanted, answered)
    status = _ENDS[answered.stop]
    incomplete = {"reason": "max_output_tokens"} if status == "incomplete" else None
    return {
        **_response(wanted, mark, status),
        "incomplete_details": incomplete,
        "output": items(wanted, answered, mark, status),
        "usage": _usage(answered, thought_tokens(wanted)),
    }


def _failed(wanted: Wanted, mark: Mark) -> Event:
    return {**_response(wanted, mark, "failed"), "error": _FAILURE}


def _response(wanted: Wanted, mark: Mark, status: str) -> Event:
    return {
        "id": f"resp_{mark.secret}",
        "object": "response",
        "created_at": mark.created,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": wanted.max_tokens,
        "metadata": wanted.metadata,
        "model": wanted.model,
        "output": [],
        "parallel_tool_calls": wanted.parallel,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "store": False,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": wanted.verbosity},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": wanted.chances or 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": None,
        "user": None,
    }


def _usage(answered: Answered, thought: int) -> Event:
    return {
        "input_tokens": answered.input_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": answered.output_tokens,
        "output_tokens_details": {"reasoning_tokens": thought},
        "total_tokens": answered.input_tokens + answered.output_tokens,
    }


def _event(number: int, event: Event) -> bytes:
    name = str(event["type"])
    body = msgspec.json.encode({"sequence_number": number, **event})
    return b"event: " + name.encode() + b"\ndata: " + body + b"\n\n"
