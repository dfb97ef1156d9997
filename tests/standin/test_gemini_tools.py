"""Tools in Google's protocol: what the stand-in calls, and the table of refusals."""

from typing import Any

import msgspec
import pytest

from changeover.standin.asked import Asked, RefusalError
from changeover.standin.gemini_request import read_request

GEMINI = "gemini-2.5-pro"
WEATHER: dict[str, Any] = {
    "name": "weather",
    "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}},
}
TOOLS = [{"functionDeclarations": [WEATHER]}]
ASKS = {"role": "user", "parts": [{"text": "Use weather."}]}


def call(name: str = "weather", **more: Any) -> dict[str, Any]:
    return {"functionCall": {"name": name, "args": {}}, **more}


def result(name: str = "weather") -> dict[str, Any]:
    return {"functionResponse": {"name": name, "response": {"output": "rain"}}}


def model(*parts: Any) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


def user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


def read(name: str = GEMINI, **given: Any) -> Asked:
    body = {"contents": [ASKS], "tools": TOOLS, **given}
    return read_request(msgspec.json.encode(body), name, stream=False)


BEFORE = "Please ensure that function "
REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"contents": [ASKS, model(call(), call()), user(result())]},
        BEFORE.replace("function ", "the number of function response parts is equal"),
    ),
    ({"contents": [ASKS, user(result())]}, f"{BEFORE}response turn comes immediately after"),
    ({"contents": [model(call()), user(result())]}, f"{BEFORE}call turn comes immediately after"),
    (
        {"contents": [ASKS, model({"text": "a"}), model(call()), user(result())]},
        f"{BEFORE}call turn comes immediately after",
    ),
    (
        {"contents": [ASKS, model(call()), ASKS]},
        "Please ensure that the number of function response parts is equal",
    ),
    ({"tools": [{"functionDeclarations": [{"name": "1st"}]}]}, "Invalid function name"),
    ({"tools": [{"functionDeclarations": [WEATHER, WEATHER]}]}, "Duplicate function declaration"),
    (
        {"tools": [{"functionDeclarations": [{**WEATHER, "parametersJsonSchema": {}}]}]},
        "mutually exclusive",
    ),
    (
        {"tools": None, "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}},
        "set without function_declarations",
    ),
    (
        {"contents": [ASKS, model(call()), user(result("news"))]},
        "the name and id of each function response",
    ),
    ({"toolConfig": {"functionCallingConfig": {"mode": "SOME"}}}, "Invalid value at 'tool_config"),
    (
        {"toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["x"]}}},
        "x is no declared function",
    ),
]


@pytest.mark.parametrize(("given", "says"), REFUSED)
def test_what_the_vendor_refuses_is_refused(given, says):
    with pytest.raises(RefusalError, match=says) as caught:
        read(**given)
    assert (caught.value.status, caught.value.kind) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("mode", "choice"),
    [("AUTO", "auto"), ("ANY", "required"), ("NONE", "none"), ("VALIDATED", "auto")],
)
def test_the_choice_is_read(mode, choice):
    asked = read(toolConfig={"functionCallingConfig": {"mode": mode}})
    assert (asked.choice, asked.tools[0].name) == (choice, "weather")
    assert asked.tools[0].schema["properties"] == {"city": {"type": "string"}}


def test_one_allowed_name_is_the_tool_that_is_called():
    calling = {"mode": "ANY", "allowedFunctionNames": ["weather"]}
    asked = read(toolConfig={"functionCallingConfig": calling})
    assert (asked.choice, asked.named) == ("named", "weather")
