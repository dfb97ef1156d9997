"""The input of a Responses request, item by item, as OpenAI takes and refuses it.

An item without a type is a message. What a message may hold depends on whose it
is: `output_text` and refusals are the model's words, `input_text` everybody
else's. Items of reasoning are only taken from whoever stores them. Every call is
answered by an output somewhere after it, and an output answers a call before it.
"""

import re
from typing import Any

from changeover.standin.asked import RefusalError, Role, Said
from changeover.standin.openai_checks import (
    array,
    invalid,
    json_object,
    missing,
    one_of,
    text,
    unknown,
    wrong_type,
)
from changeover.standin.openai_tools import check_length, check_name

_READ_AS: dict[str, Role] = {
    "assistant": "assistant",
    "system": "system",
    "developer": "system",
    "user": "user",
}
_MESSAGE = {"type", "role", "content", "id", "status", "phase"}
_CALL = {"type", "call_id", "name", "arguments", "id", "status"}
_OUTPUT = {"type", "call_id", "output", "id", "status"}
_LONGEST_CALL_ID = 64
_PARTS = {
    "assistant": ("output_text", "refusal"),
    "user": ("input_text", "input_image", "input_file"),
}
_TEXTS = {"input_text": "text", "output_text": "text", "refusal": "refusal"}
_PART_FIELDS = {"type", "text", "refusal", "annotations", "logprobs", "prompt_cache_breakpoint"}
_IMAGE = re.compile(r"https?://|data:image/(?:png|jpeg|gif|webp);base64,.")
_STATUSES = ("in_progress", "completed", "incomplete")


def read_input(given: Any) -> tuple[Said, ...]:
    """What was said; `RefusalError` in the vendor's words for an input it would not take."""
    if isinstance(given, str):
        return (Said(role="user", text=given),)
    if not isinstance(given, list):
        raise wrong_type("input", "one of a string or array of input items", given)
    said: list[Said] = []
    for position, item in enumerate(given):
        one = _item(f"input[{position}]", item)
        # Calls that follow one another are one answer's.
        if not (one.calls and said and said[-1].calls):
            said.append(one)
    _check_answered(given)
    return tuple(said)


def _check_answered(items: list[dict[str, Any]]) -> None:
    """Refuses calls without outputs and outputs without calls."""
    waiting: list[str] = []
    for item in items:
        if item.get("type") == "function_call":
            waiting.append(item["call_id"])
        elif item.get("type") == "function_call_output":
            if item["call_id"] not in waiting:
                message = "No tool call found for function call output with call_id"
                raise invalid(f"{message} {item['call_id']}.", "input", None)
            waiting.remove(item["call_id"])
    if waiting:
        raise invalid(f"No tool output found for function call {waiting[0]}.", "input", None)


def _item(path: str, item: Any) -> Said:
    json_object(path, item)
    kind = item.get("type", "message")
    match kind:
        case "message":
            return _message(path, item)
        case "function_call":
            _check_call(path, item)
            return Said(role="assistant", text="", calls=True)
        case "function_call_output":
            return _output(path, item)
        case "reasoning" | "item_reference":
            message = (
                f"Item with id '{item.get('id')}' not found. Items are not persisted when "
                "`store` is set to false. Try again with `store` set to true, or remove this "
                "item from your input."
            )
            raise RefusalError(404, "invalid_request_error", message, param="input")
        case _:
            message = (
                f"Invalid value: '{kind}'. Supported values are: 'function_call', "
                "'function_call_output', and 'message'."
            )
            raise invalid(message, f"{path}.type", "invalid_value")


def _message(path: str, item: dict[str, Any]) -> Said:
    for name in ("role", "content"):
        if item.get(name) is None:
            raise missing(f"{path}.{name}")
    one_of(*_READ_AS)(f"{path}.role", item["role"])
    for name in item:
        if name not in _MESSAGE:
            raise unknown(f"{path}.{name}")
    if item.get("status") is not None:
        one_of(*_STATUSES)(f"{path}.status", item["status"])
    _check_id(path, item.get("id"))
    return Said(
        role=_READ_AS[item["role"]], text=_content(f"{path}.content", item["role"], item["content"])
    )


def _check_call(path: str, item: dict[str, Any]) -> None:
    for name in ("call_id", "name", "arguments"):
        if item.get(name) is None:
            raise missing(f"{path}.{name}")
        text(f"{path}.{name}", item[name])
    check_name(f"{path}.name", item["name"])
    _check_call_id(path, item)
    for name in item:
        if name not in _CALL:
            raise unknown(f"{path}.{name}")
    given = item.get("id")
    if given is not None and not str(given).startswith("fc"):
        message = f"Invalid '{path}.id': '{given}'. Expected an ID that begins with 'fc'."
        raise invalid(message, f"{path}.id", "invalid_value")


def _output(path: str, item: dict[str, Any]) -> Said:
    for name in ("call_id", "output"):
        if item.get(name) is None:
            raise missing(f"{path}.{name}")
    _check_call_id(path, item)
    for name in item:
        if name not in _OUTPUT:
            raise unknown(f"{path}.{name}")
    return Said(role="tool", text=_content(f"{path}.output", "user", item["output"]))


def _check_call_id(path: str, item: dict[str, Any]) -> None:
    text(f"{path}.call_id", item["call_id"])
    check_length(f"{path}.call_id", item["call_id"], _LONGEST_CALL_ID)


def _check_id(path: str, given: Any) -> None:
    if given is None:
        return
    text(f"{path}.id", given)
    if not given.startswith("msg"):
        message = f"Invalid '{path}.id': '{given}'. Expected an ID that begins with 'msg'."
        raise invalid(message, f"{path}.id", "invalid_value")


def _content(name: str, role: str, content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise wrong_type(name, "one of a string or array of objects", content)
    array(name, content)
    words = [_part(f"{name}[{at}]", role, part) for at, part in enumerate(content)]
    return "\n\n".join(word for word in words if word)


def _part(path: str, role: str, part: Any) -> str:
    json_object(path, part)
    kind = part.get("type")
    if kind is None:
        raise missing(f"{path}.type")
    allowed = _PARTS["assistant" if role == "assistant" else "user"]
    if kind not in allowed:
        listed = ", ".join(f"'{name}'" for name in allowed[:-1])
        message = f"Invalid value: '{kind}'. Supported values are: {listed} and '{allowed[-1]}'."
        raise invalid(message, path, "invalid_value")
    if kind == "input_image":
        _check_image(path, part)
        return ""
    if kind not in _TEXTS:
        message = f"Invalid content type. {kind} is only supported by certain models."
        raise invalid(message, f"{path}.type", None)
    for name in part:
        if name not in _PART_FIELDS:
            raise unknown(f"{path}.{name}")
    name = _TEXTS[kind]
    if part.get(name) is None:
        raise missing(f"{path}.{name}")
    text(f"{path}.{name}", part[name])
    said: str = part[name]
    return said


def _check_image(path: str, part: dict[str, Any]) -> None:
    if part.get("image_url") is None:
        raise missing(f"{path}.image_url")
    text(f"{path}.image_url", part["image_url"])
    if not _IMAGE.match(part["image_url"]):
        message = "Invalid MIME type. Only image types are supported."
        raise invalid(message, f"{path}.image_url", "invalid_image_format")
    one_of("low", "high", "auto", "original")(f"{path}.detail", part.get("detail", "auto"))
