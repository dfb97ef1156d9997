"""Turns as messages of a server, as far as its profile takes them.

* Instructions are one `system` message before all others.
* An assistant's calls come after its text; text that a vendor put after a call is written
  before it and reported. Reasoning is written in the form that the server takes back
  (`profiles.py` names the source), sealed or not; elsewhere it is left out and reported. A seal
  of a form that is not this protocol's is left out.
* A tool's result is a message of the role `tool`, right after the calls. Images and files among
  results are sent in a user's message after them, and what says that a tool failed cannot be
  said; both are reported.
* Ids and names that the server refuses are replaced by digests (`call_ids.py`, `tool_names.py`).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, assert_never

from changeover.conversation.model import (
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Sealed,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.arguments import as_object
from changeover.wire.call_ids import CallIds
from changeover.wire.openai_chat.parts import Content, PartWriter
from changeover.wire.openai_chat.profile import Family, Profile
from changeover.wire.openai_chat.thinking import DETAILS, detail_of, joined
from changeover.wire.tool_names import SHORTENED, fitted

ERROR_LOSS = Loss(field="is_error", why="Chat Completions cannot say that a tool failed.")
IMAGES_LOSS = Loss(
    field="tool_result",
    why="Chat Completions takes no images and files in a tool's result; they are sent after the "
    "results.",
)
ORDER_LOSS = Loss(
    field="messages", why="Chat Completions puts an answer's text before its calls of tools."
)
PLACE_LOSS = Loss(
    field="messages",
    why="Chat Completions takes no part of this kind from this side; it is left out.",
)
REASONING_LOSS = Loss(
    field="reasoning", why="The model's server takes no earlier reasoning back; it is left out."
)
SEAL_LOSS = Loss(
    field="reasoning", why="What is sealed of earlier reasoning has no place here; it is left out."
)
ARGUMENTS_LOSS = Loss(
    field="arguments",
    why="An earlier call's arguments are no JSON object, which this server takes alone; they are "
    "sent inside one.",
)
BRIDGE_LOSS = Loss(
    field="messages",
    why="This server takes no user's message right after a tool's result; words of the model are "
    "put between.",
)
_BRIDGE = "Understood."
_OURS = frozenset({"signature", "encrypted"})


def takes_marks(profile: Profile, model: str) -> bool:
    """Whether the model takes marks for the prompt cache."""
    return profile.marks is not None and profile.marks.match(model) is not None


class MessageWriter:
    """Turns to messages. `losses` are what of them the server cannot be told.

    `marks` says that the model takes marks for the prompt cache.
    """

    def __init__(self, profile: Profile, family: Family, *, marks: bool) -> None:
        self.losses: dict[Loss, None] = {}
        self._profile = profile
        self.marks = marks
        self._thoughts = "none" if family.plain else profile.thoughts
        self._arranged = profile.needs_words or profile.bridged or profile.alternates

    @cached_property
    def _parts(self) -> PartWriter:
        return PartWriter(self._profile, self.losses, marks=self.marks)

    @cached_property
    def _ids(self) -> CallIds:
        profile = self._profile
        return CallIds(profile.call_id, profile.call_id_prefix, profile.call_id_digits)

    def messages(self, system: Sequence[Text], turns: Sequence[Turn]) -> list[dict[str, Any]]:
        """All messages of a request."""
        written = [{"role": "system", "content": self._content(system)}] if system else []
        for turn in turns:
            for message in self._turn(turn):
                self._append(message, written)
        return written

    def _content(self, parts: Sequence[Text]) -> str | list[dict[str, Any]]:
        if len(parts) == 1 and parts[0].is_plain:
            return parts[0].text
        return self._parts.content(parts)

    def name(self, name: str) -> str:
        """A tool's name, as the server takes it."""
        written = fitted(name, self._profile.tool_name)
        if written != name:
            self.losses[SHORTENED] = None
        return written

    def _append(self, message: dict[str, Any], to: list[dict[str, Any]]) -> None:
        if not self._arranged:
            to.append(message)
            return
        role, before = message["role"], to[-1] if to else {"role": ""}
        silent = not message["content"] and "tool_calls" not in message
        if self._profile.needs_words and role == "assistant" and silent:
            return
        if self._profile.bridged and role == "user" and before["role"] == "tool":
            self.losses[BRIDGE_LOSS] = None
            to.append({"role": "assistant", "content": _BRIDGE})
        elif self._profile.alternates and role == before["role"] and role != "tool":
            to[-1] = _one_message(before, message)
            return
        to.append(message)

    def _turn(self, turn: Turn) -> list[dict[str, Any]]:
        """The messages that a turn is written as: several where it holds results."""
        if len(turn.parts) == 1 and isinstance(turn.parts[0], Text):
            return [{"role": turn.role, "content": self._content((turn.parts[0],))}]
        return self._asked(turn.parts) if turn.role == "user" else self._answered(turn.parts)

    def _asked(self, parts: Sequence[Part]) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        moved: list[Content] = []
        spoken: list[Content] = []
        for part in parts:
            match part:
                case Text() | Image() | File():
                    spoken.append(part)
                case ToolResult():
                    messages.append(self._result(part, moved))
                case Reasoning() | ToolCall():
                    self.losses[PLACE_LOSS] = None
                case _:
                    assert_never(part)
        if messages:
            spoken = [one for one in spoken if not isinstance(one, Text) or one.text]
        contents = [self._parts.content(content) for content in (moved, spoken) if content]
        return [*messages, *({"role": "user", "content": content} for content in contents)]

    def _result(self, result: ToolResult, moved: list[Content]) -> dict[str, Any]:
        if result.is_error:
            self.losses[ERROR_LOSS] = None
        inside = (Text, Image) if self._profile.result_images else (Text,)
        kept = [part for part in result.parts if isinstance(part, inside)]
        if len(kept) < len(result.parts):
            self.losses[IMAGES_LOSS] = None
            moved += [part for part in result.parts if not isinstance(part, inside)]
        content = self._parts.content(kept) if kept else ""
        if mark := self._parts.mark(result.cache):
            content = _marked(content, mark)
        return {
            "role": "tool",
            "tool_call_id": self._ids.of_result(result.call),
            "content": content,
        }

    def _answered(self, parts: Sequence[Part]) -> list[dict[str, Any]]:
        words: list[Text] = []
        calls: list[dict[str, Any]] = []
        thoughts: list[Reasoning] = []
        for part in parts:
            match part:
                case Text():
                    words.append(part)
                    if calls and part.text:
                        self.losses[ORDER_LOSS] = None
                case ToolCall():
                    calls.append(self._call(part))
                case Reasoning():
                    thoughts.append(part)
                case Image() | File() | ToolResult():
                    self.losses[PLACE_LOSS] = None
                case _:
                    assert_never(part)
        return self._answer(words, calls, thoughts)

    def _answer(
        self, words: list[Text], calls: list[dict[str, Any]], thoughts: list[Reasoning]
    ) -> list[dict[str, Any]]:
        spoken = [part for part in words if part.text] if calls else words
        thought = self._thought(thoughts)
        message: dict[str, Any] = {"role": "assistant"}
        message["content"] = self._parts.content(spoken) if spoken else None
        match thought:
            case list():
                message["content"] = [*thought, *_listed(message["content"])]
            case dict():
                message |= thought
        if calls:
            message["tool_calls"] = calls
        if not calls and message["content"] is None:
            message["content"] = ""
        return [message] if calls or words or thought else []

    def _thought(self, parts: Sequence[Reasoning]) -> dict[str, Any] | list[dict[str, Any]]:
        """The reasoning as fields of the message, or as chunks of its content."""
        if not parts:
            return {}
        match self._thoughts:
            case "none":
                return self._sealed(parts)
            case "chunk":
                return [chunk for part in parts for chunk in self._chunk(part)]
            case "reasoning" | "reasoning_content" as field:
                fields = self._sealed(parts, worded=True)
                return {field: words, **fields} if (words := joined(parts)) else fields

    def _sealed(self, parts: Sequence[Reasoning], *, worded: bool = False) -> dict[str, Any]:
        """What this server sealed itself, which it takes back as it gave it."""
        details: list[dict[str, Any]] = []
        for part in parts:
            if _is_ours(part.sealed):
                details.append(detail_of(part, len(details)))
                continue
            if part.sealed is not None:
                self.losses[SEAL_LOSS] = None
            if part.text and not worded:
                self.losses[REASONING_LOSS] = None
        return {DETAILS: details} if details else {}

    def _chunk(self, part: Reasoning) -> list[dict[str, Any]]:
        signature: dict[str, Any] = {}
        if (sealed := part.sealed) is not None:
            if sealed.form == "signature" and sealed.bound == "route":
                signature = {"signature": sealed.value}
            else:
                self.losses[SEAL_LOSS] = None
        if not part.text and not signature:
            return []
        words = [{"type": "text", "text": part.text}]
        return [{"type": "thinking", "thinking": words, **signature}]

    def _call(self, call: ToolCall) -> dict[str, Any]:
        self._parts.mark(call.cache)
        arguments = call.arguments or "{}"
        if self._profile.object_arguments:
            raw, whole = as_object(arguments)
            if not whole:
                self.losses[ARGUMENTS_LOSS] = None
                arguments = bytes(raw).decode()
        function = {"name": self.name(call.name), "arguments": arguments}
        return {"id": self._ids.of_call(call.id), "type": "function", "function": function}


def _is_ours(sealed: Sealed | None) -> bool:
    """Whether a server of this protocol sealed it: nothing else of these forms is a route's."""
    return sealed is not None and sealed.bound == "route" and sealed.form in _OURS


def call_object(call: ToolCall, name: str) -> dict[str, Any]:
    """A call as it stands in an answer, under the id `name`."""
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": name, "type": "function", "function": function}


def _listed(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return content or []


def _marked(content: Any, mark: dict[str, Any]) -> list[dict[str, Any]]:
    *before, last = _listed(content) or [{"type": "text", "text": ""}]
    return [*before, {**last, **mark}]


def _one_message(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Two messages of one side as one."""
    contents = [*_listed(first["content"]), *_listed(second["content"])]
    both = [name for name in first if name in second and name not in {"role", "content"}]
    added = {name: first[name] + second[name] for name in both}
    return {**first, **second, "content": contents or None, **added}
