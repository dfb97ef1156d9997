"""How the desk's operations become routes: each answers with a value that becomes JSON."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.errors import ChangeoverError
from changeover.web.json import error_response, json_response, read_json


def get_route(path: str, operation: Callable[[Request], Any]) -> Route:
    """A question; it runs in the thread pool."""

    async def endpoint(request: Request) -> Response:
        try:
            return json_response(await run_in_threadpool(operation, request))
        except ChangeoverError as error:
            return error_response(error)

    return Route(path, endpoint, methods=["GET"])


def post_route(path: str, of: type[Any], operation: Callable[[Request, Any], Any]) -> Route:
    """An act, whose request is an `of`; it runs in the thread pool."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_json(request, of)
            return json_response(await run_in_threadpool(operation, request, body))
        except ChangeoverError as error:
            return error_response(error)

    return Route(path, endpoint, methods=["POST"])
