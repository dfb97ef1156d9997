"""The way to the provider, over a server on this machine that answers as a test wants."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from changeover.identity.secret import Secret
from changeover.identity.sign_on.ports import ProviderAwayError, ProviderRefusedError
from changeover.upstream.http import Ways
from changeover.upstream.identity_provider import HttpProviderDoor
from changeover.upstream.inside import Inside


class Answering:
    """Answers with what is set, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = {"a": 1}
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append((request.method, request.path, headers, await request.text()))
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return web.Response(body=body, status=self.status, headers=self.headers)


@asynccontextmanager
async def answering() -> AsyncIterator[Answering]:
    said = Answering()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", said.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    said.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield said
    finally:
        await runner.cleanup()


async def test_forms_and_tokens_are_sent_as_the_rfcs_have_them():
    async with answering() as said:
        door = HttpProviderDoor(said.url, Ways())
        assert await door.get(f"{said.url}/me", Secret("token")) == {"a": 1}
        basic = ("client:1", Secret("a b&ü"))
        assert await door.post(f"{said.url}/token", {"code": "x y"}, basic) == {"a": 1}
        (_, _, got, _), (method, path, posted, body) = said.asked
        assert got["authorization"] == "Bearer token"
        assert (method, path, body) == ("POST", "/token", "code=x+y")
        # `client%3A1:a+b%26%C3%BC`, RFC 6749, section 2.3.1
        assert posted["authorization"] == "Basic Y2xpZW50JTNBMTphK2IlMjYlQzMlQkM="


async def test_an_address_inside_is_asked_only_where_it_is_declared():
    async with answering() as said:
        door = HttpProviderDoor("https://id.example", Ways())
        for url in (f"{said.url}/token", said.url.replace("127.0.0.1", "localhost")):
            with pytest.raises(ProviderAwayError):
                await door.get(url)
        assert said.asked == []
        declared = HttpProviderDoor("https://id.example", Ways(inside=Inside.parse("127.0.0.1")))
        assert await declared.get(f"{said.url}/token") == {"a": 1}


async def test_a_redirect_is_not_followed():
    async with answering() as said:
        said.status, said.headers = 302, {"location": f"{said.url}/elsewhere"}
        with pytest.raises(ProviderAwayError, match="302"):
            await HttpProviderDoor(said.url, Ways()).get(said.url)
        assert len(said.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "of Ana"},
            ProviderRefusedError,
            "invalid_grant",
        ),
        (401, {"error": "a secret text"}, ProviderRefusedError, "HTTP 401"),
        (403, b"<html>", ProviderRefusedError, "HTTP 403"),
        (500, {"error": "x"}, ProviderAwayError, "HTTP 500"),
        (200, b"<html>", ProviderAwayError, "no JSON object"),
        (200, [1], ProviderAwayError, "no JSON object"),
        (200, b"x" * (1024 * 1024 + 1), ProviderAwayError, "more than"),
    ],
)
async def test_what_is_no_answer_tells_its_kind_only(
    status: int, body: Any, error: type[Exception], words: str
):
    async with answering() as said:
        said.status, said.body = status, body
        with pytest.raises(error, match=words) as caught:
            await HttpProviderDoor(said.url, Ways()).get(said.url)
        assert "Ana" not in str(caught.value)


async def test_a_provider_that_is_not_there_is_told_by_its_host_alone():
    with pytest.raises(ProviderAwayError, match=r"^127\.0\.0\.1 was not reached"):
        await HttpProviderDoor("http://127.0.0.1:9", Ways()).get("http://127.0.0.1:9/x?code=1")
