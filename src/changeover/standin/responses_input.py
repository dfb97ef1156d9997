"""The input of a Responses request, item by item, as OpenAI takes and refuses it.

An item without a type is a message. Reasoning is taken from whoever brings what is
encrypted of it; without that it would have to be stored, and nothing is. Which items belong
together is checked last.
"""

from typing import Any

from changeover.standin.asked import RefusalError, Role, Said
from changeover.standin.openai_checks import (
    invalid,
    json_object,
    missing,
    one_of,
    text,
    unknown,
    wrong_type,
)
from changeover.standin.openai_tools import check_length, check_name
from changeover.standin.responses_pairs import check_pairs
from changeover.standin.responses_parts import read_content
from changeover.standin.responses_sealed import check_encrypted

_READ_AS: dict[str, Role] = {
    "assistant": "assistant",
    "system": "system",
    "developer": "system",
    "user": "user",
}
_MESSAGE = {"type", "role", "content", "id", "status", "phase"}
_CALL = {"type", "call_id", "name", "arguments", "id", "status"}
_CUSTOM = {"type", "call_id", "name", "input", "id", "status"}
_OUTPUT = {"type", "call_id", "output", "id", "status"}
_REASONING = {"type", "id", "summary", "content", "encrypted_content", "status"}
_LONGEST_ID = 64
_STATUSES = ("in_progress", "completed", "incomplete")


class InputReader:
    """Reads an input for one account and one model."""

    def __init__(self, account: str, *, marks: bool) -> None:
        self._account = account
        self._marks = marks

    def read(self, given: Any) -> tuple[Said, ...]:
        """What was said; `RefusalError` in the vendor's words for an input it would not take."""
        if isinstance(given, str):
            return (Said(role="user", text=given),)
        if not isinstance(given, list):
            raise wrong_type("input", "one of a string or array of input items", given)
        said: list[Said] = []
        for position, item in enumerate(given):
            one = self._item(f"input[{position}]", item)
            # Calls that follow one another are one answer's.
            if one is not None and not (one.calls and said and said[-1].calls):
                said.append(one)
        check_pairs(given)
        return tuple(said)

    def _item(self, path: str, item: Any) -> Said | None:
        json_object(path, item)
        kind = item.get("type", "message")
        match kind:
            case "message":
                return self._message(path, item)
            case "function_call":
                _check_call(path, item, _CALL, "arguments", "fc")
                return Said(role="assistant", text="", calls=True)
            case "custom_tool_call":
                _check_call(path, item, _CUSTOM, "input", "ctc")
                return Said(role="assistant", text="", calls=True)
            case "function_call_output" | "custom_tool_call_output":
                return self._output(path, item)
            case "reasoning" if item.get("encrypted_content") is not None:
                self._check_reasoning(path, item)
                return None
            case "reasoning" | "item_reference":
                raise _not_stored(item)
            case _:
                message = (
                    f"Invalid value: '{kind}'. Supported values are: 'custom_tool_call', "
                    "'custom_tool_call_output', 'function_call', 'function_call_output', "
                    "'item_reference', 'message', and 'reasoning'."
                )
                raise invalid(message, f"{path}.type", "invalid_value")

    def _message(self, path: str, item: dict[str, Any]) -> Said:
        for name in ("role", "content"):
            if item.get(name) is None:
                raise missing(f"{path}.{name}")
        one_of(*_READ_AS)(f"{path}.role", item["role"])
        _check_fields(path, item, _MESSAGE)
        _check_id(path, item.get("id"), "msg")
        words = self._content(f"{path}.content", item["role"], item["content"])
        return Said(role=_READ_AS[item["role"]], text=words)

    def _output(self, path: str, item: dict[str, Any]) -> Said:
        for name in ("call_id", "output"):
            if item.get(name) is None:
                raise missing(f"{path}.{name}")
        _check_call_id(path, item)
        _check_fields(path, item, _OUTPUT)
        return Said(role="tool", text=self._content(f"{path}.output", "user", item["output"]))

    def _check_reasoning(self, path: str, item: dict[str, Any]) -> None:
        _check_fields(path, item, _REASONING)
        if item.get("summary") is None:
            raise missing(f"{path}.summary")
        if not isinstance(item["summary"], list):
            raise wrong_type(f"{path}.summary", "an array of objects", item["summary"])
        for at, part in enumerate(item["summary"]):
            json_object(f"{path}.summary[{at}]", part)
            one_of("summary_text")(f"{path}.summary[{at}].type", part.get("type"))
        if item.get("content"):
            message = (
                f"Invalid '{path}.content': array too long. Expected an array with maximum length "
                f"0, but got an array with length {len(item['content'])} instead."
            )
            raise invalid(message, f"{path}.content", "array_above_max_length")
        _check_id(path, item.get("id"), "rs")
        text(f"{path}.encrypted_content", item["encrypted_content"])
        check_encrypted(self._account, item.get("id"), item["encrypted_content"])

    def _content(self, name: str, role: str, content: Any) -> str:
        return read_content(name, role, content, marks=self._marks)


def _not_stored(item: dict[str, Any]) -> RefusalError:
    message = (
        f"Item with id '{item.get('id')}' not found. Items are not persisted when "
        "`store` is set to false. Try again with `store` set to true, or remove this "
        "item from your input."
    )
    return RefusalError(404, "invalid_request_error", message, param="input")


def _check_call(path: str, item: dict[str, Any], fields: set[str], words: str, begins: str) -> None:
    for name in ("call_id", "name", words):
        if item.get(name) is None:
            raise missing(f"{path}.{name}")
        text(f"{path}.{name}", item[name])
    check_name(f"{path}.name", item["name"])
    _check_call_id(path, item)
    _check_fields(path, item, fields)
    _check_id(path, item.get("id"), begins)


def _check_fields(path: str, item: dict[str, Any], fields: set[str]) -> None:
    for name in item:
        if name not in fields:
            raise unknown(f"{path}.{name}")
    if item.get("status") is not None:
        one_of(*_STATUSES)(f"{path}.status", item["status"])


def _check_call_id(path: str, item: dict[str, Any]) -> None:
    text(f"{path}.call_id", item["call_id"])
    check_length(f"{path}.call_id", item["call_id"], _LONGEST_ID)


def _check_id(path: str, given: Any, begins: str) -> None:
    if given is None:
        return
    text(f"{path}.id", given)
    if not given.startswith(begins):
        message = f"Invalid '{path}.id': '{given}'. Expected an ID that begins with '{begins}'."
        raise invalid(message, f"{path}.id", "invalid_value")
    check_length(f"{path}.id", given, _LONGEST_ID)
