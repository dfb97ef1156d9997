"""What Bedrock's Converse takes and refuses by itself, whatever the model.

Written from the service model `bedrock-runtime` and error bodies that callers reported;
the wording is the vendor's where one was reported. A field that the service model does
not have is refused, since it would be passed over.

The order of checks: JSON and fields, each message's blocks, the conversation as a whole,
tools, the rest. What the model refuses comes after that (`bedrock_converse.py`).
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from changeover.standin.amazon import invalid
from changeover.standin.bedrock_settings import (
    Object,
    check_choices,
    check_inference,
    check_metadata,
    check_name,
    check_output,
    check_point,
    check_system,
    member,
    tool_names,
)

_FIELDS = frozenset(
    {
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig",
        "projectIdentifier", "additionalModelRequestFields", "promptVariables",
        "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig",
        "serviceTier", "outputConfig",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent",
        "cachePoint", "reasoningContent", "citationsContent", "searchResult",
    }
)  # fmt: skip
_ASSISTANTS = frozenset({"toolUse", "reasoningContent", "citationsContent"})
_USERS = frozenset({"toolResult", "image", "document", "searchResult", "guardContent"})
_IMAGES = ("png", "jpeg", "gif", "webp")
_DOCUMENTS = ("pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md")
_NAME = re.compile(r"(?:[A-Za-z0-9\-()\[\]_]| (?! )){1,200}")
_TOOL_ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")
_MOST_DOCUMENTS = 5


def read_converse(payload: bytes) -> Object:
    """The body of a request that passes Bedrock's own checks; `RefusalError` otherwise."""
    try:
        given = msgspec.json.decode(payload, type=Object)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise invalid("The request body is not valid JSON.") from error
    for name in given:
        if name not in _FIELDS:
            raise invalid(f"#: extraneous key [{name}] is not permitted")
    messages = given.get("messages") or []
    if not isinstance(messages, list) or not messages:
        raise invalid(
            "A conversation must start with a user message. Try again with a conversation that "
            "starts with a user message."
        )
    _Conversation(messages).check(tool_names(given.get("toolConfig")))
    for position, block in enumerate(given.get("system") or []):
        check_system(f"system.{position}", block)
    check_inference(given.get("inferenceConfig") or {})
    check_choices(given)
    check_output(given.get("outputConfig") or {})
    check_metadata(given.get("requestMetadata") or {})
    return given


class _Conversation:
    def __init__(self, messages: Sequence[Any]) -> None:
        self._messages = messages
        self._names: set[str] = set()
        self._documents = 0

    def check(self, tools: Sequence[str] | None) -> None:
        for position, message in enumerate(self._messages):
            self._check_message(f"messages.{position}", position, message)
        if self._documents > _MOST_DOCUMENTS:
            raise invalid(f"You can't include more than {_MOST_DOCUMENTS} documents in a request.")
        blocks = [self._of(position, "toolUse") for position in range(len(self._messages))]
        results = [self._of(position, "toolResult") for position in range(len(self._messages))]
        if tools is None and any(map(any, (*blocks, *results))):
            raise invalid(
                "The toolConfig field must be defined when using toolUse and toolResult content "
                "blocks."
            )
        for position in range(len(self._messages)):
            self._check_answered(position, blocks, results)

    def _check_message(self, path: str, position: int, message: Any) -> None:
        if not isinstance(message, dict) or set(message) != {"role", "content"}:
            raise invalid(f"The value at {path} must have the fields role and content.")
        role, content = message["role"], message["content"]
        if role not in {"user", "assistant"}:
            raise invalid(f"The value at {path}.role must be one of the following: user, assistant")
        if position == 0 and role != "user":
            raise invalid(
                "A conversation must start with a user message. Try again with a conversation "
                "that starts with a user message."
            )
        if position and self._messages[position - 1]["role"] == role:
            raise invalid(
                "A conversation must alternate between user and assistant roles. Make sure the "
                "conversation alternates between user and assistant roles and try again."
            )
        if not isinstance(content, list) or not content:
            raise invalid(
                f"The content field in the Message object at {path} is empty. Add a ContentBlock "
                "object to the content field and try again."
            )
        kinds = [
            self._check_block(f"{path}.content.{at}", block, role)
            for at, block in enumerate(content)
        ]
        if "document" in kinds and "text" not in kinds:
            raise invalid(
                f"A text block must be included with the document block at {path}.content."
            )
        if set(kinds) == {"cachePoint"}:
            raise invalid(f"The content at {path} holds nothing but a cachePoint.")

    def _check_block(self, path: str, block: Any, role: str) -> str:
        kind, value = member(path, block, _BLOCKS)
        if role == "user" and kind == "toolUse":
            raise invalid(
                "User messages cannot contain tool uses. Please remove the tool uses and try again."
            )
        if kind in (_ASSISTANTS if role == "user" else _USERS):
            raise invalid(f"The {kind} block at {path} cannot be in a message of the {role}.")
        checks: dict[str, Callable[[str, Any], None]] = {
            "text": _check_text,
            "image": _check_image,
            "document": self._check_document,
            "toolUse": _check_tool_use,
            "toolResult": self._check_result,
            "cachePoint": check_point,
            "reasoningContent": _check_reasoning,
        }
        checks.get(kind, _pass)(f"{path}.{kind}", value)
        return kind

    def _check_document(self, path: str, value: Any) -> None:
        if not isinstance(value, dict) or not set(value) <= {
            "format", "name", "source", "context", "citations",
        }:  # fmt: skip
            raise invalid(f"The format of the value at {path} is invalid.")
        if value.get("format", "txt") not in _DOCUMENTS:
            listed = ", ".join(_DOCUMENTS)
            raise invalid(f"The value at {path}.format must be one of the following: {listed}.")
        name = value.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise invalid(
                "The document file name can only contain alphanumeric characters, whitespace "
                "characters, hyphens, parentheses, and square brackets. The name can't contain "
                "more than one consecutive whitespace character. Check that the file name "
                "conforms to these restrictions and retry your request."
            )
        if name in self._names:
            raise invalid("Messages can't contain duplicate document names.")
        self._names.add(name)
        self._documents += 1
        known = frozenset({"bytes", "text", "content", "s3Location"})
        kind, source = member(f"{path}.source", value.get("source"), known)
        if kind == "bytes":
            _check_bytes(f"{path}.source.bytes", source)
        elif kind == "text" and (not isinstance(source, str) or not source.strip()):
            raise invalid(f"The text field at {path}.source is blank.")

    def _check_result(self, path: str, value: Any) -> None:
        if not isinstance(value, dict) or not set(value) <= {"toolUseId", "content", "status"}:
            raise invalid(f"The format of the value at {path} is invalid.")
        _check_id(f"{path}.toolUseId", value.get("toolUseId"))
        content = value.get("content")
        if not isinstance(content, list):
            raise invalid(f"The value at {path}.content must be a list.")
        if value.get("status", "success") not in {"success", "error"}:
            raise invalid(
                f"The value at {path}.status must be one of the following: success, error"
            )
        if not content and value.get("status") == "error":
            raise invalid(
                f"The content field at {path} cannot be empty when status value is error."
            )
        known = frozenset({"json", "text", "image", "document", "video", "searchResult"})
        for at, block in enumerate(content):
            kind, inner = member(f"{path}.content.{at}", block, known)
            if kind == "json" and not isinstance(inner, dict):
                raise invalid(
                    f"The format of the value at {path}.content.{at}.json is invalid. Provide a "
                    "json object for the field and try again."
                )
            if kind == "image":
                _check_image(f"{path}.content.{at}.image", inner)
            if kind == "document":
                self._check_document(f"{path}.content.{at}.document", inner)

    def _of(self, position: int, kind: str) -> list[str]:
        content = self._messages[position]["content"]
        return [block[kind]["toolUseId"] for block in content if kind in block]

    def _check_answered(
        self, position: int, calls: Sequence[list[str]], results: Sequence[list[str]]
    ) -> None:
        before = calls[position - 1] if position else []
        if len(results[position]) > len(before):
            raise invalid(
                f"The number of toolResult blocks at messages.{position}.content exceeds the "
                "number of toolUse blocks of previous turn."
            )
        missing = [call for call in before if call not in results[position]]
        if missing:
            raise invalid(
                f"Expected toolResult blocks at messages.{position}.content for the following "
                f"Ids: {', '.join(missing)}"
            )


def _pass(_path: str, _value: Any) -> None:
    pass


def _check_text(path: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        place = path.removesuffix(".text")
        raise invalid(
            f"The text field in the ContentBlock object at {place} is blank. Add text to the text "
            "field, and try again."
        )


def _check_bytes(path: str, value: Any) -> None:
    try:
        whole = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError):
        whole = b""
    if not whole:
        raise invalid(f"The value at {path} is not the base64 of bytes.")


def _check_image(path: str, value: Any) -> None:
    if not isinstance(value, dict) or set(value) != {"format", "source"}:
        raise invalid(f"The format of the value at {path} is invalid.")
    if value["format"] not in _IMAGES:
        listed = ", ".join(_IMAGES)
        raise invalid(f"The value at {path}.format must be one of the following: {listed}.")
    kind, source = member(f"{path}.source", value["source"], frozenset({"bytes", "s3Location"}))
    if kind == "bytes":
        _check_bytes(f"{path}.source.bytes", source)


def _check_id(path: str, value: Any) -> None:
    if not isinstance(value, str) or not _TOOL_ID.fullmatch(value):
        raise invalid(
            f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy "
            "regular expression pattern: [a-zA-Z0-9_.:-]+ and have length less than or equal to 64"
        )


def _check_tool_use(path: str, value: Any) -> None:
    if not isinstance(value, dict) or not {"toolUseId", "name", "input"} == set(value):
        raise invalid(f"The format of the value at {path} is invalid.")
    _check_id(f"{path}.toolUseId", value["toolUseId"])
    check_name(f"{path}.name", value["name"])
    if not isinstance(value["input"], dict):
        raise invalid(
            f"The format of the value at {path}.input is invalid. Provide a json object for the "
            "field and try again."
        )


def _check_reasoning(path: str, value: Any) -> None:
    kind, inner = member(path, value, frozenset({"reasoningText", "redactedContent"}))
    if kind == "redactedContent":
        _check_bytes(f"{path}.redactedContent", inner)
    elif not isinstance(inner, dict) or not isinstance(inner.get("text"), str):
        raise invalid(f"The format of the value at {path}.reasoningText is invalid.")
