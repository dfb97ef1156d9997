"""The API's operations for officers who name themselves, on the local socket.

Who may open the socket, or the data folder, may do what an officer may; they say who
they are in a header, and every act keeps that name. It is the same table as the
pages' (`web.api`), so that whatever a page can do a command can.

The account of a name is `name:` and the name as it reads, so that one who enters
something cannot confirm it by writing their name otherwise.
"""

import inspect
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.errors import ChangeoverError, NotAuthorisedError
from changeover.identity.people import OFFICER_HEADER, ROLES, Account, Session
from changeover.identity.sessions import SignedIn
from changeover.orders.authority import as_read
from changeover.web.api import (
    Answer,
    Caller,
    Operation,
    RequestRefusedError,
    Stream,
    decoded,
    params_of,
)
from changeover.web.json import error_response, json_response

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def named_routes(operations: Iterable[Operation | Stream]) -> list[Route]:
    """The routes of operations for people with a role, but for those that last."""
    return [_route(one) for one in operations if isinstance(one, Operation) and one.roles]


def _route(operation: Operation) -> Route:
    waits = inspect.iscoroutinefunction(operation.handler)

    async def endpoint(request: Request) -> Response:
        try:
            caller = _caller(request, acts=operation.method != "GET")
            params = params_of(operation, request)
            body = None
            if operation.body is not None:
                body = decoded(await request.body(), operation.body)
            if waits:
                answered = await operation.handler(caller, body, params)
            else:
                answered = await run_in_threadpool(operation.handler, caller, body, params)
        except RequestRefusedError as error:
            return error_response(error, error.status)
        except ChangeoverError as error:
            return error_response(error)
        if isinstance(answered, Answer):
            return json_response(answered.value, headers=answered.headers)
        return json_response(answered)

    return Route(operation.path, endpoint, methods=[operation.method])


def _caller(request: Request, *, acts: bool) -> Caller:
    """Whoever named themselves; only who acts must."""
    name = unquote(request.headers.get(OFFICER_HEADER, "")).strip()
    read = as_read(name)
    if acts and not read:
        raise NotAuthorisedError(
            "An act needs the name of the person who does it.",
            means="Nothing was done.",
            do="Give --by NAME, or set CHANGEOVER_OFFICER.",
        )
    account = Account(
        id=f"name:{read}",
        login="",
        name=name,
        party="",
        roles=ROLES,
        language="en",
        created=_ALWAYS,
    )
    session = Session(
        digest=b"", account=account.id, csrf="", created=_ALWAYS, seen=_ALWAYS, expires=_ALWAYS
    )
    return Caller(signed_in=SignedIn(account, session), token=None, address="")
