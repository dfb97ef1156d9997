"""What Gemini's generateContent takes and refuses of tools.

Written from the vendor's reference (ai.google.dev: function calling, thought
signatures) and from error bodies that callers reported; wording is the vendor's.

Calls follow a user's content or results; results follow the calls that they answer,
one for each. Models of the third generation want each step's first call since the
user last spoke to bear the signature of the thought behind it.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from changeover.standin.asked import Asked, Choice, Offered, RefusalError, Role, Said

_INVALID = "INVALID_ARGUMENT"
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")
_MODES: dict[str, Choice] = {"AUTO": "auto", "ANY": "required", "NONE": "none", "VALIDATED": "auto"}
_SIGNING = re.compile(r"gemini-(?!1|2)\d")
_BAD_NAME = (
    "Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, "
    "A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128."
)


def tool_problems(given: dict[str, Any]) -> Iterator[str]:
    """What the vendor finds wrong with the tools and the choice, each by its place."""
    known: list[str] = []
    for place, declared in _declarations(given):
        if not _NAME.fullmatch(declared.get("name", "")):
            yield f"{place}.name: {_BAD_NAME}"
        if declared.get("name") in known:
            yield f"{place}: Duplicate function declaration found: {declared['name']}"
        if "parameters" in declared and "parametersJsonSchema" in declared:
            yield f"{place}: parameters and parameters_json_schema are mutually exclusive."
        known.append(declared.get("name", ""))
    calling = given.get("toolConfig", {}).get("functionCallingConfig", {})
    place = "tool_config.function_calling_config"
    names = calling.get("allowedFunctionNames", [])
    if calling and not known:
        yield f"{place}: Function calling config is set without function_declarations."
    if names and calling.get("mode") not in {"ANY", "VALIDATED"}:
        yield f"{place}.allowed_function_names: only takes effect with the mode ANY or VALIDATED."
    for name in names:
        if name not in known:
            yield f"{place}.allowed_function_names: {name} is no declared function."


def _declarations(given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, tool in enumerate(given.get("tools", ())):
        for number, declared in enumerate(tool.get("functionDeclarations", ())):
            yield f"tools[{at}].function_declarations[{number}]", declared


def check_order(contents: list[dict[str, Any]], model: str) -> None:
    """Refuses calls and results that do not stand where they can."""
    open_calls = 0
    answerable = False
    for content in contents:
        calls = _parts(content, "functionCall")
        results = _parts(content, "functionResponse")
        if calls and not answerable:
            raise _refused(
                "Please ensure that function call turn comes immediately after a user turn or "
                "after a function response turn."
            )
        if results and not open_calls:
            raise _refused(
                "Please ensure that function response turn comes immediately after a function "
                "call turn."
            )
        if len(results) != open_calls:
            raise _refused(
                "Please ensure that the number of function response parts is equal to the number "
                "of function call parts of the function call turn."
            )
        open_calls = len(calls)
        answerable = content.get("role", "user") == "user"
    if _SIGNING.search(model):
        _check_signatures(contents)


def _check_signatures(contents: list[dict[str, Any]]) -> None:
    spoken = [at for at, content in enumerate(contents) if _is_spoken(content)]
    for at, content in enumerate(contents[max(spoken, default=0) :], max(spoken, default=0)):
        calls = _parts(content, "functionCall")
        if calls and "thoughtSignature" not in calls[0]:
            raise _refused(
                "Function call is missing a thought_signature in functionCall parts. This is "
                "required for tools to work correctly, and missing thought_signature may lead to "
                "degraded model performance. Additional data, function call "
                f"`default_api:{calls[0]['functionCall'].get('name')}` , position {at + 1}."
            )


def _is_spoken(content: dict[str, Any]) -> bool:
    return content.get("role", "user") == "user" and not _parts(content, "functionResponse")


def _parts(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [part for part in content["parts"] if kind in part]


def _refused(message: str) -> RefusalError:
    return RefusalError(400, _INVALID, message)


def said(content: dict[str, Any]) -> list[Said]:
    """What a content says: its results, then its words."""
    results = [
        Said(role="tool", text=_result(part["functionResponse"]))
        for part in _parts(content, "functionResponse")
    ]
    words = "\n\n".join(part["text"] for part in content["parts"] if "text" in part)
    calls = bool(_parts(content, "functionCall"))
    role: Role = "user" if content.get("role", "user") == "user" else "assistant"
    spoken = [Said(role=role, text=words, calls=calls)] if words or calls or not results else []
    return [*results, *spoken]


def _result(result: dict[str, Any]) -> str:
    response = result.get("response", {})
    match list(response.values()):
        case [str(text)]:
            return text
        case _:
            return msgspec.json.encode(response).decode()


def chosen(given: dict[str, Any], asked: Asked) -> Asked:
    """`asked` with the tools that a request offers and the choice that it makes."""
    offered = tuple(
        Offered(
            name=declared["name"],
            schema=declared.get("parametersJsonSchema") or _lowered(declared.get("parameters", {})),
        )
        for _, declared in _declarations(given)
    )
    calling = given.get("toolConfig", {}).get("functionCallingConfig", {})
    mode, names = calling.get("mode", "AUTO"), calling.get("allowedFunctionNames", [])
    named = names[0] if mode == "ANY" and len(names) == 1 else ""
    return msgspec.structs.replace(
        asked,
        tools=tuple(tool for tool in offered if not names or tool.name in names),
        choice="named" if named else _MODES[mode],
        named=named,
    )


def _lowered(schema: Any) -> Any:
    """A schema of the vendor's own dialect with its types as JSON Schema has them."""
    if isinstance(schema, list):
        return [_lowered(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    lowered = {name: _lowered(value) for name, value in schema.items()}
    if isinstance(lowered.get("type"), str):
        lowered["type"] = lowered["type"].lower()
    return lowered
