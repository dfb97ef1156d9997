"""An API over fakes, and a browser for it."""

from typing import Any

import httpx2
from starlette.applications import Starlette

from changeover.identity.people import Role
from changeover.orders.in_force import Rules
from changeover.web.api import Doors, Operation, Stream, api_routes
from changeover.web.cookies import SessionCookie
from changeover.web.events import Streams
from changeover.web.session import OfferedAccount, SessionParts, operations
from tests.people import DIRECTORY, PASSWORD, People

URL = "http://changeover.example"


class _Ruleset:
    directory = DIRECTORY


class RulesOffice:
    """As much of the orders' office as signing in reads."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.rules._current = _Ruleset()  # type: ignore[assignment]


class Site:
    """Sign-in and `more` operations, over people in memory."""

    def __init__(
        self, *more: Operation | Stream, url: str = URL, demonstration: bool = False
    ) -> None:
        self.people = People()
        self.streams = Streams()
        self.cookie = SessionCookie(secure=url.startswith("https"))
        parts = SessionParts(
            sessions=self.people.sessions,
            office=RulesOffice(),  # type: ignore[arg-type]
            cookie=self.cookie,
            password=PASSWORD if demonstration else None,
            offered=(OfferedAccount(login="ana", name="Ana", party="state", roles=("staff",)),),
        )
        self.doors = Doors(
            sessions=self.people.sessions,
            cookie=self.cookie,
            streams=self.streams,
            public_url=url,
            greatest_body=2000,
        )
        self.operations: list[Operation | Stream] = [*operations(parts), *more]
        self.app = Starlette(routes=[*api_routes(self.doors, self.operations)])
        self.url = url

    def browser(self, **headers: str) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app, client=("192.0.2.7", 50_000))
        return httpx2.AsyncClient(transport=transport, base_url=self.url, headers=headers)

    async def signed_in(self, login: str, *roles: Role) -> httpx2.AsyncClient:
        """A browser with a session and its token."""
        self.people.create(login, *roles)
        async with self.browser() as first:
            answered = await sign_in(first, login)
        assert answered.status_code == 200, answered.text
        browser = self.browser(**{"x-csrf-token": answered.json()["csrf"]})
        browser.cookies.update(first.cookies)
        return browser


async def sign_in(
    browser: httpx2.AsyncClient, login: str, password: str = PASSWORD.reveal(), **more: Any
) -> httpx2.Response:
    body = {"login": login, "password": password}
    return await browser.post("/api/session", json=body, **more)
