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
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.amazon import invalid
from changeover.standin.asked import is_integer, is_number

Object = dict[str, Any]

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
_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_METADATA = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}")
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
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
    _Conversation(messages).check(_tools(given.get("toolConfig")))
    for position, block in enumerate(given.get("system") or []):
        _check_system(f"system.{position}", block)
    _check_inference(given.get("inferenceConfig") or {})
    _check_choices(given)
    _check_output(given.get("outputConfig") or {})
    _check_metadata(given.get("requestMetadata") or {})
    return given


def member(path: str, block: Any, known: frozenset[str]) -> tuple[str, Any]:
    """The one field of a union."""
    if not isinstance(block, dict) or len(block) != 1 or next(iter(block)) not in known:
        raise invalid(
            f"The value at {path} must have exactly one of the following keys set: "
            f"{', '.join(sorted(known))}."
        )
    return next(iter(block.items()))


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
            "cachePoint": _check_point,
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


def _check_name(path: str, value: Any) -> None:
    if not isinstance(value, str) or not _TOOL_NAME.fullmatch(value):
        raise invalid(
            f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy "
            "regular expression pattern: [a-zA-Z0-9_-]+ and have length less than or equal to 64"
        )


def _check_tool_use(path: str, value: Any) -> None:
    if not isinstance(value, dict) or not {"toolUseId", "name", "input"} == set(value):
        raise invalid(f"The format of the value at {path} is invalid.")
    _check_id(f"{path}.toolUseId", value["toolUseId"])
    _check_name(f"{path}.name", value["name"])
    if not isinstance(value["input"], dict):
        raise invalid(
            f"The format of the value at {path}.input is invalid. Provide a json object for the "
            "field and try again."
        )


def _check_point(path: str, value: Any) -> None:
    sound = isinstance(value, dict) and set(value) <= {"type", "ttl"}
    if not sound or value.get("type") != "default" or value.get("ttl", "5m") not in {"5m", "1h"}:
        raise invalid(f"The format of the value at {path} is invalid.")


def _check_reasoning(path: str, value: Any) -> None:
    kind, inner = member(path, value, frozenset({"reasoningText", "redactedContent"}))
    if kind == "redactedContent":
        _check_bytes(f"{path}.redactedContent", inner)
    elif not isinstance(inner, dict) or not isinstance(inner.get("text"), str):
        raise invalid(f"The format of the value at {path}.reasoningText is invalid.")


def _check_system(path: str, block: Any) -> None:
    kind, value = member(path, block, frozenset({"text", "cachePoint", "guardContent"}))
    if kind == "text" and (not isinstance(value, str) or not value.strip()):
        raise invalid(
            f"The text field in the SystemContentBlock object at {path} is blank. Add text to the "
            "text field, and try again."
        )


def _check_inference(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        path = f"inferenceConfig.{name}"
        match name:
            case "maxTokens":
                if not is_integer(value) or value < 1:
                    raise invalid(f"The value at {path} must be at least 1.")
            case "temperature" | "topP":
                if not is_number(value) or not 0 <= value <= 1:
                    raise invalid(f"The value at {path} must be between 0 and 1.")
            case "stopSequences":
                if not isinstance(value, list) or not all(isinstance(s, str) and s for s in value):
                    raise invalid(f"The value at {path} must be a list of text.")
            case _:
                raise invalid(f"#: extraneous key [{path}] is not permitted")


def _tools(config: Any) -> list[str] | None:
    """The names of the tools; None where there is no configuration of any."""
    if config is None:
        return None
    if not isinstance(config, dict) or not config.get("tools"):
        raise invalid("The value at toolConfig.tools must have at least 1 item.")
    names: list[str] = []
    for at, tool in enumerate(config["tools"]):
        path = f"toolConfig.tools.{at}"
        kind, spec = member(path, tool, frozenset({"toolSpec", "systemTool", "cachePoint"}))
        if kind == "cachePoint":
            _check_point(f"{path}.cachePoint", spec)
            continue
        _check_name(f"{path}.{kind}.name", spec.get("name"))
        if spec["name"] in names:
            raise invalid(f"The tool {spec['name']} is defined more than once.")
        if spec.get("description") == "":
            raise invalid(f"The value at {path}.toolSpec.description must have at least 1 letter.")
        schema = (spec.get("inputSchema") or {}).get("json")
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise invalid(
                f"The value at {path}.toolSpec.inputSchema.json.type must be one of the "
                "following: object."
            )
        names.append(spec["name"])
    _check_choice(config.get("toolChoice"), names)
    return names


def _check_choice(choice: Any, names: Sequence[str]) -> None:
    if choice is None:
        return
    kind, value = member("toolConfig.toolChoice", choice, frozenset({"auto", "any", "tool"}))
    if kind == "tool" and value.get("name") not in names:
        raise invalid("The toolChoice names a tool that is not in toolConfig.tools.")


def _check_choices(given: Object) -> None:
    own = given.get("additionalModelRequestFields") or {}
    if "tool_choice" not in own:
        return
    if "toolChoice" in (given.get("toolConfig") or {}):
        raise invalid(
            "The additional field tool_choice conflicts with an existing field. Remove the "
            "additional field and try again."
        )
    if "toolConfig" not in given:
        raise invalid("tool_choice.type: Field required")


def _check_output(given: Mapping[str, Any]) -> None:
    if not set(given) <= {"textFormat", "effort"}:
        raise invalid("#: extraneous key in [outputConfig] is not permitted")
    if given.get("effort", "low") not in _EFFORTS:
        listed = ", ".join(_EFFORTS)
        raise invalid(f"The value at outputConfig.effort must be one of the following: {listed}.")
    if "textFormat" not in given:
        return
    form = given["textFormat"]
    inner = (form.get("structure") or {}).get("jsonSchema") or {}
    try:
        schema = msgspec.json.decode(inner.get("schema", ""))
    except (msgspec.DecodeError, TypeError):
        schema = None
    if form.get("type") != "json_schema" or not isinstance(schema, dict):
        raise invalid("The value at outputConfig.textFormat is not a JSON schema.")


def _check_metadata(given: Mapping[str, Any]) -> None:
    most = 16
    if len(given) > most:
        raise invalid(f"The value at requestMetadata must have at most {most} entries.")
    for name, value in given.items():
        texts = (name, value)
        if not all(isinstance(one, str) and _METADATA.fullmatch(one) for one in texts) or not name:
            raise invalid("The value at requestMetadata failed to satisfy constraint.")
