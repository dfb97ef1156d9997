"""The API of the product's own pages, as one table.

Each module of `web` offers `operations(parts) -> list[Operation | Stream]`; from
their sum come the routes and the OpenAPI document, so that neither can tell of
something that the other does not do. Paths are under `/api`.

A handler takes `(caller, body, params)` and returns the answer. It may be a
coroutine function, or a plain one, which runs in the thread pool because it may
read the database. `params` holds the path's parameters as text and those of the
query that the operation names, as their types. A stream's handler is a coroutine
function that returns an iterator of events: what it raises before it returns is
answered as an error. Its `body` is None, and `params["after"]` is the id of the
last event that the reader saw, if any: of `Last-Event-ID`, else of `?after=`.

A request is answered in these steps:

1. One that may change something (any method but GET) must come from the
   product's own pages (`same_origin`), else 403.
2. Its cookie is resolved, once. Without a living session only operations whose
   `roles` are None go on; others are 401.
3. One that may change something repeats the session's token in `x-csrf-token`,
   compared in constant time, else 403. Not where `roles` are None: they do not
   act on the session's authority.
4. The account has one of the operation's roles, else 403.
5. The body is JSON, not too long, and of the operation's type, else 415, 413, 400.
6. The handler answers, or raises a product error (`web.json`).

No answer is stored by browsers or proxies.
"""

import hmac
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, ClassVar, Literal
from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from changeover.basics.errors import ChangeoverError, InvalidInputError
from changeover.identity.people import ROLES, Account, Role
from changeover.identity.secret import Secret
from changeover.identity.sessions import SessionOffice, SignedIn, SignedOutError
from changeover.web.cookies import SessionCookie
from changeover.web.events import EventResponse, ServerEvent, Streams
from changeover.web.json import error_response, json_response
from changeover.web.same_origin import same_origin

PREFIX = "/api"
CSRF_HEADER = "x-csrf-token"
EVERYONE = ROLES
"""The roles of an operation for anyone who is signed in."""
PUBLIC = None
"""The roles of an operation that needs no session."""

Params = Mapping[str, Any]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who a request comes from, and from which network address."""

    signed_in: SignedIn | None
    token: Secret | None
    address: str

    @property
    def account(self) -> Account:
        """The account; `SignedOutError` without one, which only a PUBLIC operation meets."""
        if self.signed_in is None:
            raise SignedOutError
        return self.signed_in.account


class Done(msgspec.Struct, frozen=True):
    """The answer, or the body, of an operation that has nothing to say: `{}`."""


class Answer(msgspec.Struct, frozen=True):
    """An answer with headers of its own."""

    value: Any
    headers: Mapping[str, str]


class FileAnswer(msgspec.Struct, frozen=True):
    """An answer that is a file to keep, sent piece by piece as it is made."""

    name: str
    type: str
    pieces: AsyncIterator[bytes]


Handler = Callable[[Caller, Any, Params], Any]
StreamHandler = Callable[[Caller, None, Params], Awaitable[AsyncIterator[ServerEvent]]]


class Operation(msgspec.Struct, frozen=True):
    """A line of the table. `query` are the parameters that it takes from the query, by type.

    An `answer` that is `FileAnswer` is a file, every other one JSON.
    `greatest_body` is in bytes, where it is not that of every operation.
    """

    method: Method
    path: str
    body: Any
    answer: Any
    roles: tuple[Role, ...] | None
    handler: Handler
    summary: str
    query: Mapping[str, Any] = {}
    greatest_body: int | None = None


class Stream(msgspec.Struct, frozen=True):
    """A lasting answer of events; `events` gives the type of each kind's data."""

    path: str
    events: Mapping[str, Any]
    roles: tuple[Role, ...] | None
    handler: StreamHandler
    summary: str

    method: ClassVar[Method] = "GET"
    query: ClassVar[Mapping[str, Any]] = {"after": str}


class RequestRefusedError(ChangeoverError):
    """A request that the API does not take, with the status that says why."""

    status = 403


class ForeignOriginError(RequestRefusedError):
    code = "foreign_origin"

    def __init__(self) -> None:
        super().__init__(
            "This request comes from another site.",
            means="Nothing was done.",
            do="Open Changeover at its own address and try again.",
        )


class CsrfError(RequestRefusedError):
    code = "csrf"

    def __init__(self) -> None:
        super().__init__(
            f"The header {CSRF_HEADER} does not hold the session's token.",
            means="Nothing was done. You may have signed in anew in another window.",
            do="Load the page again.",
        )


class RoleError(RequestRefusedError):
    """The account has none of the roles that the operation is for."""

    code = "role"

    def __init__(self, roles: Iterable[Role]) -> None:
        super().__init__(
            f"This is for people with the role {' or '.join(roles)}.",
            means="Nothing was done.",
            do="Ask your administrator if it should be yours.",
        )


class TooLongError(RequestRefusedError):
    code = "too_long"
    status = 413

    def __init__(self, greatest: int) -> None:
        super().__init__(
            f"The request has more than {greatest // 1024} KB.",
            means="Nothing was done.",
            do="Send less at once.",
        )


class NotJsonError(RequestRefusedError):
    code = "not_json"
    status = 415

    def __init__(self) -> None:
        super().__init__("The request is not JSON.", do="Send it as application/json.")


class Doors(msgspec.Struct, frozen=True, kw_only=True):
    """What every operation is served with. `greatest_body` counts bytes."""

    sessions: SessionOffice
    cookie: SessionCookie
    streams: Streams
    public_url: str
    greatest_body: int = 4 * 1024 * 1024


def api_routes(doors: Doors, operations: Iterable[Operation | Stream]) -> list[Route]:
    """The routes of a table of operations."""
    return [_route(doors, operation) for operation in operations]


def _route(doors: Doors, operation: Operation | Stream) -> Route:
    serve = (
        _stream(doors, operation) if isinstance(operation, Stream) else _answer(doors, operation)
    )

    async def endpoint(request: Request) -> Response:
        try:
            response = await serve(request, await _admit(doors, operation, request))
        except RequestRefusedError as error:
            response = error_response(error, error.status)
        except ChangeoverError as error:
            response = error_response(error)
        response.headers.update(_HEADERS)
        return response

    route = Route(PREFIX + operation.path, endpoint, methods=[operation.method])
    if isinstance(operation, Stream) and route.methods is not None:
        # A stream has no length, and its head alone would wait for its end.
        route.methods.discard("HEAD")
    return route


_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

_Serve = Callable[[Request, Caller], Awaitable[Response]]


async def _admit(doors: Doors, operation: Operation | Stream, request: Request) -> Caller:
    """Steps 1 to 4."""
    changes = operation.method != "GET"
    if changes and not same_origin(request.headers, doors.public_url):
        raise ForeignOriginError
    token = doors.cookie.read(request)
    signed_in = None if token is None else await _resolve(doors.sessions, token)
    address = request.client.host if request.client is not None else ""
    caller = Caller(signed_in=signed_in, token=token, address=address)
    if operation.roles is None:
        return caller
    if signed_in is None:
        raise SignedOutError
    repeated = request.headers.get(CSRF_HEADER, "")
    if changes and not hmac.compare_digest(repeated.encode(), signed_in.session.csrf.encode()):
        raise CsrfError
    if not set(operation.roles) & set(signed_in.account.roles):
        raise RoleError(operation.roles)
    return caller


async def _resolve(sessions: SessionOffice, token: Secret) -> SignedIn | None:
    return sessions.remembered(token) or await run_in_threadpool(sessions.resolve, token)


def _answer(doors: Doors, operation: Operation) -> _Serve:
    handler = operation.handler
    waits = inspect.iscoroutinefunction(handler)

    async def serve(request: Request, caller: Caller) -> Response:
        params = params_of(operation, request)
        body = None
        if operation.body is not None:
            greatest = operation.greatest_body or doors.greatest_body
            body = decoded(await _body(request, greatest), operation.body)
        if waits:
            answered = await handler(caller, body, params)
        else:
            answered = await run_in_threadpool(handler, caller, body, params)
        if isinstance(answered, FileAnswer):
            return _file_response(answered)
        if isinstance(answered, Answer):
            return json_response(answered.value, headers=answered.headers)
        return json_response(answered)

    return serve


def _file_response(file: FileAnswer) -> Response:
    # RFC 6266: the name in UTF-8, for the rest is every browser's own.
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    headers = {"content-disposition": disposition}
    return StreamingResponse(file.pieces, media_type=file.type, headers=headers)


def _stream(doors: Doors, operation: Stream) -> _Serve:
    async def serve(request: Request, caller: Caller) -> Response:
        params = params_of(operation, request)
        last = request.headers.get("last-event-id")
        events = await operation.handler(caller, None, params | ({"after": last} if last else {}))
        return EventResponse(events, _admission(doors.sessions, caller), doors.streams)

    return serve


def _admission(sessions: SessionOffice, caller: Caller) -> Callable[[], Awaitable[bool]]:
    """Whether a stream's reader may go on: the session that it began with still lives."""
    token = None if caller.signed_in is None else caller.token

    async def admits() -> bool:
        if token is None or sessions.remembered(token) is not None:
            return True
        # Only looked up: a page that is left open does not keep its session alive.
        return await run_in_threadpool(sessions.look_up, token) is not None

    return admits


def params_of(operation: Operation | Stream, request: Request) -> dict[str, Any]:
    """The parameters of a request's path and query; `InvalidInputError`."""
    params: dict[str, Any] = dict(request.path_params)
    for name, of in operation.query.items():
        given = request.query_params.get(name)
        if given is not None:
            params[name] = _parameter(name, given, of)
    return params


def _parameter(name: str, given: str, of: Any) -> Any:
    try:
        return msgspec.convert(given, of, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInputError(
            f"The parameter {name} cannot be {given!r}: {error}.", means="Nothing was done."
        ) from error


async def _body(request: Request, greatest: int) -> bytes:
    """The whole body of a JSON request that is no longer than `greatest`."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise NotJsonError
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > greatest:
            raise TooLongError(greatest)
        pieces.append(piece)
    return b"".join(pieces)


def decoded(body: bytes, of: Any) -> Any:
    """A request's JSON as an `of`; `InvalidInputError`."""
    try:
        return msgspec.json.decode(body or b"{}", type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(
            f"The request cannot be read: {error}.", means="Nothing was done."
        ) from error
