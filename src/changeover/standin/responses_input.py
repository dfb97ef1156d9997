"""The input of a Responses request, item by item, as OpenAI takes and refuses it.

An item without a type is a message. What a message may hold depends on whose it
is: `output_text` and refusals are the model's words, `input_text` everybody
else's. Items of reasoning are only taken from whoever stores them.
"""

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

_READ_AS: dict[str, Role] = {
    "assistant": "assistant",
    "system": "system",
    "developer": "system",
    "user": "user",
}
_MESSAGE = {"type", "role", "content", "id", "status", "phase"}
_PARTS = {
    "assistant": ("output_text", "refusal"),
    "user": ("input_text", "input_image", "input_file"),
}
_TEXTS = {"input_text": "text", "output_text": "text", "refusal": "refusal"}
_PART_FIELDS = {"type", "text", "refusal", "annotations", "logprobs", "prompt_cache_breakpoint"}
_STATUSES = ("in_progress", "completed", "incomplete")


def read_input(given: Any) -> tuple[Said, ...]:
    """What was said; `RefusalError` in the vendor's words for an input it would not take."""
    if isinstance(given, str):
        return (Said(role="user", text=given),)
    if not isinstance(given, list):
        raise wrong_type("input", "one of a string or array of input items", given)
    return tuple(_item(f"input[{position}]", item) for position, item in enumerate(given))


def _item(path: str, item: Any) -> Said:
    json_object(path, item)
    kind = item.get("type", "message")
    match kind:
        case "message":
            return _message(path, item)
        case "reasoning" | "item_reference":
            message = (
                f"Item with id '{item.get('id')}' not found. Items are not persisted when "
                "`store` is set to false. Try again with `store` set to true, or remove this "
                "item from your input."
            )
            raise RefusalError(404, "invalid_request_error", message, param="input")
        case _:
            message = f"Invalid value: '{kind}'. Supported values are: 'message'."
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
    return Said(role=_READ_AS[item["role"]], text=_content(path, item["role"], item["content"]))


def _check_id(path: str, given: Any) -> None:
    if given is None:
        return
    text(f"{path}.id", given)
    if not given.startswith("msg"):
        message = f"Invalid '{path}.id': '{given}'. Expected an ID that begins with 'msg'."
        raise invalid(message, f"{path}.id", "invalid_value")


def _content(path: str, role: str, content: Any) -> str:
    name = f"{path}.content"
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise wrong_type(name, "one of a string or array of objects", content)
    array(name, content)
    return "\n\n".join(_part(f"{name}[{at}]", role, part) for at, part in enumerate(content))


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
