"""The built pages, with a content security policy that lets nothing foreign in.

What the pages load is named by its digest, so that a browser keeps it for good and asks for it
once. It is sent as small as the browser takes it, in what the build compressed.
"""

import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# The desk's areas, each with what is below it.
_AREAS = (
    "board",
    "changeovers",
    "compliance",
    "costs",
    "evidence",
    "directory",
    "documents",
    "drafts",
    "messages",
    "networks",
    "reach",
    "records",
    "terms",
)
_PAGES = (
    "/",
    "/accounts",
    "/bindings",
    "/conversations/{id}",
    "/conversations/{id}/print",
    "/shared/{id}",
    "/collections",
    "/collections/{id}",
    "/desk",
    "/desk/prepared/{id}",
    "/keys",
    "/orders",
    "/orders/{id}",
    "/replicas",
    "/operations",
    "/routes",
    "/sign-in/done",
    "/sign-in/left",
    "/sign-in/refused",
    "/status",
    "/translations",
    "/translations/{rest:path}",
    *(f"/desk/{area}" for area in _AREAS),
    *(f"/desk/{area}/{{rest:path}}" for area in _AREAS),
)
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


def page_routes(static: Path) -> list[BaseRoute]:
    """The pages' addresses and the built files; says so when they were not built."""

    async def page(_: Request) -> Response:
        index = static / "index.html"
        if not index.is_file():
            return PlainTextResponse(
                "The pages were not built. The API runs all the same.\n"
                "Install Changeover with pip, which builds them, or run `make up`.\n",
                503,
            )
        return FileResponse(index, headers=_HEADERS)

    routes: list[BaseRoute] = [Route(path, page) for path in _PAGES]
    if (static / "assets").is_dir():
        routes.append(Mount("/assets", _Assets(directory=static / "assets")))
    return routes


# The smallest first, with the ending that the build gives it.
_COMPRESSED = (("br", ".br"), ("gzip", ".gz"))
_NAMED_BY_DIGEST = re.compile(r"-[\w-]{8}\.\w+$")


class _Assets(StaticFiles):
    """Built files, each in the smallest form that the browser takes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        for encoding in _accepted(Headers(scope=scope).get("accept-encoding", "")):
            response = await self._compressed(path, encoding, scope)
            if response is not None:
                break
        else:
            response = await super().get_response(path, scope)
        response.headers["vary"] = "accept-encoding"
        response.headers["x-content-type-options"] = "nosniff"
        if _NAMED_BY_DIGEST.search(path):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response

    async def _compressed(self, path: str, encoding: str, scope: Scope) -> Response | None:
        try:
            response = await super().get_response(path + dict(_COMPRESSED)[encoding], scope)
        except HTTPException:
            return None  # too small to be worth it, or there is no such file
        response.headers["content-encoding"] = encoding
        return response


def _accepted(header: str) -> list[str]:
    """What a browser takes of `_COMPRESSED`; what it gives a weight of 0 it does not take."""
    taken = {
        name.strip().lower()
        for name, _, weight in (one.partition(";") for one in header.split(","))
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    }
    return [encoding for encoding, _ in _COMPRESSED if encoding in taken]
