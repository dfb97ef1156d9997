"""Turns as the items of a Responses request.

* Words, images and files of one side that follow one another are a message. A call, or
  a result, stands beside the messages where it stood among them.
* Reasoning stands directly before the message or the call that it led to. The vendor
  refuses an item of reasoning that nothing of the model's follows ("was provided without
  its required following item"), so one at a turn's end is left out, which is reported. It
  also refuses a message or a call without the reasoning before it, but knows it by the
  item's id alone; items are written without ids, except reasoning, which needs its own.
* A call of a tool whose input is no JSON is written as such where the request has the
  tool, and so is its result.
* What says that a tool failed cannot be said here; that is reported.
* A message of one text is written as a string, others as a list.
"""

import re
from collections.abc import Collection, Sequence
from functools import cached_property
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
from changeover.wire.openai_responses.caching import Marks
from changeover.wire.openai_responses.citing import write_citations
from changeover.wire.openai_responses.documents import write_file
from changeover.wire.openai_responses.freeform import input_of
from changeover.wire.openai_responses.reasoning import ALONE_LOSS, UNSEALED_LOSS, for_vendor

FITTING_ID = re.compile(r".{1,64}", re.DOTALL)
"""OpenAI refuses a `call_id` of more than 64 characters."""

ERROR_LOSS = Loss(field="is_error", why="Responses cannot say that a tool failed.")
PLACE_LOSS = Loss(
    field="messages", why="Responses takes no part of this kind from this side; it is left out."
)
CITED_LOSS = Loss(
    field="citations", why="Responses takes back citations of pages alone, not of documents."
)
_WORDS_ALONE = {"type", "text"}
Item = dict[str, Any]
Spoken = Text | Image | File


class ItemWriter:
    """Turns to items; what of them this protocol cannot say is added to `losses`.

    `freeform` are the names of the tools whose input is no JSON.
    """

    def __init__(
        self, losses: dict[Loss, None], marks: Marks, freeform: Collection[str] = ()
    ) -> None:
        self._losses = losses
        self._marks = marks
        self._freeform = freeform
        self._custom: set[str] = set()
        self._given: set[str] = set()

    @cached_property
    def _ids(self) -> CallIds:
        return CallIds(FITTING_ID)

    def turn(self, turn: Turn) -> list[Item]:
        if len(turn.parts) == 1 and isinstance(only := turn.parts[0], Text):
            return [self.message(turn.role, (only,))]
        return self._items(turn)

    def _items(self, turn: Turn) -> list[Item]:
        items: list[Item] = []
        spoken: list[Spoken] = []
        thought: list[Item] = []
        for part in turn.parts:
            match part:
                case Text():
                    spoken.append(part)
                case Image() | File() if turn.role == "user":
                    spoken.append(part)
                case Reasoning() if turn.role == "assistant":
                    found = self._reasoning(part)
                    if found and spoken:
                        items += [*thought, self.message(turn.role, spoken)]
                        spoken, thought = [], []
                    thought += found
                case ToolCall() if turn.role == "assistant":
                    said = self._said(turn.role, spoken)
                    items += [*thought, *said, self._call(part)]
                    spoken, thought = [], []
                case ToolResult() if turn.role == "user":
                    items += [*self._said(turn.role, spoken), self._result(part)]
                    spoken = []
                case Image() | File() | Reasoning() | ToolCall() | ToolResult():
                    self._losses[PLACE_LOSS] = None
                case _:
                    assert_never(part)
        if thought and not spoken:
            self._losses[ALONE_LOSS] = None
            return items
        return [*items, *thought, *self._said(turn.role, spoken)]

    def message(self, role: str, parts: Sequence[Spoken]) -> Item:
        return {"type": "message", "role": role, "content": self._content(role, parts)}

    def _said(self, role: str, parts: Sequence[Spoken]) -> list[Item]:
        return [self.message(role, parts)] if parts else []

    def _reasoning(self, part: Reasoning) -> list[Item]:
        """The item, once: the vendor refuses a second one of the same id."""
        item = for_vendor(part)
        if item is None:
            if part.text or part.sealed:
                self._losses[UNSEALED_LOSS] = None
            return []
        known = str(item.get("id", ""))
        if known in self._given:
            return []
        if known:
            self._given.add(known)
        return [item]

    def _call(self, call: ToolCall) -> Item:
        self._marks.nowhere(call.cache)
        known = self._ids.of_call(call.id)
        written = {"call_id": known, "name": call.name}
        if call.name in self._freeform:
            self._custom.add(known)
            return {"type": "custom_tool_call", **written, "input": input_of(call.arguments)}
        return {"type": "function_call", **written, "arguments": call.arguments or "{}"}

    def _result(self, result: ToolResult) -> Item:
        if result.is_error:
            self._losses[ERROR_LOSS] = None
        call = self._ids.of_result(result.call)
        kind = "custom_tool_call_output" if call in self._custom else "function_call_output"
        output = self._content("user", result.parts) if result.parts else ""
        if isinstance(output, list) and result.cache is not None:
            output[-1] |= self._marks.of_part(result.cache)
        elif isinstance(output, str) and result.cache is not None and output:
            marked = self._marks.of_part(result.cache)
            words = {"type": "input_text", "text": output, **marked}
            output = [words] if marked else output
        else:
            self._marks.nowhere(result.cache)
        return {"type": kind, "call_id": call, "output": output}

    def _content(self, role: str, parts: Sequence[Spoken]) -> str | list[dict[str, Any]]:
        if len(parts) == 1 and isinstance(only := parts[0], Text) and only.is_plain:
            return only.text
        written = [self._part(part, role) for part in parts]
        if len(written) == 1 and written[0].keys() == _WORDS_ALONE:
            words: str = written[0]["text"]
            return words
        return written

    def _part(self, part: Spoken, role: str) -> dict[str, Any]:
        match part:
            case Text() if role == "assistant":
                self._marks.nowhere(part.cache)
                return self._answered(part)
            case Text(refusal=True):
                return {"type": "refusal", "refusal": part.text}
            case Text():
                words = {"type": "input_text", "text": part.text}
                return {**words, **self._marks.of_part(part.cache)}
            case Image():
                detail = part.detail or "auto"
                image = {"type": "input_image", "image_url": write_url(part), "detail": detail}
                return {**image, **self._marks.of_part(part.cache)}
            case File():
                return {**write_file(part, self._losses), **self._marks.of_part(part.cache)}
            case _:
                assert_never(part)

    def _answered(self, text: Text) -> dict[str, Any]:
        """Words that a model said."""
        if text.refusal:
            return {"type": "refusal", "refusal": text.text}
        pages = [citation for citation in text.citations if citation.url]
        if len(pages) < len(text.citations):
            self._losses[CITED_LOSS] = None
        cited = {"annotations": write_citations(pages, text.text)} if pages else {}
        return {"type": "output_text", "text": text.text, **cited}
