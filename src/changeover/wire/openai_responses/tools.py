"""Functions in Responses: what a model may call, and whether it must.

* A function that says nothing of it is strict here where its schema allows, and
  nowhere else. So it is read as not strict, which is reported, and `strict` is
  always written.
* Tools that one vendor runs on its own servers, or that its models alone know, are refused
  by their type. A `custom` tool is carried as a function (`freeform.py`).
* `allowed_tools` narrows the tools for one answer. The others are left out,
  which is what it asks.
* A choice among tools that are not there asks for nothing, unless one must be called.
"""

from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Tool, ToolChoice
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_responses.caching import Marks
from changeover.wire.openai_responses.fields import TOOL
from changeover.wire.openai_responses.freeform import read_custom, write_custom
from changeover.wire.openai_tool_fields import tool_fields
from changeover.wire.shapes import shape_from_client

_Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Kind(msgspec.Struct):
    type: str


class _Function(msgspec.Struct):
    name: _Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class _Named(msgspec.Struct):
    type: Literal["function", "custom"]
    name: _Name


class _Choice(msgspec.Struct):
    type: str
    name: str = ""
    mode: Literal["auto", "required"] = "auto"
    tools: list[_Named] = []


class Asked(msgspec.Struct, frozen=True):
    """What a request says of tools."""

    tools: tuple[Tool, ...] = ()
    choice: ToolChoice | None = None


def read_tools(
    given: list[dict[str, Any]], choice: str | dict[str, Any] | None, losses: list[Loss]
) -> Asked:
    """The tools and the choice among them; `ProtocolError` for what is none."""
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
    kind = shape_from_client(given, _Kind, place).type
    if kind == "custom":
        return read_custom(given, place, losses)
    if kind != "function":
        raise _unsupported(kind, place)
    losses += review(given, TOOL, place)
    function = shape_from_client(given, _Function, place)
    if function.strict is None:
        why = "A function that does not say that it is strict is sent as one that is not."
        losses.append(Loss(field=f"{place}.strict", why=why))
    return Tool(
        name=function.name,
        description=function.description,
        parameters=function.parameters,
        strict=function.strict,
    )


_INSTEAD = {
    "local_shell": "Send a function that takes the command.",
    "shell": "Send a function that takes the command.",
    "apply_patch": "Send it as a custom tool or a function that takes the patch.",
    "web_search": 'Leave it out; Codex does with web_search = "disabled" in its settings.',
    "namespace": "Send the functions of a namespace one by one, each under a name of its own.",
}


def _unsupported(kind: str, place: str) -> ProtocolError:
    return ProtocolError(
        f"A tool of the type {kind!r} is not supported here.",
        field=f"{place}.type",
        means="One vendor's servers run it, or its models alone know it.",
        do=_INSTEAD.get(kind, "Send functions and custom tools only."),
    )


def _chosen(tools: tuple[Tool, ...], choice: str | dict[str, Any] | None) -> Asked:
    match choice:
        case None:
            return Asked(tools)
        case "auto" | "none" | "required":
            return Asked(tools, ToolChoice(mode=choice))
        case str():
            raise _unknown_choice(choice)
        case _:
            return _chosen_one(tools, shape_from_client(choice, _Choice, "tool_choice"))


def _chosen_one(tools: tuple[Tool, ...], choice: _Choice) -> Asked:
    match choice:
        case _Choice(type="function" | "custom") if choice.name:
            return Asked(tools, ToolChoice(mode="named", name=choice.name))
        case _Choice(type="allowed_tools"):
            names = {tool.name for tool in choice.tools}
            narrowed = tuple(tool for tool in tools if tool.name in names)
            return Asked(narrowed, ToolChoice(mode=choice.mode))
        case _:
            raise _unknown_choice(choice.type)


def _unknown_choice(what: str) -> ProtocolError:
    return ProtocolError(
        f"The tool choice {what!r} is not supported here.",
        field="tool_choice",
        do="Use auto, none, required, a function by its name, or allowed_tools.",
    )


def write_tools(request: ChatRequest, marks: Marks) -> dict[str, Any]:
    """The fields of a request that speak of tools."""
    if not request.tools:
        return {}
    freeform = {tool.name for tool in request.tools if tool.freeform is not None}
    for tool in request.tools:
        marks.nowhere(tool.cache)

    def choice(chosen: ToolChoice) -> str | dict[str, Any]:
        if chosen.mode != "named":
            return chosen.mode
        kind = "custom" if chosen.name in freeform else "function"
        return {"type": kind, "name": chosen.name}

    return tool_fields(request, _written, choice)


def _written(tool: Tool) -> dict[str, Any]:
    if tool.freeform is not None:
        return write_custom(tool.name, tool.freeform)
    described = {} if tool.description is None else {"description": tool.description}
    return {
        "type": "function",
        "name": tool.name,
        **described,
        "parameters": tool.parameters,
        "strict": bool(tool.strict),
    }
