"""The gateway's endpoints: `/v1/chat/completions`, `/v1/messages`, `/v1/models`.

They speak the protocols of the SDKs, so every fault here is answered in the
caller's own error shape, oversized bodies and unknown paths included.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from changeover.directory.model import Protocol
from changeover.gateway.answering import Answer, ClientStream
from changeover.gateway.call import Gateway

Endpoint = Callable[[Request], Awaitable[Response]]


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
            "/v1/messages", _chat(gateway, "anthropic-messages", greatest_body), methods=["POST"]
        ),
        Route("/v1/models", _models(gateway), methods=["GET"]),
    ]


def _chat(gateway: Gateway, protocol: Protocol, greatest_body: int) -> Endpoint:
    async def chat(request: Request) -> Response:
        body = await _body(request, greatest_body)
        if body is None:
            return _response(gateway.oversized(protocol, greatest_body))
        return _response(await gateway.chat(protocol, _presented(request), body))

    return chat


def _models(gateway: Gateway) -> Endpoint:
    async def models(request: Request) -> Response:
        anthropic = "anthropic-version" in request.headers
        protocol: Protocol = "anthropic-messages" if anthropic else "openai-chat"
        return _response(gateway.models(protocol, _presented(request)))

    return models


async def _until_gone(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _presented(request: Request) -> str | None:
    """The key where either SDK puts it: `x-api-key`, or `Authorization: Bearer`."""
    key = request.headers.get("x-api-key")
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
