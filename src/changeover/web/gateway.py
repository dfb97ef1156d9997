"""The gateway's endpoints: `/v1/chat/completions`, `/v1/responses`, `/v1/messages`, `/v1/models`.

Google's SDK names the model in the address, below `/v1/models`, and calls the
same `/v1` or `/v1beta`.

They speak the protocols of the SDKs, so every fault here is answered in the
caller's own error shape, oversized bodies and unknown paths included.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.directory.model import Protocol
from changeover.gateway.call import Answer, Came, ClientStream, Gateway
from changeover.web.json import error_response

Endpoint = Callable[[Request], Awaitable[Response]]
_LONGEST_PATH = 200
_KEY_PARAMETER = "key"
# Nobody reads it; the status is nginx's for a client that closed its request.
_GONE = Response(status_code=499)


class StreamResponse(Response):
    """Server-sent events as they come; closes the call however the client leaves."""

    def __init__(self, stream: ClientStream, headers: dict[str, str]) -> None:
        super().__init__(status_code=200, headers=headers, media_type="text/event-stream")
        del self.headers["content-length"]
        self.headers["cache-control"] = "no-cache"
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)
            await self._stream.aclose()
        if not sending.cancelled():
            sending.result()

    async def _send(self, send: Send) -> None:
        head = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **head})
        async for piece in self._stream:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def gateway_routes(gateway: Gateway, *, greatest_body: int) -> list[Route]:
    """The routes; a body over `greatest_body` bytes is answered 413."""
    return [
        Route(
            "/v1/chat/completions", _chat(gateway, "openai-chat", greatest_body), methods=["POST"]
        ),
        Route(
            "/v1/responses",
            _chat(gateway, "openai-responses", greatest_body),
            methods=["POST"],
        ),
        Route(
            "/v1/messages", _chat(gateway, "anthropic-messages", greatest_body), methods=["POST"]
        ),
        *(
            Route(
                f"/{version}/models/{{model:path}}:{{method}}",
                _chat(gateway, "gemini-generate", greatest_body),
                methods=["POST"],
            )
            for version in ("v1", "v1beta")
        ),
        Route("/v1/models", _models(gateway), methods=["GET"]),
        Route("/v1beta/models", _models(gateway), methods=["GET"]),
    ]


def not_routed(gateway: Gateway) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answers what no route took: in the caller's protocol below `/v1`, elsewhere as JSON."""

    async def handle(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        method, path = request.method, request.url.path[:_LONGEST_PATH]
        what = f"There is nothing at {path}."
        if error.status_code == 405:
            what = f"{path} does not take {method}."
        if path.startswith(("/v1/", "/v1beta/")):
            response = _response(gateway.misdirected(_spoken(request), error.status_code, what))
        else:
            kind = InvalidInputError if error.status_code == 405 else NotFoundError
            response = error_response(kind(what), error.status_code)
        response.headers.update(error.headers or {})
        return response

    return handle


def _chat(gateway: Gateway, protocol: Protocol, greatest_body: int) -> Endpoint:
    async def chat(request: Request) -> Response:
        if _KEY_PARAMETER in request.query_params:
            return _response(gateway.key_in_address(protocol))
        body = await _body(request, greatest_body)
        if body is None:
            return _response(gateway.oversized(protocol, greatest_body))
        answer = await _unless_gone(
            gateway.chat(protocol, _presented(request), _came(request, body)), request.receive
        )
        return _GONE if answer is None else _response(answer)

    return chat


def _models(gateway: Gateway) -> Endpoint:
    async def models(request: Request) -> Response:
        if _KEY_PARAMETER in request.query_params:
            return _response(gateway.key_in_address(_spoken(request)))
        return _response(gateway.models(_spoken(request), _presented(request)))

    return models


def _spoken(request: Request) -> Protocol:
    """The protocol of a caller: by its path, else by a header of Anthropic's or Google's SDK."""
    if request.url.path.startswith("/v1beta/") or "x-goog-api-key" in request.headers:
        return "gemini-generate"
    messages = request.url.path.startswith("/v1/messages")
    anthropic = messages or "anthropic-version" in request.headers
    return "anthropic-messages" if anthropic else "openai-chat"


def _target(request: Request) -> str:
    """What follows `/models` in an address that names the model, as it came; else nothing."""
    if "method" not in request.path_params:
        return ""
    written: str = request.scope["raw_path"].decode("ascii", errors="replace")
    query = request.url.query
    return written.partition("/models")[2] + (f"?{query}" if query else "")


def _came(request: Request, body: bytes) -> Came:
    return Came(body=body, target=_target(request), headers=dict(request.headers))


async def _unless_gone(calling: Coroutine[Any, Any, Answer], receive: Receive) -> Answer | None:
    """The answer, or None when the client left before: then the call was cancelled."""
    call = asyncio.create_task(calling)
    leaving = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({call, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        if not call.done():
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
    return None if call.cancelled() else call.result()


async def _until_gone(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _presented(request: Request) -> str | None:
    """The key where the SDKs put it: `x-goog-api-key`, `x-api-key`, `Authorization: Bearer`."""
    key = request.headers.get("x-goog-api-key") or request.headers.get("x-api-key")
    if key:
        return key.strip()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


async def _body(request: Request, greatest: int) -> bytes | None:
    """The whole body, or None once it is longer than `greatest`."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > greatest:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > greatest:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _response(answer: Answer) -> Response:
    if answer.stream is not None:
        return StreamResponse(answer.stream, answer.headers)
    return Response(
        answer.body, answer.status, headers=answer.headers, media_type="application/json"
    )
