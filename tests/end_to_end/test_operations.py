"""Every operation that the running server tells of, asked by those who may not."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.end_to_end.running import Server


class Asked(NamedTuple):
    method: str
    path: str
    roles: frozenset[str] | None

    def by(self, client: httpx2.Client, **headers: str) -> tuple[int, str]:
        """The status, and the error's code, of asking without a body."""
        path = self.path.replace("{", "").replace("}", "")
        with client.stream(self.method, path, headers=headers) as answered:
            if answered.status_code == 200:
                return 200, ""
            return answered.status_code, str(
                httpx2.Response(200, content=answered.read()).json()["error"]["code"]
            )


@pytest.fixture(scope="module")
def document(server: Server) -> Any:
    return server.get("/api/openapi.json").json()


@pytest.fixture(scope="module")
def operations(document: Any) -> list[Asked]:
    return [
        Asked(method.upper(), path, frozenset(told["x-roles"]) if "x-roles" in told else None)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[list[tuple[httpx2.Client, Any]]]:
    """Somebody signed in with each account that the demonstration offers."""
    clients = []
    for account in server.get("/api/session").json()["demo_accounts"]:
        client = httpx2.Client(base_url=server.url, timeout=10)
        body = {"login": account["login"], "password": account["password"]}
        answered = client.post("/api/session", json=body)
        assert answered.status_code == 200, answered.text
        clients.append((client, answered.json()))
    yield clients
    for client, _ in clients:
        client.close()


def test_the_document_is_valid(document: Any):
    OpenAPIV31SpecValidator(document).validate()


def test_without_a_session_only_public_operations_answer(server: Server, operations: list[Asked]):
    with httpx2.Client(base_url=server.url, timeout=10) as nobody:
        for asked in operations:
            status, code = asked.by(nobody)
            assert ((status, code) == (401, "signed_out")) == (asked.roles is not None), asked


def test_whoever_has_none_of_the_roles_is_refused(
    operations: list[Asked], people: list[tuple[httpx2.Client, Any]]
):
    for asked in operations:
        for client, told in people:
            if asked.roles is None or asked.roles & set(told["person"]["roles"]):
                continue
            answered = asked.by(client, **{"x-csrf-token": told["csrf"]})
            assert answered == (403, "role"), (asked, told["person"]["login"])


def test_what_changes_something_needs_the_token_and_our_own_pages(
    operations: list[Asked], people: list[tuple[httpx2.Client, Any]]
):
    changing = [asked for asked in operations if asked.method != "GET"]
    assert changing
    for asked in changing:
        for client, told in people:
            if asked.roles is not None and asked.roles & set(told["person"]["roles"]):
                assert asked.by(client) == (403, "csrf"), asked
                break
        client, told = people[0]
        token = {"x-csrf-token": told["csrf"]}
        assert asked.by(client, origin="http://evil.example", **token) == (403, "foreign_origin")
