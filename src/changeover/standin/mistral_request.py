"""What Mistral's Chat Completions takes and refuses.

Written from the types of its official SDK, from the validators of its `mistral-common` and from
error bodies that callers reported (their `type`, `code` and wording).

* A field that is not known is refused at any depth, with 422 and a list of faults.
* Roles follow each other in some orders only: no person's message after a tool's result, none of
  the model's at the end unless it is marked with `prefix`.
* Ids of calls are nine letters and digits; every call has its result.
* A message of the model says something or calls; a call's arguments are an object.
* Reasoning and an effort are taken by models that reason alone.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import Asked, Choice, Offered, RefusalError, Said
from changeover.standin.responses_wanted import Wanted

_REASONS = re.compile(r"magistral|mistral-(?:small|medium)")
_ID = re.compile(r"[a-zA-Z0-9]{9}")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FIELDS = {
    "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stop",
    "random_seed", "metadata", "response_format", "tools", "tool_choice", "presence_penalty",
    "frequency_penalty", "min_tokens", "repetition_penalty", "top_k", "logprobs", "top_logprobs",
    "n", "prediction", "parallel_tool_calls", "reasoning_effort", "prompt_mode", "guardrails",
    "prompt_cache_key", "service_tier", "safe_prompt",
}  # fmt: skip
_OF_ROLE = {
    "system": {"role", "content"},
    "user": {"role", "content"},
    "assistant": {"role", "content", "tool_calls", "prefix"},
    "tool": {"role", "content", "tool_call_id", "name"},
}
_OF_PART = {
    "text": {"type", "text"},
    "image_url": {"type", "image_url"},
    "document_url": {"type", "document_url", "document_name"},
    "reference": {"type", "reference_ids"},
    "thinking": {"type", "thinking", "signature", "closed"},
}
_AFTER = {
    "system": {"user", "assistant", "system"},
    "user": {"assistant", "system", "user"},
    "assistant": {"assistant", "user", "tool"},
    "tool": {"assistant", "tool"},
}
_OF_FUNCTION = {"name", "description", "parameters", "strict"}


def invalid(
    message: str, kind: str = "invalid_request_error", code: str | None = None
) -> RefusalError:
    return RefusalError(400, kind, message, code=code)


class ForbiddenError(RefusalError):
    """A field that is not known: 422, with where it stands and what it holds."""

    def __init__(self, place: Sequence[str | int], value: Any, *, missing: bool = False) -> None:
        words = "Field required" if missing else "Extra inputs are not permitted"
        super().__init__(422, "invalid_request_error", words)
        kind = "missing" if missing else "extra_forbidden"
        self.detail = [{"type": kind, "loc": ["body", *place], "msg": words, "input": value}]


def read_request(payload: bytes) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    try:
        given = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise invalid("The request body is not valid JSON.") from error
    if not isinstance(given, dict):
        raise invalid("The request body is not valid JSON.")
    given = {name: value for name, value in given.items() if value is not None}
    _known((), given, _FIELDS)
    for name in ("model", "messages"):
        if not given.get(name):
            raise ForbiddenError((name,), given.get(name), missing=True)
    conversation = tuple(_said(at, one, given["model"]) for at, one in enumerate(given["messages"]))
    _check_order(given["messages"])
    _check_pairs(given["messages"])
    if "reasoning_effort" in given and not reasons(given["model"]):
        effort = given["reasoning_effort"]
        raise invalid(f"reasoning_effort={effort!r} is not supported for this model")
    return _asked(given, conversation)


def reasons(model: str) -> bool:
    return _REASONS.match(model) is not None


def _known(place: Sequence[str | int], given: Mapping[str, Any], fields: set[str]) -> None:
    for name, value in given.items():
        if name not in fields:
            raise ForbiddenError((*place, name), value)


def _said(at: int, message: Any, model: str) -> Said:
    role = message.get("role") if isinstance(message, dict) else None
    if role not in _OF_ROLE:
        raise ForbiddenError(("messages", at, "role"), role, missing=True)
    place = ("messages", at, role)
    _known(place, message, _OF_ROLE[role])
    words = _words((*place, "content"), message.get("content"), model)
    calls = message.get("tool_calls") or []
    for position, call in enumerate(calls):
        _check_call((*place, "tool_calls", position), call)
    if role == "assistant" and not message.get("content") and not calls:
        raise invalid(
            "Assistant message must have either content or tool_calls, but not none.",
            "invalid_request_assistant_message",
            "3240",
        )
    if role == "tool":
        _check_id(str(message.get("tool_call_id")))
    return Said(role=role, text=words, calls=bool(calls))


def _words(place: Sequence[str | int], content: Any, model: str) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    words: list[str] = []
    for at, part in enumerate(content):
        kind = part.get("type")
        if kind not in _OF_PART:
            raise ForbiddenError((*place, at, "type"), kind)
        _known((*place, at, kind), part, _OF_PART[kind])
        if kind == "thinking" and not reasons(model):
            raise invalid("ThinkChunk in this model is not supported")
        words += [part["text"]] if kind == "text" else []
    return "\n\n".join(words)


def _check_call(place: Sequence[str | int], call: dict[str, Any]) -> None:
    _known(place, call, {"id", "type", "function", "index"})
    _check_id(str(call.get("id")))
    function = call["function"]
    _check_name(function["name"])
    try:
        arguments = msgspec.json.decode(function["arguments"])
    except msgspec.DecodeError:
        arguments = None
    if not isinstance(arguments, dict):
        raise invalid(
            "Function call arguments must be a JSON object.", "invalid_function_call", "3280"
        )


def _check_id(name: str) -> None:
    if not _ID.fullmatch(name):
        message = f"Tool call id was {name} but must be a-z, A-Z, 0-9, with a length of 9."
        raise invalid(message, "invalid_function_call", "3280")


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        message = (
            f"Function name was {name} but must be a-z, A-Z, 0-9, or contain underscores and "
            "dashes, with a maximum length of 64."
        )
        raise invalid(message, "invalid_function_call", "3280")


def _check_order(messages: Sequence[dict[str, Any]]) -> None:
    before = ""
    for message in messages:
        role = message["role"]
        if before and role not in _AFTER[before]:
            words = f"Unexpected role '{role}' after role '{before}'"
            raise invalid(words, "invalid_request_message_order", "3230")
        before = role
    last = messages[-1]
    if last["role"] == "assistant" and not last.get("prefix"):
        words = (
            "Expected last role User or Tool (or Assistant with prefix True) for serving but got "
            "assistant"
        )
        raise invalid(words, "invalid_request_message_order", "3230")


def _check_pairs(messages: Sequence[dict[str, Any]]) -> None:
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                words = f"Unexpected tool call id {message['tool_call_id']} in tool results"
                raise invalid(words, "invalid_request_message_order", "3230")
            waiting.remove(message["tool_call_id"])
        elif waiting:
            break
        else:
            waiting = [call["id"] for call in message.get("tool_calls") or ()]
    if waiting:
        words = "Not the same number of function calls and responses"
        raise invalid(words, "invalid_request_message_order", "3230")


def _asked(given: dict[str, Any], conversation: tuple[Said, ...]) -> Asked:
    offered = tuple(_offered(at, tool) for at, tool in enumerate(given.get("tools", [])))
    choice = given.get("tool_choice", "auto")
    named = choice["function"]["name"] if isinstance(choice, dict) else ""
    words: dict[str, Choice] = {"any": "required", "required": "required"}
    words |= {"auto": "auto", "none": "none"}
    form = given.get("response_format") or {}
    forms = {"json_schema": form.get("json_schema", {}).get("schema", {}), "json_object": {}}
    stop = given.get("stop", [])
    return Wanted(
        model=given["model"],
        conversation=conversation,
        stream=given.get("stream", False),
        stream_usage=True,
        max_tokens=given.get("max_tokens"),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
        tools=offered,
        choice="named" if isinstance(choice, dict) else words[choice],
        named=named,
        parallel=given.get("parallel_tool_calls", True),
        reasons=reasons(given["model"]) and given.get("reasoning_effort", "high") != "none",
        form=forms.get(form.get("type", "text")),
        chances=given.get("top_logprobs", 0) if given.get("logprobs") else None,
    )


def _offered(at: int, tool: dict[str, Any]) -> Offered:
    place = ("tools", at)
    _known(place, tool, {"type", "function"})
    function = tool["function"]
    _known((*place, "function"), function, _OF_FUNCTION)
    _check_name(function["name"])
    if "parameters" not in function:
        raise ForbiddenError((*place, "function", "parameters"), function, missing=True)
    return Offered(name=function["name"], schema=function["parameters"])
