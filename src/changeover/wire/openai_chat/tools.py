"""Tools in Chat Completions: what a model may call, and whether it must.

* `allowed_tools` narrows the tools for one answer. The others are left out,
  which is what it asks.
* A choice among tools that are not there asks for nothing, unless one must be called.
* `parallel_tool_calls` only says how many calls an answer may hold; it forces none.
"""

from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Tool, ToolChoice
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_chat.fields import TOOL
from changeover.wire.openai_tool_fields import tool_fields
from changeover.wire.shapes import shape_from_client

_Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Function(msgspec.Struct):
    name: _Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class _Tool(msgspec.Struct):
    type: Literal["function"]
    function: _Function


class _Named(msgspec.Struct):
    name: _Name


class _NamedTool(msgspec.Struct):
    type: Literal["function"]
    function: _Named


class _Allowed(msgspec.Struct):
    mode: Literal["auto", "required"]
    tools: list[_NamedTool]


class _Choice(msgspec.Struct):
    type: Literal["function", "allowed_tools"]
    function: _Named | None = None
    allowed_tools: _Allowed | None = None


class Asked(msgspec.Struct, frozen=True):
    """What a request says of tools."""

    tools: tuple[Tool, ...] = ()
    choice: ToolChoice | None = None


def read_tools(
    given: list[dict[str, Any]], choice: str | dict[str, Any] | None, losses: list[Loss]
) -> Asked:
    """The tools and the choice among them; `ProtocolError` for what is none."""
    if not given and choice is None:
        return Asked()
    tools = tuple(_tool(tool, f"tools[{index}]", losses) for index, tool in enumerate(given))
    asked = _chosen(tools, choice)
    if asked.tools:
        return asked
    if asked.choice is not None and asked.choice.mode in {"required", "named"}:
        raise ProtocolError(
            "A tool must be called, but there is none.",
            field="tool_choice",
            do="Send tools with it, or leave it out.",
        )
    return Asked()


def _tool(given: dict[str, Any], place: str, losses: list[Loss]) -> Tool:
    losses += review(given, TOOL, place)
    function = shape_from_client(given, _Tool, place).function
    return Tool(
        name=function.name,
        description=function.description,
        parameters=function.parameters,
        strict=function.strict,
    )


def _chosen(tools: tuple[Tool, ...], choice: str | dict[str, Any] | None) -> Asked:
    match choice:
        case None:
            return Asked(tools)
        case "auto" | "none" | "required":
            return Asked(tools, ToolChoice(mode=choice))
        case str():
            raise _unknown_choice(repr(choice))
        case _:
            return _chosen_one(tools, shape_from_client(choice, _Choice, "tool_choice"))


def _chosen_one(tools: tuple[Tool, ...], choice: _Choice) -> Asked:
    match choice:
        case _Choice(type="function", function=_Named() as named):
            return Asked(tools, ToolChoice(mode="named", name=named.name))
        case _Choice(type="allowed_tools", allowed_tools=_Allowed() as allowed):
            names = {tool.function.name for tool in allowed.tools}
            narrowed = tuple(tool for tool in tools if tool.name in names)
            return Asked(narrowed, ToolChoice(mode=allowed.mode))
        case _:
            raise _unknown_choice(f"of the type {choice.type!r} without a {choice.type}")


def _unknown_choice(what: str) -> ProtocolError:
    return ProtocolError(
        f"The tool choice {what} is not known.",
        field="tool_choice",
        do="Use auto, none, required, a function or allowed_tools.",
    )


def write_tools(request: ChatRequest) -> dict[str, Any]:
    """The fields of a request that speak of tools."""
    return tool_fields(request, _written, _written_choice)


def _written(tool: Tool) -> dict[str, Any]:
    optional = {
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": tool.strict,
    }
    told = {name: value for name, value in optional.items() if value is not None}
    return {"type": "function", "function": {"name": tool.name, **told}}


def _written_choice(choice: ToolChoice) -> str | dict[str, Any]:
    if choice.mode == "named":
        return {"type": "function", "function": {"name": choice.name}}
    return choice.mode
