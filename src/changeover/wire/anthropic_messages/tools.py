"""Tools in Messages: what a model may call, and whether it must.

* Only tools of the client's own are carried. Those with another `type` than
  `custom` are the vendor's: its servers run them, or its models alone know them.
* Whether an answer may hold several calls stands within the choice, so a request
  that says nothing else of the choice is sent with `auto`, which forces nothing.
* The vendor wants tools where the history holds calls. A request of another
  protocol may have none; the tools called are then named without their
  parameters, with the choice `none`, and that is reported.
* The input of a strict tool is held to its schema, so the schema is fitted to what the
  vendor takes (`schemas.py`). A tool whose schema refers to itself is sent as not strict.
* Some models refuse choices that force a tool; those are sent `auto`, which is reported.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Tool, ToolCall, ToolChoice, Turn
from changeover.wire.anthropic_messages.caching import marked, read_mark
from changeover.wire.anthropic_messages.fields import TOOL
from changeover.wire.anthropic_messages.forms import lost_words
from changeover.wire.anthropic_messages.schemas import fitted
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.shapes import shape_from_client

_Name = Annotated[str, msgspec.Meta(min_length=1)]
_MODES: dict[str, Literal["auto", "none", "required"]] = {
    "auto": "auto",
    "any": "required",
    "none": "none",
}
_NAMES = {"auto": "auto", "required": "any", "none": "none", "named": "tool"}

STUBS_LOSS = Loss(
    field="tools", why="Messages wants the tools of earlier calls; they are sent by name alone."
)


RECURSIVE_LOSS = Loss(
    field="strict", why="Messages takes no strict tool whose schema refers to itself."
)
FORCED_LOSS = Loss(field="tool_choice", why="This model cannot be forced to call a tool; it may.")


class _Tool(msgspec.Struct):
    name: _Name
    input_schema: dict[str, Any]
    type: str | None = None
    description: str | None = None
    strict: bool | None = None


class _Choice(msgspec.Struct):
    type: Literal["auto", "any", "tool", "none"]
    name: str = ""
    disable_parallel_tool_use: bool | None = None


class Asked(msgspec.Struct, frozen=True):
    """What a request says of tools."""

    tools: tuple[Tool, ...] = ()
    choice: ToolChoice | None = None
    parallel: bool | None = None


def read_tools(
    given: Sequence[dict[str, Any]], choice: dict[str, Any] | None, losses: list[Loss]
) -> Asked:
    """The tools and the choice among them; `ProtocolError` for what is none."""
    tools = tuple(_tool(tool, f"tools[{index}]", losses) for index, tool in enumerate(given))
    if choice is None:
        return Asked(tools)
    chosen = shape_from_client(choice, _Choice, "tool_choice")
    if not tools:
        if chosen.type in {"any", "tool"}:
            raise ProtocolError(
                "A tool must be called, but there is none.",
                field="tool_choice",
                do="Send tools with it, or leave it out.",
            )
        return Asked()
    alone = chosen.disable_parallel_tool_use
    return Asked(tools, _choice(chosen), None if alone is None else not alone)


def _choice(chosen: _Choice) -> ToolChoice:
    if chosen.type != "tool":
        return ToolChoice(mode=_MODES[chosen.type])
    if not chosen.name:
        raise ProtocolError(
            "The tool to call is not named.", field="tool_choice.name", do="Give its name."
        )
    return ToolChoice(mode="named", name=chosen.name)


def _tool(given: dict[str, Any], place: str, losses: list[Loss]) -> Tool:
    if given.get("type") not in (None, "custom"):
        raise ProtocolError(
            f"A tool of the type {given['type']!r} is not supported here.",
            field=f"{place}.type",
            means="It is the vendor's own, and another vendor's model may answer.",
            do="Send tools with a name and an input_schema.",
        )
    losses += review(given, TOOL, place)
    tool = shape_from_client(given, _Tool, place)
    return Tool(
        name=tool.name,
        description=tool.description,
        parameters=tool.input_schema,
        strict=tool.strict,
        cache=read_mark(given, place),
    )


def is_forced(request: ChatRequest) -> bool:
    """Whether the request demands that a tool is called."""
    choice = request.tool_choice
    return bool(request.tools) and choice is not None and choice.mode in {"required", "named"}


def write_tools(request: ChatRequest, losses: list[Loss], *, forced: bool = True) -> dict[str, Any]:
    """The fields of a request that speak of tools; `forced` is whether the model can be forced."""
    if not request.tools:
        return _stubs(request.turns, losses)
    fields: dict[str, Any] = {"tools": [_written(tool, losses) for tool in request.tools]}
    if not forced and is_forced(request):
        losses.append(FORCED_LOSS)
        request = msgspec.structs.replace(request, tool_choice=ToolChoice(mode="auto"))
    if choice := _written_choice(request):
        fields["tool_choice"] = choice
    return fields


def _stubs(turns: Iterable[Turn], losses: list[Loss]) -> dict[str, Any]:
    parts = (part for turn in turns for part in turn.parts)
    names = {part.name: None for part in parts if isinstance(part, ToolCall)}
    if not names:
        return {}
    losses.append(STUBS_LOSS)
    tools = [{"name": name, "input_schema": {"type": "object"}} for name in names]
    return {"tools": tools, "tool_choice": {"type": "none"}}


def _written(tool: Tool, losses: list[Loss]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", **(tool.parameters or {})}
    strict = tool.strict
    if strict:
        fit = fitted(schema)
        if fit is None:
            losses.append(RECURSIVE_LOSS)
            strict = False
        else:
            losses += lost_words(fit.lost, "input_schema")
            schema = fit.schema
    written: dict[str, Any] = {"name": tool.name, "input_schema": schema}
    if tool.description:
        written["description"] = tool.description
    if strict is not None:
        written["strict"] = strict
    return marked(written, tool.cache)


def _written_choice(request: ChatRequest) -> dict[str, Any]:
    choice = request.tool_choice
    alone = request.parallel_calls is False and (choice is None or choice.mode != "none")
    if choice is None and not alone:
        return {}
    asked = choice or ToolChoice(mode="auto")
    written: dict[str, Any] = {"type": _NAMES[asked.mode]}
    if asked.mode == "named":
        written["name"] = asked.name
    if alone:
        written["disable_parallel_tool_use"] = True
    return written
