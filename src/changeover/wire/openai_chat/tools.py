"""Tools in Chat Completions: what a model may call, and whether it must.

* `allowed_tools` narrows the tools for one answer. The others are left out,
  which is what it asks.
* A choice among tools that are not there asks for nothing, unless one must be called.
* `parallel_tool_calls` only says how many calls an answer may hold; it forces none.
* A server that cannot be told to call one tool is told to call some, and offered that one
  alone. One that can be told nothing is offered none where none may be called.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Tool, ToolChoice
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_chat.fields import TOOL
from changeover.wire.openai_chat.output_form import strictly
from changeover.wire.openai_chat.parts import MARKS_LOSS
from changeover.wire.openai_chat.profile import Profile
from changeover.wire.shapes import shape_from_client

_Name = Annotated[str, msgspec.Meta(min_length=1)]

CHOICE_LOSS = Loss(
    field="tool_choice",
    why="The server cannot be told to call a tool; it may answer in words instead.",
)


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


_NOTHING = Asked()


def read_tools(
    given: Sequence[dict[str, Any]], choice: str | dict[str, Any] | None, losses: list[Loss]
) -> Asked:
    """The tools and the choice among them; `ProtocolError` for what is none."""
    if not given and choice is None:
        return _NOTHING
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


class ToolsWriter:
    """The fields of a request that speak of tools, as a server takes them."""

    def __init__(
        self, profile: Profile, name: Callable[[str], str], losses: dict[Loss, None]
    ) -> None:
        self._profile = profile
        self._name = name
        self._losses = losses

    def fields(self, request: ChatRequest) -> dict[str, Any]:
        tools, choice = request.tools, request.tool_choice
        if not tools:
            return {}
        fields: dict[str, Any] = {}
        if choice is not None and choice.mode != "auto":
            tools, written = self._chosen(tools, choice)
            fields = {} if written is None else {"tool_choice": written}
        elif choice is not None and len(self._profile.choices) > 1:
            fields = {"tool_choice": "auto"}
        return {"tools": [self._tool(tool) for tool in tools], **fields} if tools else {}

    def _chosen(self, tools: tuple[Tool, ...], choice: ToolChoice) -> tuple[tuple[Tool, ...], Any]:
        """The tools to offer, and the choice as the server writes it; None for none."""
        taken = self._profile.choices
        match choice.mode:
            case "named" if "named" in taken:
                return tools, {"type": "function", "function": {"name": self._name(choice.name)}}
            case "named" if "required" in taken:
                alone = tuple(tool for tool in tools if tool.name == choice.name)
                return alone or tools, self._profile.required
            case "required" if "required" in taken:
                return tools, self._profile.required
            case "none":
                return (tools, "none") if "none" in taken else ((), None)
            case _:
                self._losses[CHOICE_LOSS] = None
                return tools, None

    def _tool(self, tool: Tool) -> dict[str, Any]:
        if tool.cache is not None:
            self._losses[MARKS_LOSS] = None
        strict = strictly(tool, self._losses, only=self._profile.strict_schemas)
        optional = {
            "description": tool.description,
            "parameters": tool.parameters,
            "strict": strict,
        }
        if tool.parameters is None and self._profile.needs_parameters:
            optional["parameters"] = {"type": "object", "properties": {}}
        told = {name: value for name, value in optional.items() if value is not None}
        return {"type": "function", "function": {"name": self._name(tool.name), **told}}
