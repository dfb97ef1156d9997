"""Every route of the running application, tried by nobody and by each role.

The routes are those that the application tells of (the OpenAPI document is made from the same
table) and the gateway's own. So a route that is added is tried without being named here; only
what is open to everybody is written down, because opening a route should be noticed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import httpx2
import pytest

from changeover.gateway.call import Gateway
from changeover.identity.people import ROLES
from changeover.web.gateway import gateway_routes
from tests.end_to_end.running import Server

PASSWORD = "correct horse battery staple"
OPEN = {
    ("get", "/api/session"),
    ("post", "/api/session"),
    ("get", "/api/openapi.json"),
}
NOBODY = "nobody"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("roles")) as running:
        for role in ROLES:
            running.run(
                "accounts", "create", f"only-{role}", "--name", role, "--party", "state",
                "--role", role, "--password-stdin", "--by", "ana", given=f"{PASSWORD}\n",
            )  # fmt: skip
        yield running


@pytest.fixture(scope="module")
def operations(server: Server) -> list[tuple[str, str, Mapping[str, Any]]]:
    paths = server.get("/api/openapi.json").json()["paths"]
    return [(method, path, told) for path, each in paths.items() for method, told in each.items()]


@pytest.fixture(scope="module")
def browsers(server: Server) -> Iterator[dict[str, httpx2.Client]]:
    found = {NOBODY: httpx2.Client(base_url=server.url, timeout=20)}
    for role in ROLES:
        browser = httpx2.Client(base_url=server.url, timeout=20)
        given = {"login": f"only-{role}", "password": PASSWORD}
        answered = browser.post("/api/session", json=given)
        assert answered.status_code == 200, answered.text
        browser.headers["x-csrf-token"] = answered.json()["csrf"]
        found[role] = browser
    yield found
    for browser in found.values():
        browser.close()


def _tried(browser: httpx2.Client, method: str, path: str, **headers: str) -> tuple[int, str]:
    """The status and the error's code. The body is no JSON: who is let in is told so, no more."""
    filled = re.sub(r"\{[^}]+\}", "nothing", path)
    sent = {"content-type": "text/plain", **headers}
    with browser.stream(method.upper(), filled, content=b"x", headers=sent) as response:
        if response.headers["content-type"].startswith("text/event-stream"):
            return response.status_code, ""
        response.read()
    if response.is_success or response.headers["content-type"] != "application/json":
        return response.status_code, ""
    return response.status_code, response.json()["error"]["code"]


def test_what_is_open_to_everybody_is_what_is_written_down(operations):
    assert {(m, p) for m, p, told in operations if "x-roles" not in told} == OPEN


def test_each_route_lets_in_its_roles_and_nobody_else(operations, browsers):
    refused = admitted = 0
    for method, path, told in operations:
        if "x-roles" not in told:
            continue
        for who, browser in browsers.items():
            if who in told["x-roles"] and "requestBody" not in told and method != "get":
                # Without a body there is nothing at which to stop before it is done.
                continue
            status, code = _tried(browser, method, path)
            if who == NOBODY:
                assert (status, code) == (401, "signed_out"), (method, path)
            elif who not in told["x-roles"]:
                assert (status, code) == (403, "role"), (who, method, path)
                refused += 1
            else:
                assert status != 401, (who, method, path)
                assert code not in {"role", "csrf", "signed_out"}, (who, method, path)
                if method != "get":
                    assert (status, code) == (415, "not_json"), (who, method, path)
                admitted += 1
    assert refused > 100
    assert admitted > 100


def test_each_act_wants_the_sessions_token_and_the_pages_own_origin(operations, browsers):
    acts = [(m, p, t) for m, p, t in operations if m != "get" and "x-roles" in t]
    assert len(acts) > 40
    for method, path, told in acts:
        browser = browsers[told["x-roles"][0]]
        assert _tried(browser, method, path, **{"x-csrf-token": "x"}) == (403, "csrf")
        foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        assert _tried(browser, method, path, **foreign) == (403, "foreign_origin")


def test_each_route_of_the_gateway_wants_a_key(server: Server):
    """A session is no key, and a wrong key is answered as none is."""
    routes = gateway_routes(cast("Gateway", _Nothing()), greatest_body=1)
    assert len(routes) > 15
    for route in routes:
        path = re.sub(r"\{[^}]+\}", "nothing", route.path)
        for method in (route.methods or set()) - {"HEAD"}:
            for key in ("", "Bearer co_wrong"):
                headers = {"authorization": key} if key else {}
                response = httpx2.request(
                    method, server.url.rstrip("/") + path, headers=headers, content=b"{}"
                )
                assert response.status_code == 401, (method, path, response.text)


class _Nothing:
    """A gateway of which only the routes are asked."""

    def __getattr__(self, _: str) -> Any:
        return self
