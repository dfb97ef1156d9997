from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from changeover.web.api import EVERYONE, PUBLIC, Caller, Done, Operation, Params, Stream
from changeover.web.cookies import SessionCookie
from changeover.web.openapi import document, with_document
from tests.web.serving import Site


class Part(msgspec.Struct):
    text: str = ""


class Given(msgspec.Struct):
    part: Part
    fresh: bool = False


class Own(msgspec.Struct):
    number: int
    note: str | None = None
    more: str | msgspec.UnsetType = msgspec.UNSET


class Told(msgspec.Struct):
    part: Part
    own: tuple[Own, ...] = ()


async def act(_: Caller, __: Given, ___: Params) -> Told:
    return Told(Part())


async def watch(_, __, ___):
    raise AssertionError("the document only describes it")


TABLE: list[Operation | Stream] = [
    Operation("POST", "/acts/{id}", Given, Told, ("officer",), act, "Act.", {"at_once": bool}),
    Operation("GET", "/acts", None, list[Told], PUBLIC, act, "List."),
    Operation("DELETE", "/acts/{id}", None, Done, EVERYONE, act, "Delete."),
    Stream("/acts/{id}/events", {"told": Told, "own": Own}, ("staff",), watch, "Watch."),
]
COOKIE = SessionCookie(secure=False)


def written(table: list[Operation | Stream]) -> Any:
    told = document(table, version="1.2.3", cookie=COOKIE)
    return msgspec.json.decode(msgspec.json.encode(told))


def test_the_document_is_valid():
    OpenAPIV31SpecValidator(written(TABLE)).validate()


def test_every_operation_is_told_with_what_it_takes_and_for_whom():
    told = written(TABLE)
    assert set(told["paths"]) == {"/api/acts", "/api/acts/{id}", "/api/acts/{id}/events"}
    posted = told["paths"]["/api/acts/{id}"]["post"]
    assert posted["operationId"] == "post_acts_id"
    assert posted["x-roles"] == ["officer"]
    assert posted["security"] == [{"session": []}]
    assert [(each["name"], each["in"]) for each in posted["parameters"]] == [
        ("id", "path"), ("at_once", "query"), ("x-csrf-token", "header"),
    ]  # fmt: skip
    body = posted["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Given"}
    listed = told["paths"]["/api/acts"]["get"]
    assert "security" not in listed
    assert "x-roles" not in listed
    assert "requestBody" not in listed


def test_a_stream_tells_its_kinds_of_events():
    content = written(TABLE)["paths"]["/api/acts/{id}/events"]["get"]["responses"]["200"]["content"]
    assert content["text/event-stream"]["x-events"] == {
        "told": {"$ref": "#/components/schemas/Told"},
        "own": {"$ref": "#/components/schemas/Own"},
    }


@pytest.mark.parametrize(
    ("name", "required"),
    [
        ("Given", ["part"]),
        ("Part", []),  # given and told: what may be left out in the body stays optional
        ("Told", ["part", "own"]),
        ("Own", ["number", "note"]),
        ("ErrorDetail", ["code", "what", "means", "do"]),
    ],
)
def test_what_is_only_told_is_always_told_whole(name: str, required: list[str]):
    assert written(TABLE)["components"]["schemas"][name].get("required", []) == required


async def test_the_document_is_served_and_tells_of_itself():
    table = with_document(TABLE, version="1.2.3", cookie=COOKIE)
    async with Site(*table).browser() as browser:
        answered = await browser.get("/api/openapi.json")
        assert answered.status_code == 200
        told = answered.json()
        assert told["info"]["version"] == "1.2.3"
        assert "/api/openapi.json" in told["paths"]
        OpenAPIV31SpecValidator(told).validate()
