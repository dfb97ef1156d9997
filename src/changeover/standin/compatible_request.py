"""What servers of open models take and refuse of Chat Completions.

They pass over fields that they do not know, and refuse what their templates and grammars cannot
do. `Habits` says what each does, with its own words:

* vLLM, from `vllm/entrypoints/openai/chat_completion/protocol.py` and its `chat_utils`;
* llama.cpp, from `tools/server` and `common/chat.cpp`: a choice that is no string counts as
  `auto`, and there are no probabilities without other tokens;
* Ollama, from `openai/openai.go`: no choice among tools, pictures as bytes alone, four efforts.

A template of an open model often raises where sides do not alternate: these do.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from changeover.standin.asked import Asked, Offered, RefusalError, Said
from changeover.standin.responses_wanted import Wanted

_ROLES = ("system", "user", "assistant", "tool")
_URL = re.compile(r"https?://|data:image/[\w.+-]+;base64,.")
_BYTES = re.compile(r"data:(?:image/(?:jpeg|jpg|png|webp))?;base64,.")


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """What one server does.

    `kind` and `status` are those of what it refuses in a request, `template` those of what its
    model's template raises. `choices` are the choices among tools that it reads.
    """

    kind: str
    status: int = 400
    template: tuple[int, str] = (400, "")
    choices: frozenset[str] = frozenset({"auto", "none", "required", "named"})
    alternates: bool = True
    bytes_alone: bool = False
    efforts: tuple[str, ...] = ()
    least_others: int = 0
    thoughts: str = "reasoning_content"
    echoes: bool = False


class Reader:
    """Reads requests as one server does."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits

    def read(self, payload: bytes) -> Asked:
        """The request; `RefusalError` in the server's words when it would not take it."""
        try:
            given = msgspec.json.decode(payload)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise self._invalid("The request body is not valid JSON.") from error
        if not isinstance(given, dict) or not isinstance(given.get("messages"), list):
            raise self._invalid("'messages' is required")
        given = {name: value for name, value in given.items() if value is not None}
        messages = given["messages"]
        conversation = tuple(self._said(one) for one in messages)
        if self._habits.alternates:
            self._check_sides(messages)
        return self._asked(given, conversation)

    def _invalid(self, message: str) -> RefusalError:
        return RefusalError(self._habits.status, self._habits.kind, message)

    def _said(self, message: Any) -> Said:
        role = message.get("role") if isinstance(message, dict) else None
        if role not in _ROLES:
            raise self._invalid(f"Unexpected message role: {role}")
        calls = message.get("tool_calls") or []
        content = message.get("content")
        if content is None and not calls:
            raise self._invalid("invalid message content type: <nil>")
        for call in calls:
            self._check_arguments(call)
        return Said(role=role, text=self._words(content), calls=bool(calls))

    def _check_arguments(self, call: dict[str, Any]) -> None:
        try:
            arguments = json.loads(call["function"]["arguments"])
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            raise self._invalid("invalid tool call arguments")

    def _words(self, content: Any) -> str:
        if content is None or isinstance(content, str):
            return content or ""
        return "\n".join(filter(None, map(self._part, content)))

    def _part(self, part: dict[str, Any]) -> str:
        match part:
            case {"type": "text", "text": str(words)}:
                return words
            case {"type": "image_url", "image_url": {"url": str(url)}}:
                if not (_BYTES if self._habits.bytes_alone else _URL).match(url):
                    raise self._invalid("invalid image input")
                return ""
            case _:
                raise self._invalid(f"unsupported content[].type: {part.get('type')}")

    def _check_sides(self, messages: Sequence[dict[str, Any]]) -> None:
        """A template's own check: tools' results go with the calls that they answer."""
        sides = [message["role"] for message in messages if message["role"] != "system"]
        for before, after in pairwise(sides):
            if before == after and before != "tool":
                status, kind = self._habits.template
                raise RefusalError(
                    status,
                    kind or self._habits.kind,
                    "Conversation roles must alternate user/assistant/user/assistant/...",
                )

    def _asked(self, given: dict[str, Any], conversation: tuple[Said, ...]) -> Asked:
        tools, (choice, named) = self._tools(given), self._choice(given)
        if choice in {"required", "named"} and not tools:
            raise self._invalid("When using `tool_choice`, `tools` must be set.")
        effort = given.get("reasoning_effort")
        if self._habits.efforts and effort is not None and effort not in self._habits.efforts:
            raise self._invalid(
                f"invalid reasoning value: '{effort}' (must be "
                + ", ".join(f'"{one}"' for one in self._habits.efforts)
                + ")"
            )
        stop = given.get("stop", [])
        others = given.get("top_logprobs", 0)
        told = given.get("logprobs") and others >= self._habits.least_others
        return Wanted(
            model=given.get("model", ""),
            conversation=conversation,
            stream=given.get("stream", False),
            stream_usage=bool((given.get("stream_options") or {}).get("include_usage")),
            max_tokens=given.get("max_completion_tokens", given.get("max_tokens")),
            stops=(stop,) if isinstance(stop, str) else tuple(stop),
            tools=tools,
            choice=choice,
            named=named,
            parallel=given.get("parallel_tool_calls", True),
            reasons=effort not in {None, "none"},
            form=_form(given.get("response_format") or {}),
            chances=others if told else None,
        )

    def _tools(self, given: dict[str, Any]) -> tuple[Offered, ...]:
        if given.get("tools") == []:
            raise self._invalid("`tools` must not be an empty array.")
        functions = [tool["function"] for tool in given.get("tools", [])]
        return tuple(
            Offered(name=one["name"], schema=one.get("parameters") or {}) for one in functions
        )

    def _choice(self, given: Mapping[str, Any]) -> tuple[Any, str]:
        choice = given.get("tool_choice", "auto")
        if isinstance(choice, dict):
            named = choice["function"]["name"]
            return ("named", named) if "named" in self._habits.choices else ("auto", "")
        return (choice if choice in self._habits.choices else "auto"), ""


def _form(given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if given.get("type") == "json_schema":
        schema: Mapping[str, Any] = given["json_schema"].get("schema") or {}
        return schema
    return {} if given.get("type") == "json_object" else None
