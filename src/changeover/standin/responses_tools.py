"""What OpenAI's Responses takes and refuses of tools and the choice among them.

Written from the vendor's reference ("Function calling"), the types of its official
SDK and error bodies that callers reported. A tool is a function with its fields
beside its type, not within an object as in Chat Completions, or a custom tool, whose input
is words. Tools that the vendor runs itself are refused in the words that it uses for a
model without them.
"""

from typing import Any

import msgspec

from changeover.standin.asked import Offered
from changeover.standin.openai_checks import (
    array,
    invalid,
    json_object,
    missing,
    one_of,
    text,
    unknown,
)
from changeover.standin.openai_tools import check_function, check_name
from changeover.standin.responses_wanted import Wanted

_CUSTOM = {"type", "name", "description", "format"}
_WORDS = {"type": "object", "properties": {"input": {"type": "string"}}}
_FIELDS = {"type", "name", "description", "parameters", "strict"}
_HOSTED = {"web_search", "file_search", "code_interpreter", "computer", "image_generation", "mcp"}


def check_tools(name: str, tools: Any) -> None:
    """Refuses what is no list of functions."""
    array(name, tools)
    for position, tool in enumerate(tools):
        path = f"{name}[{position}]"
        json_object(path, tool)
        if tool.get("type") is None:
            raise missing(f"{path}.type")
        if tool["type"] in _HOSTED:
            message = f"Hosted tool '{tool['type']}' is not supported with this model."
            raise invalid(message, name, None)
        one_of("function", "custom", *sorted(_HOSTED))(f"{path}.type", tool["type"])
        if tool["type"] == "custom":
            _check_custom(path, tool)
            continue
        for field in tool:
            if field not in _FIELDS:
                raise unknown(f"{path}.{field}")
        if "parameters" not in tool:
            raise missing(f"{path}.parameters")
        check_function(path, {field: tool[field] for field in tool if field != "type"})


def _check_custom(path: str, tool: dict[str, Any]) -> None:
    if tool.get("name") is None:
        raise missing(f"{path}.name")
    text(f"{path}.name", tool["name"])
    check_name(f"{path}.name", tool["name"])
    for field in tool:
        if field not in _CUSTOM:
            raise unknown(f"{path}.{field}")
    form = tool.get("format") or {"type": "text"}
    json_object(f"{path}.format", form)
    one_of("text", "grammar")(f"{path}.format.type", form.get("type"))
    if form["type"] == "grammar":
        one_of("lark", "regex")(f"{path}.format.syntax", form.get("syntax"))
        if not form.get("definition"):
            raise missing(f"{path}.format.definition")


def check_choice(given: dict[str, Any]) -> None:
    """Refuses a choice that is none, and one that tools would have to be there for."""
    tools = given.get("tools", [])
    choice = given.get("tool_choice", "auto")
    if isinstance(choice, str):
        one_of("none", "auto", "required")("tool_choice", choice)
        if choice == "required" and not tools:
            message = "Tool choice 'required' must be specified with 'tools' parameter."
            raise invalid(message, "tool_choice", None)
        return
    json_object("tool_choice", choice)
    for field in ("type", "name"):
        if choice.get(field) is None:
            raise missing(f"tool_choice.{field}")
    one_of("function", "custom")("tool_choice.type", choice["type"])
    if (choice["type"], choice["name"]) not in {(tool["type"], tool["name"]) for tool in tools}:
        message = f"Tool choice '{choice['type']}' not found in 'tools' parameter."
        raise invalid(message, "tool_choice", None)


def chosen(given: dict[str, Any], asked: Wanted) -> Wanted:
    """`asked` with the tools that a request offers and the choice that it makes."""
    choice = given.get("tool_choice", "auto")
    named = choice["name"] if isinstance(choice, dict) else ""
    tools = given.get("tools", [])
    return msgspec.structs.replace(
        asked,
        tools=tuple(Offered(name=tool["name"], schema=_schema(tool)) for tool in tools),
        choice="named" if named else choice,
        named=named,
        parallel=given.get("parallel_tool_calls", True),
        freeform=frozenset(tool["name"] for tool in tools if tool["type"] == "custom"),
    )


def _schema(tool: dict[str, Any]) -> dict[str, Any]:
    return _WORDS if tool["type"] == "custom" else tool.get("parameters") or {}
