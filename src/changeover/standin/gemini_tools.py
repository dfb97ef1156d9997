"""What Gemini's generateContent takes and refuses of tools.

Written from the vendor's reference (ai.google.dev: function calling, thought
signatures) and from error bodies that callers reported; wording is the vendor's.

Calls follow a user's content or results; results follow the calls that they answer,
one for each, and bear their names and, where there are any, their ids.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from changeover.standin.asked import Choice, Offered, RefusalError, Role, Said
from changeover.standin.gemini_asked import GeminiAsked
from changeover.standin.gemini_schemas import lowered, resolved

_INVALID = "INVALID_ARGUMENT"
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")
_MODES: dict[str, Choice] = {"AUTO": "auto", "ANY": "required", "NONE": "none", "VALIDATED": "auto"}
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


def check_order(contents: list[dict[str, Any]]) -> None:
    """Refuses calls and results that do not stand where they can."""
    open_calls: list[dict[str, Any]] = []
    answerable = False
    for content in contents:
        calls = [part["functionCall"] for part in _parts(content, "functionCall")]
        results = [part["functionResponse"] for part in _parts(content, "functionResponse")]
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
        if len(results) != len(open_calls):
            raise _refused(
                "Please ensure that the number of function response parts is equal to the number "
                "of function call parts of the function call turn."
            )
        if not _answer_each(results, open_calls):
            raise _refused(
                "Please ensure that the name and id of each function response are those of a "
                "function call of the function call turn."
            )
        open_calls = calls
        answerable = content.get("role", "user") == "user"


def _answer_each(results: list[dict[str, Any]], calls: list[dict[str, Any]]) -> bool:
    """Whether results name their calls: by ids where all have one, else in their order."""
    by_id = all("id" in each for each in (*results, *calls))

    def named(each: dict[str, Any]) -> tuple[str, str]:
        return (each.get("name", ""), each["id"] if by_id else "")

    said, answered = [named(call) for call in calls], [named(result) for result in results]
    return sorted(said) == sorted(answered) if by_id else said == answered


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


def _schema(declared: dict[str, Any]) -> dict[str, Any]:
    plain = declared.get("parametersJsonSchema") or lowered(declared.get("parameters", {}))
    opened = resolved(plain)
    return opened if isinstance(opened, dict) else {}


def chosen(given: dict[str, Any], asked: GeminiAsked) -> GeminiAsked:
    """`asked` with the tools that a request offers and the choice that it makes."""
    offered = tuple(
        Offered(
            name=declared["name"],
            schema=_schema(declared),
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
