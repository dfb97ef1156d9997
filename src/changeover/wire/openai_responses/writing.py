"""Turns as the items of a Responses request.

* Words and images of one side that follow one another are a message. A call, or
  a result, stands beside the messages where it stood among them.
* What says that a tool failed cannot be said here; that is reported.
* A message of one text is written as a string, others as a list.
"""

import re
from collections.abc import Sequence
from typing import Any, assert_never

from changeover.conversation.model import (
    File,
    Image,
    Loss,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.call_ids import CallIds
from changeover.wire.images import write_url

FITTING_ID = re.compile(r".{1,64}", re.DOTALL)
"""OpenAI refuses a `call_id` of more than 64 characters."""

ERROR_LOSS = Loss(field="is_error", why="Responses cannot say that a tool failed.")
PLACE_LOSS = Loss(
    field="messages", why="Responses takes no part of this kind from this side; it is left out."
)
Item = dict[str, Any]


class ItemWriter:
    """Turns to items. `losses` are what of them this protocol cannot say."""

    def __init__(self) -> None:
        self.losses: dict[Loss, None] = {}
        self._ids = CallIds(FITTING_ID)

    def turn(self, turn: Turn) -> list[Item]:
        items: list[Item] = []
        spoken: list[Text | Image] = []
        for part in turn.parts:
            match part:
                case Text():
                    spoken.append(part)
                case Image() if turn.role == "user":
                    spoken.append(part)
                case ToolCall() if turn.role == "assistant":
                    items += [*_messages(turn.role, spoken), self._call(part)]
                    spoken = []
                case ToolResult() if turn.role == "user":
                    items += [*_messages(turn.role, spoken), self._result(part)]
                    spoken = []
                case File() | Reasoning():
                    raise NotImplementedError
                case Image() | ToolCall() | ToolResult():
                    self.losses[PLACE_LOSS] = None
                case _:
                    assert_never(part)
        return [*items, *_messages(turn.role, spoken)]

    def _call(self, call: ToolCall) -> Item:
        return {
            "type": "function_call",
            "call_id": self._ids.of_call(call.id),
            "name": call.name,
            "arguments": call.arguments or "{}",
        }

    def _result(self, result: ToolResult) -> Item:
        if result.is_error:
            self.losses[ERROR_LOSS] = None
        return {
            "type": "function_call_output",
            "call_id": self._ids.of_result(result.call),
            "output": _content("user", [p for p in result.parts if not isinstance(p, File)])
            if result.parts
            else "",
        }


def message(role: str, parts: Sequence[Text | Image]) -> Item:
    return {"type": "message", "role": role, "content": _content(role, parts)}


def _messages(role: str, parts: Sequence[Text | Image]) -> list[Item]:
    return [message(role, parts)] if parts else []


def _content(role: str, parts: Sequence[Text | Image]) -> str | list[dict[str, Any]]:
    match parts:
        case (Text(refusal=False) as only,):
            return only.text
        case _:
            return [_written(part, role) for part in parts]


def _written(part: Text | Image, role: str) -> dict[str, Any]:
    match part:
        case Text(refusal=True):
            return {"type": "refusal", "refusal": part.text}
        case Text():
            return {
                "type": "output_text" if role == "assistant" else "input_text",
                "text": part.text,
            }
        case Image():
            detail = part.detail or "auto"
            return {"type": "input_image", "image_url": write_url(part), "detail": detail}
        case _:
            assert_never(part)
