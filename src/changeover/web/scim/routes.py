"""The address of provisioning clients: `/scim/v2`.

A request is answered in these steps:

1. Its bearer token is looked up (RFC 6750). Whatever is wrong with it is 401, alike. A cookie
   counts for nothing here, so that no other site can have a browser act.
2. Its body has 1 MB at most, else 413.
3. What it asks is done (`handling`), in the thread pool.
"""

import json
import threading
from typing import TYPE_CHECKING

import msgspec
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.errors import ChangeoverError
from changeover.identity.provisioning.office import ProvisioningOffice
from changeover.identity.provisioning.tokens import TokenOffice
from changeover.identity.secret import Secret

if TYPE_CHECKING:
    from changeover.web.scim.handling import Handling

PREFIX = "/scim/v2"
_GREATEST = 1024 * 1024
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_log = structlog.get_logger("changeover.provisioning")


class ScimParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these addresses work with."""

    tokens: TokenOffice
    office: ProvisioningOffice
    public_url: str


def scim_routes(parts: ScimParts) -> list[Route]:
    """`/scim/v2` and all that is under it."""
    door = _Door(parts)
    return [Route(PREFIX + "{path:path}", door.answer, methods=_METHODS)]


class _Door:
    def __init__(self, parts: ScimParts) -> None:
        self._parts = parts
        self._making = threading.Lock()
        self._handling: Handling | None = None

    async def answer(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        presented = Secret(token.strip() if scheme.lower() == "bearer" else "")
        if not await run_in_threadpool(self._parts.tokens.admits, presented):
            response = _refused(401, "The bearer token is missing, wrong or revoked.")
            response.headers["www-authenticate"] = 'Bearer realm="SCIM"'
            return response
        body = await _body(request)
        if body is None:
            return _refused(413, f"The request has more than {_GREATEST} bytes.")
        return await run_in_threadpool(self._answered, request, body)

    def _answered(self, request: Request, body: bytes) -> Response:
        try:
            response = self._handler().answer(
                request.method,
                request.path_params["path"],
                request.url.query,
                request.headers,
                body,
            )
        except ChangeoverError as error:
            _log.error("provisioning_failed", why=error.code)
            response = _refused(500, error.what)
        response.headers.update(_HEADERS)
        return response

    def _handler(self) -> "Handling":
        from changeover.web.scim.handling import Handling  # noqa: PLC0415 - see the package

        with self._making:
            if self._handling is None:
                base = self._parts.public_url.rstrip("/") + PREFIX
                self._handling = Handling(self._parts.office, base)
            return self._handling


async def _body(request: Request) -> bytes | None:
    """The whole body; None where it is too long."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > _GREATEST:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _refused(status: int, detail: str) -> Response:
    """An error in SCIM's form (RFC 7644, section 3.12)."""
    told = {"schemas": [_ERROR], "status": str(status), "detail": detail}
    return Response(json.dumps(told), status, headers=_HEADERS, media_type="application/scim+json")
