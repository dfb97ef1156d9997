"""The built pages, with a content security policy that lets nothing foreign in."""

from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

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
        routes.append(Mount("/assets", GZipMiddleware(StaticFiles(directory=static / "assets"))))
    return routes
