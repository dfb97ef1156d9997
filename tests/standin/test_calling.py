import json
from typing import Any

import pytest

from changeover.standin.asked import Asked, Offered, Said
from changeover.standin.calling import calls

CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
WEATHER = Offered(name="get_weather", schema=CITY)
NOW = Offered(name="now", schema={"type": "object"})


def called(*conversation: Said, tools=(WEATHER, NOW), **fields: Any) -> list[tuple[str, Any]]:
    asked = Asked(model="m", conversation=conversation, tools=tools, **fields)
    return [(call.name, json.loads(call.arguments)) for call in calls(asked)]


def person(text: str) -> Said:
    return Said(role="user", text=text)


LOOP = person('Use get_weather "Paris" and GET_WEATHER "Rome". Then tell me what NOW is. Thanks.')
CALLED = Said(role="assistant", text="", calls=True)
RESULT = Said(role="tool", text="18 degrees")


def test_a_sentence_is_a_round_and_each_name_in_it_a_call():
    assert called(LOOP) == [("get_weather", {"city": "Paris"}), ("get_weather", {"city": "Rome"})]
    assert called(LOOP, CALLED, RESULT, RESULT) == [("now", {})]
    assert called(LOOP, CALLED, RESULT, RESULT, CALLED, RESULT) == []


def test_a_new_message_begins_anew():
    assert called(LOOP, CALLED, RESULT, CALLED, RESULT, person("now?")) == [("now", {})]


@pytest.mark.parametrize("text", ["Hello.", "know nowhere", "get_weather_map", ""])
def test_words_that_name_no_tool_call_none(text):
    assert called(person(text)) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"choice": "none"}, []),
        ({"parallel": False}, [("get_weather", {"city": "Paris"})]),
        ({"choice": "named", "named": "now"}, [("now", {})]),
        ({"choice": "required", "tools": (NOW,)}, [("now", {})]),
        ({"tools": ()}, []),
    ],
)
def test_the_choice_decides(fields, expected):
    assert called(LOOP, **fields) == expected


def test_what_must_be_called_is_called_unnamed():
    assert called(person("Hello."), choice="required") == [("get_weather", {"city": "city"})]


def test_arguments_come_from_the_words():
    schema = {
        "type": "object",
        "properties": {
            "from": {"type": "string"},
            "to": {"type": ["string", "null"]},
            "amount": {"type": "number"},
            "times": {"type": "integer"},
            "unit": {"enum": ["euro", "dollar"]},
            "deep": {"type": "object", "properties": {"flag": {"type": "boolean"}}},
            "list": {"type": "array"},
        },
    }
    text = "pay “Ann 9” to « Bob », 12.5 in dollars, 3 times"
    assert called(person(text), tools=(Offered(name="pay", schema=schema),)) == [
        (
            "pay",
            {
                "from": "Ann 9",
                "to": "Bob",
                "amount": 12.5,
                "times": 3,
                "unit": "dollar",
                "deep": {"flag": False},
                "list": [],
            },
        )
    ]
