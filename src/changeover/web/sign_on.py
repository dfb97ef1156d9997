"""Signing in with the identity provider: the two addresses that a browser goes through.

`/sign-in/begin` sends it to the provider, and `/sign-in/return` is where it comes back. They are
followed like links and are no operations of the API. Whatever ends without a session ends on a
page that says why in the person's language (`/sign-in/refused`), and is logged with more, but
without anything that opens something or names the person.
"""

from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
import structlog
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from changeover.directory.model import Directory
from changeover.identity.secret import Secret
from changeover.identity.sessions import NewSession, SessionOffice, SignInRefusedError
from changeover.identity.sign_on.admitting import Admitting
from changeover.identity.sign_on.flow import LASTS_SECONDS, SignOn, own_path
from changeover.identity.sign_on.model import Begun, SignOnError, Told, Why
from changeover.web.cookies import SessionCookie

BEGIN = "/sign-in/begin"
RETURN = "/sign-in/return"
LEFT = "/sign-in/left"
_REFUSED = "/sign-in/refused"
# Each asks the provider, so that many at once would make it many there.
_AT_ONCE = 8
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    # The address holds the code, which is nobody else's.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_log = structlog.get_logger("changeover.sign_on")


class SignOnParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these addresses work with; `directory` is None before there is one."""

    sign_on: SignOn
    admitting: Admitting
    sessions: SessionOffice
    cookie: SessionCookie
    directory: Callable[[], Directory | None]


def sign_on_routes(parts: SignOnParts) -> list[Route]:
    """`/sign-in/begin` and `/sign-in/return`."""
    door = _Door(parts)
    return [
        Route(BEGIN, door.begin, methods=["GET"]),
        Route(RETURN, door.finish, methods=["GET"]),
    ]


class _Door:
    def __init__(self, parts: SignOnParts) -> None:
        self._parts = parts
        self._asking = CapacityLimiter(_AT_ONCE)

    async def begin(self, request: Request) -> Response:
        try:
            leaving = await self._parts.sign_on.begin(request.query_params.get("return_to", ""))
        except SignOnError as error:
            return self._refused(error.why, error.detail)
        response = _redirect(leaving.url)
        cookie = self._parts.cookie.holding_sign_on(leaving.cookie, LASTS_SECONDS)
        response.headers.append("set-cookie", cookie)
        return response

    async def finish(self, request: Request) -> Response:
        cookie = self._parts.cookie
        try:
            begun = self._parts.sign_on.begun(cookie.of_sign_on(request))
            async with self._asking:
                told = await self._parts.sign_on.finish(dict(request.query_params), begun)
            replaces = cookie.read(request)
            session = await to_thread.run_sync(self._session, told, replaces)
        except SignOnError as error:
            return self._refused(error.why, error.detail)
        except SignInRefusedError:
            return self._refused("disabled", "the account was disabled meanwhile")
        return self._signed_in(begun, session)

    def _session(self, told: Told, replaces: Secret | None) -> NewSession:
        directory = self._parts.directory()
        if directory is None:
            raise SignOnError("groups", "no directory is recorded yet")
        account = self._parts.admitting.admit(told, directory)
        return self._parts.sessions.begin(account.id, replaces)

    def _signed_in(self, begun: Begun, session: NewSession) -> Response:
        response = _redirect(own_path(begun.return_to))
        response.headers.append("set-cookie", self._parts.cookie.cleared_sign_on())
        response.headers.append("set-cookie", self._parts.cookie.holding(session.token))
        return response

    def _refused(self, why: Why, detail: str) -> Response:
        _log.warning("sign_on_refused", why=why, detail=detail)
        response = _redirect(f"{_REFUSED}?{urlencode({'why': why})}")
        response.headers.append("set-cookie", self._parts.cookie.cleared_sign_on())
        return response


def _redirect(url: str) -> Response:
    return RedirectResponse(url, 303, headers=_HEADERS)
