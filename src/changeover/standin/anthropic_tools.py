"""What Anthropic's Messages takes and refuses of tools, calls, results and images.

Written from the vendor's reference ("Tool use", "Handle tool calls", "Vision"), the
types of its official SDK and error bodies that callers reported.

* Every call is answered by a result in the very next message, and every result
  answers a call of the message before it. Results stand before anything else.
* Ids and names have patterns; ids are unique in a conversation, names among tools.
* Where the conversation holds calls or results, the request defines tools.
"""

import re
from typing import Any

import msgspec

from changeover.standin.anthropic_form import check_schema
from changeover.standin.asked import Asked, Offered, RefusalError, is_object_schema

_ID = r"^[a-zA-Z0-9_-]+$"
_NAME = r"^[a-zA-Z0-9_-]{1,128}$"
_TOOL_FIELDS = {
    "type", "name", "description", "input_schema", "strict", "cache_control",
    "allowed_callers", "defer_loading", "eager_input_streaming", "input_examples",
}  # fmt: skip
_CHOICES = ("auto", "any", "tool", "none")
_CHOICE_FIELDS = {
    "auto": {"type", "disable_parallel_tool_use"},
    "any": {"type", "disable_parallel_tool_use"},
    "tool": {"type", "name", "disable_parallel_tool_use"},
    "none": {"type"},
}
_BLOCK_FIELDS = {
    "tool_use": {"type", "id", "name", "input", "cache_control", "caller"},
    "tool_result": {"type", "tool_use_id", "content", "is_error", "cache_control"},
    "image": {"type", "source", "cache_control"},
}
_REQUIRED = {
    "tool_use": ("id", "name", "input"),
    "tool_result": ("tool_use_id",),
    "image": ("source",),
}
_MEDIA = ("image/jpeg", "image/png", "image/gif", "image/webp")
_BY_ROLE = {
    "assistant": {"text", "tool_use", "thinking", "redacted_thinking"},
    "user": {"text", "image", "document", "tool_result", "search_result"},
}


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "invalid_request_error", message)


def _fields(path: str, given: dict[str, Any], known: set[str]) -> None:
    for field in given:
        if field not in known:
            raise _invalid(f"{path}.{field}: Extra inputs are not permitted")


def _matching(path: str, value: Any, pattern: str) -> None:
    if not isinstance(value, str):
        raise _invalid(f"{path}: Input should be a valid string")
    if not re.fullmatch(pattern.strip("^$"), value):
        raise _invalid(f"{path}: String should match pattern '{pattern}'")


def check_tools(name: str, tools: Any) -> None:
    """Refuses what is no list of tools of the client's own."""
    if not isinstance(tools, list):
        raise _invalid(f"{name}: Input should be a valid array")
    for position, tool in enumerate(tools):
        path = f"{name}.{position}"
        if not isinstance(tool, dict):
            raise _invalid(f"{path}: Input should be an object")
        if tool.get("type") not in {None, "custom"}:
            raise _invalid(f"{path}: '{tool['type']}' is not supported by this model")
        _check_tool(f"{path}.custom", tool)
    names = [tool["name"] for tool in tools]
    if len(set(names)) < len(names):
        raise _invalid(f"{name}: Tool names must be unique.")


def _check_tool(path: str, tool: dict[str, Any]) -> None:
    for field in ("name", "input_schema"):
        if field not in tool:
            raise _invalid(f"{path}.{field}: Field required")
    _matching(f"{path}.name", tool["name"], _NAME)
    schema = tool["input_schema"]
    if not isinstance(schema, dict):
        raise _invalid(f"{path}.input_schema: Input should be an object")
    if "type" not in schema:
        raise _invalid(f"{path}.input_schema.type: Field required")
    if not is_object_schema(schema):
        raise _invalid(f"{path}.input_schema.type: Input should be 'object'")
    if any(word in schema for word in ("oneOf", "allOf", "anyOf")):
        raise _invalid(
            f"{path}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the "
            "top level"
        )
    if not isinstance(tool.get("description", ""), str):
        raise _invalid(f"{path}.description: Input should be a valid string")
    if not isinstance(tool.get("strict", False), bool):
        raise _invalid(f"{path}.strict: Input should be a valid boolean")
    if tool.get("strict"):
        check_schema(f"{path}.input_schema", schema)
    _fields(path, tool, _TOOL_FIELDS)


def check_choice(name: str, choice: Any) -> None:
    """Refuses what is no choice among tools."""
    if not isinstance(choice, dict):
        raise _invalid(f"{name}: Input should be an object")
    if "type" not in choice:
        raise _invalid(f"{name}.type: Field required")
    kind = choice["type"]
    if kind not in _CHOICES:
        tags = ", ".join(f"'{tag}'" for tag in _CHOICES)
        found = f"Input tag '{kind}' found using 'type' does not match any of the expected tags"
        raise _invalid(f"{name}: {found}: {tags}")
    if kind == "tool" and "name" not in choice:
        raise _invalid(f"{name}.tool.name: Field required")
    _fields(f"{name}.{kind}", choice, _CHOICE_FIELDS[kind])


def check_block(path: str, block: dict[str, Any], nested: Any) -> None:
    """Refuses a malformed call, result or image; `nested` checks a result's content."""
    kind = block["type"]
    if kind not in _BLOCK_FIELDS:
        return
    for field in _REQUIRED[kind]:
        if field not in block:
            raise _invalid(f"{path}.{kind}.{field}: Field required")
    match kind:
        case "tool_use":
            _matching(f"{path}.tool_use.id", block["id"], _ID)
            _matching(f"{path}.tool_use.name", block["name"], r"^.{1,200}$")
            if not isinstance(block["input"], dict):
                raise _invalid(f"{path}.tool_use.input: Input should be a valid dictionary")
        case "tool_result":
            _check_result(f"{path}.tool_result", block, nested)
        case "image":
            _check_source(f"{path}.image.source", block["source"])
    _fields(f"{path}.{kind}", block, _BLOCK_FIELDS[kind])


def _check_result(path: str, block: dict[str, Any], nested: Any) -> None:
    _matching(f"{path}.tool_use_id", block["tool_use_id"], _ID)
    if not isinstance(block.get("is_error", False), bool):
        raise _invalid(f"{path}.is_error: Input should be a valid boolean")
    content = block.get("content", "")
    nested(f"{path}.content", content)
    for at, inner in enumerate(content if isinstance(content, list) else ()):
        if inner["type"] not in {"text", "image", "document", "search_result"}:
            raise _invalid(f"{path}.content.{at}.type: Input should be 'text' or 'image'")


def _check_source(path: str, source: Any) -> None:
    if not isinstance(source, dict) or source.get("type") not in {"base64", "url"}:
        raise _invalid(f"{path}: Input should be a base64 or url source")
    if source["type"] == "url":
        url = source.get("url")
        if not isinstance(url, str) or not url.startswith("https://"):
            raise _invalid(f"{path}.url.url: Only HTTPS URLs are supported.")
        return
    if source.get("media_type") not in _MEDIA:
        listed = " or ".join(f"'{one}'" for one in _MEDIA)
        raise _invalid(f"{path}.base64.media_type: Input should be {listed}")
    if not isinstance(source.get("data"), str) or not source["data"]:
        raise _invalid(f"{path}.base64: invalid base64 data")


def check_conversation(given: dict[str, Any]) -> None:
    """Refuses calls and results that do not stand as they must, and choices without tools."""
    tools = given.get("tools", [])
    names = {tool["name"] for tool in tools}
    choice = given.get("tool_choice", {"type": "auto"})
    if "tool_choice" in given and not tools and choice["type"] != "none":
        raise _invalid("tool_choice: tool_choice may only be specified while providing tools")
    if choice["type"] == "tool" and choice["name"] not in names:
        raise _invalid(f"Tool '{choice['name']}' not found in provided tools")
    messages = [_blocks(message) for message in given["messages"]]
    if not tools and any(_of(blocks, "tool_use", "tool_result") for blocks in messages):
        raise _invalid(
            "Requests which include `tool_use` or `tool_result` blocks must define tools"
        )
    used: set[str] = set()
    for position, blocks in enumerate(messages):
        _check_places(position, given["messages"][position]["role"], blocks)
        _check_unique(position, blocks, used)
        _check_answered(position, messages)
        _check_known(position, messages)


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return content if isinstance(content, list) else []


def _of(blocks: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [block for block in blocks if block["type"] in kinds]


def _check_places(position: int, role: str, blocks: list[dict[str, Any]]) -> None:
    others = False
    for at, block in enumerate(blocks):
        if block["type"] not in _BY_ROLE[role]:
            raise _invalid(
                f"messages.{position}.content.{at}: {block['type']} blocks can not be in {role} "
                "messages"
            )
        if block["type"] == "tool_result" and others:
            raise _invalid(
                f"messages.{position}: `tool_result` blocks must come first in a user message"
            )
        others = others or block["type"] != "tool_result"


def _check_unique(position: int, blocks: list[dict[str, Any]], used: set[str]) -> None:
    for at, block in enumerate(blocks):
        if block["type"] == "tool_use":
            if block["id"] in used:
                path = f"messages.{position}.content.{at}"
                raise _invalid(f"{path}: `tool_use` ids must be unique")
            used.add(block["id"])


def _check_answered(position: int, messages: list[list[dict[str, Any]]]) -> None:
    calls = _of(messages[position], "tool_use")
    after = messages[position + 1] if position + 1 < len(messages) else []
    answered = {block["tool_use_id"] for block in _of(after, "tool_result")}
    missing = [call["id"] for call in calls if call["id"] not in answered]
    if missing:
        raise _invalid(
            f"messages.{position}: `tool_use` ids were found without `tool_result` blocks "
            f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )


def _check_known(position: int, messages: list[list[dict[str, Any]]]) -> None:
    before = messages[position - 1] if position else []
    open_calls = [call["id"] for call in _of(before, "tool_use")]
    for at, block in enumerate(messages[position]):
        if block["type"] != "tool_result":
            continue
        if block["tool_use_id"] not in open_calls:
            raise _invalid(
                f"messages.{position}.content.{at}: unexpected `tool_use_id` found in "
                f"`tool_result` blocks: {block['tool_use_id']}. Each `tool_result` block must "
                "have a corresponding `tool_use` block in the previous message."
            )
        open_calls.remove(block["tool_use_id"])


def offered(given: dict[str, Any]) -> tuple[Offered, ...]:
    """The tools of a request that passed."""
    return tuple(
        Offered(name=tool["name"], schema=tool["input_schema"]) for tool in given.get("tools", [])
    )


def chosen(given: dict[str, Any], asked: Asked) -> Asked:
    """`asked` with the choice that a request makes."""
    choice = given.get("tool_choice", {"type": "auto"})
    modes = {"auto": "auto", "any": "required", "tool": "named", "none": "none"}
    return msgspec.structs.replace(
        asked,
        tools=offered(given),
        choice=modes[choice["type"]],
        named=choice.get("name", ""),
        parallel=not choice.get("disable_parallel_tool_use", False),
    )
