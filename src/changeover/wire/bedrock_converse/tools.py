"""Tools in Converse: what a model may call, and whether it must.

Source: the service model `bedrock-runtime`, shapes `ToolConfiguration`, `Tool` and
`ToolChoice`; for Claude's own choice, Amazon's guide to Bedrock, "Anthropic Claude Messages
API".

* Only tools with a `toolSpec` are carried; a `systemTool` is run by the vendor.
* There is no choice `none`, and nothing says that calls are made one by one. Claude takes
  both in its own field `tool_choice`, which then stands alone: Bedrock refuses it beside
  `toolChoice`. For other models the tools are left out where none may be called, or that
  is told as lost; so is that calls are to be made one by one.
* Bedrock wants tools where the history holds calls. A request of another protocol may
  have none; the tools called are then named without their parameters, and that is told.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Loss,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
)
from changeover.wire.bedrock_converse import fields
from changeover.wire.bedrock_converse.additional import PLACE, Additional
from changeover.wire.bedrock_converse.content import ContentReader
from changeover.wire.bedrock_converse.families import Known
from changeover.wire.bedrock_converse.unions import member_of
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.shapes import shape_from_client

_Name = Annotated[str, msgspec.Meta(min_length=1)]
_MODES: dict[str, Literal["auto", "none", "required"]] = {
    "auto": "auto",
    "any": "required",
    "none": "none",
}
_NAMES = {"auto": "auto", "required": "any", "named": "tool", "none": "none"}
STUBS_LOSS = Loss(
    field="tools", why="Converse wants the tools of earlier calls; they are sent by name alone."
)
NONE_LOSS = Loss(
    field="tool_choice", why="Converse cannot forbid calls while the history holds some."
)
HIDDEN_LOSS = Loss(
    field="tools", why="Converse cannot forbid calls; the tools are left out instead."
)
FORCED_LOSS = Loss(field="tool_choice", why="This model cannot be made to call a tool.")
PARALLEL_LOSS = Loss(
    field="parallel_tool_calls", why="This model cannot be told to make one call at a time."
)
MARK_LOSS = Loss(field="tools", why="This model takes no cache point among tools.")


class _Schema(msgspec.Struct):
    json: dict[str, Any]


class _Spec(msgspec.Struct):
    name: _Name
    inputSchema: _Schema  # noqa: N815 (the vendor's name)
    description: str | None = None
    strict: bool | None = None


class _Config(msgspec.Struct):
    tools: Annotated[list[Any], msgspec.Meta(min_length=1)]
    toolChoice: dict[str, Any] | None = None  # noqa: N815


class _Named(msgspec.Struct):
    name: _Name


class Asked(msgspec.Struct, frozen=True):
    """What a request says of tools."""

    tools: tuple[Tool, ...] = ()
    choice: ToolChoice | None = None
    parallel: bool | None = None


def read_tools(
    given: dict[str, Any] | None,
    additional: Additional,
    reader: ContentReader,
    losses: list[Loss],
) -> Asked:
    """The tools and the choice among them; `ProtocolError` for what is none."""
    if given is None:
        return Asked()
    config = shape_from_client(given, _Config, "toolConfig")
    tools: list[Tool] = []
    for index, each in enumerate(config.tools):
        member = member_of(each, fields.TOOL, f"toolConfig.tools[{index}]")
        if member.name == "cachePoint":
            reader.mark(tools, member)
            continue
        losses += review(member.fields, fields.TOOL_SPEC, member.place)
        tools.append(_tool(shape_from_client(member.fields, _Spec, member.place)))
    choice = _choice(config.toolChoice)
    own = additional.choice
    if own is None or not tools:
        return Asked(tuple(tools), choice)
    if choice is not None:
        raise ProtocolError(
            "The choice among tools is made twice.",
            field=f"{PLACE}.tool_choice",
            means="It conflicts with toolConfig.toolChoice.",
            do="Leave one of them out.",
        )
    alone = own.disable_parallel_tool_use
    if own.type == "tool":
        choice = ToolChoice(mode="named", name=own.name)
    else:
        choice = ToolChoice(mode=_MODES[own.type])
    return Asked(tuple(tools), choice, None if alone is None else not alone)


def _tool(spec: _Spec) -> Tool:
    return Tool(
        name=spec.name,
        description=spec.description,
        parameters=spec.inputSchema.json,
        strict=spec.strict,
    )


def _choice(given: dict[str, Any] | None) -> ToolChoice | None:
    if given is None:
        return None
    member = member_of(given, fields.TOOL_CHOICE, "toolConfig.toolChoice")
    if member.name == "tool":
        named = shape_from_client(member.fields, _Named, member.place)
        return ToolChoice(mode="named", name=named.name)
    return ToolChoice(mode=_MODES[member.name])


class Written(msgspec.Struct, frozen=True):
    """The fields that speak of tools: `toolConfig`, and Claude's own."""

    config: dict[str, Any] | None = None
    additional: dict[str, Any] = {}


def write_tools(request: ChatRequest, model: Known, losses: list[Loss]) -> Written:
    claude = model.family == "claude"
    history = _history(request)
    if not request.tools:
        return _stubs(history, losses, claude=claude)
    choice = request.tool_choice
    forbidden = choice is not None and choice.mode == "none"
    if forbidden and not claude and not history:
        losses.append(HIDDEN_LOSS)
        return Written()
    if choice is not None and choice.mode in {"required", "named"} and not _forces(model):
        losses.append(FORCED_LOSS)
        choice = None
    config: dict[str, Any] = {"tools": _written_tools(request.tools, losses, claude=claude)}
    alone = request.parallel_calls is False and not forbidden
    if claude and (alone or forbidden):
        return Written(config, {"tool_choice": _own_choice(choice, alone=alone)})
    if forbidden:
        losses.append(NONE_LOSS)
    if alone:
        losses.append(PARALLEL_LOSS)
    if choice is not None and not forbidden:
        inner = {"name": choice.name} if choice.mode == "named" else {}
        config["toolChoice"] = {_NAMES[choice.mode]: inner}
    return Written(config)


def _forces(model: Known) -> bool:
    return model.claude is None or model.claude.forced


def _own_choice(choice: ToolChoice | None, *, alone: bool) -> dict[str, Any]:
    asked = choice or ToolChoice(mode="auto")
    written: dict[str, Any] = {"type": _NAMES[asked.mode]}
    if asked.mode == "named":
        written["name"] = asked.name
    if alone:
        written["disable_parallel_tool_use"] = True
    return written


def _history(request: ChatRequest) -> list[str]:
    """The names of the tools that the history speaks of, in order; "" where only results do."""
    called: dict[str, None] = {}
    answered = False
    for turn in request.turns:
        for part in turn.parts:
            if isinstance(part, ToolCall):
                called[part.name] = None
            answered = answered or isinstance(part, ToolResult)
    return [""] if answered and not called else list(called)


def _stubs(history: Sequence[str], losses: list[Loss], *, claude: bool) -> Written:
    if not history:
        return Written()
    losses.append(STUBS_LOSS)
    schema = {"inputSchema": {"json": {"type": "object"}}}
    tools = [{"toolSpec": {"name": name or "tool", **schema}} for name in history]
    if claude:
        return Written({"tools": tools}, {"tool_choice": {"type": "none"}})
    losses.append(NONE_LOSS)
    return Written({"tools": tools})


def _written_tools(
    tools: Sequence[Tool], losses: list[Loss], *, claude: bool
) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    for tool in tools:
        spec: dict[str, Any] = {"name": tool.name}
        if tool.description:
            spec["description"] = tool.description
        spec["inputSchema"] = {"json": {"type": "object", **(tool.parameters or {})}}
        if tool.strict is not None:
            spec["strict"] = tool.strict
        written.append({"toolSpec": spec})
        if tool.cache is None:
            continue
        if claude:
            point = {"type": "default"} | ({"ttl": tool.cache.ttl} if tool.cache.ttl else {})
            written.append({"cachePoint": point})
        elif MARK_LOSS not in losses:
            losses.append(MARK_LOSS)
    return written
