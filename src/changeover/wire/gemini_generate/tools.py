"""Tools and the choice among them.

`parameters` is Google's dialect of a schema, `parametersJsonSchema` is JSON Schema. The
former is read into the latter, and the latter is what is written (`schemas.py`).

`functionCallingConfig.mode` is AUTO, ANY, NONE or VALIDATED, which is AUTO with
arguments that fit the schema; one name beside ANY names the tool.
"""

from typing import Any, assert_never

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Tool, ToolChoice
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.gemini_generate.fields import DECLARATION, TOOL
from changeover.wire.gemini_generate.names import in_camel_case, listed
from changeover.wire.gemini_generate.schemas import fitted, json_schema
from changeover.wire.shapes import shape_from_client


class _Declaration(msgspec.Struct, rename="camel"):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    parameters_json_schema: dict[str, Any] | None = None


class _Calling(msgspec.Struct, rename="camel"):
    mode: str = "AUTO"
    allowed_function_names: list[str] | None = None


class _Tool(msgspec.Struct, rename="camel"):
    function_declarations: list[dict[str, Any]] | None = None


def read_tools(given: list[dict[str, Any]], losses: list[Loss]) -> tuple[Tool, ...]:
    """The client's functions; `ProtocolError` for a tool that a vendor runs itself."""
    tools: list[Tool] = []
    for index, each in enumerate(given):
        place = f"tools[{index}]"
        tool = in_camel_case(each, place)
        losses += review(tool, TOOL, place)
        tool["functionDeclarations"] = listed(tool.get("functionDeclarations"))
        declared = shape_from_client(tool, _Tool, place).function_declarations or []
        for number, declaration in enumerate(declared):
            at = f"{place}.functionDeclarations[{number}]"
            tools.append(_declared(in_camel_case(declaration, at), at, losses))
    return tuple(tools)


def _declared(given: dict[str, Any], place: str, losses: list[Loss]) -> Tool:
    losses += review(given, DECLARATION, place)
    shaped = shape_from_client(given, _Declaration, place)
    schema = shaped.parameters_json_schema
    if schema is None and shaped.parameters is not None:
        schema = json_schema(shaped.parameters, f"{place}.parameters")
    return Tool(name=shaped.name, description=shaped.description, parameters=schema)


def read_choice(
    config: dict[str, Any], tools: tuple[Tool, ...], losses: list[Loss]
) -> ToolChoice | None:
    """How the model may choose; None where there are no tools or nothing is said."""
    given = config.get("functionCallingConfig")
    if given is None or not tools:
        return None
    place = "toolConfig.functionCallingConfig"
    calling = shape_from_client(config, dict[str, Any], "toolConfig")["functionCallingConfig"]
    shaped = shape_from_client(calling, _Calling, place)
    names = shaped.allowed_function_names or []
    match shaped.mode.upper(), names:
        case (("AUTO" | "MODE_UNSPECIFIED"), []):
            return ToolChoice(mode="auto")
        case "VALIDATED", []:
            why = "Whether arguments fit the schema is left to the model."
            losses.append(Loss(field=f"{place}.mode", why=why))
            return ToolChoice(mode="auto")
        case "NONE", _:
            return ToolChoice(mode="none")
        case "ANY", [name]:
            return ToolChoice(mode="named", name=name)
        case "ANY", _ if not names or set(names) == {tool.name for tool in tools}:
            return ToolChoice(mode="required")
        case _:
            raise ProtocolError(
                f"The mode {shaped.mode} with {len(names)} allowed functions is not supported.",
                field=f"{place}.allowedFunctionNames" if names else f"{place}.mode",
                means="Other vendors let one tool be named, or none.",
                do="Name one function with ANY, or send only the tools that may be called.",
            )


def written_tools(request: ChatRequest, losses: list[Loss]) -> dict[str, Any]:
    """The request's `tools` and `toolConfig`, as far as there are any."""
    if not request.tools:
        return {}
    fields: dict[str, Any] = {
        "tools": [{"functionDeclarations": [_written(tool) for tool in request.tools]}]
    }
    if any(tool.strict for tool in request.tools):
        why = "Gemini does not promise that arguments fit the schema of a single tool."
        losses.append(Loss(field="tools.strict", why=why))
    choice = request.tool_choice
    if request.parallel_calls is False and (choice is None or choice.mode != "none"):
        why = "Gemini cannot be kept from calling several tools at once."
        losses.append(Loss(field="parallel_tool_calls", why=why))
    if choice is not None:
        fields["toolConfig"] = {"functionCallingConfig": _calling(choice)}
    return fields


def _written(tool: Tool) -> dict[str, Any]:
    schema = None if tool.parameters is None else fitted(tool.parameters)
    given = {"description": tool.description, "parametersJsonSchema": schema}
    return {"name": tool.name, **{key: value for key, value in given.items() if value is not None}}


def _calling(choice: ToolChoice) -> dict[str, Any]:
    match choice.mode:
        case "auto":
            return {"mode": "AUTO"}
        case "none":
            return {"mode": "NONE"}
        case "required":
            return {"mode": "ANY"}
        case "named":
            return {"mode": "ANY", "allowedFunctionNames": [choice.name]}
        case _:
            assert_never(choice.mode)
