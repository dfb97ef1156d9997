"""The gateway's endpoints: those of the vendors' SDKs that ask something of a model.

Google's SDK names the model in the address, below `/v1/models`, and calls the
same `/v1` or `/v1beta`. Amazon's names it below `/model`, and so do Anthropic's clients
for Bedrock; those for Vertex AI call it as Google hosts it. What else the
SDKs call is refused by name (`gateway/unserved.py`).

They speak the protocols of the SDKs, so every fault here is answered in the
caller's own error shape, oversized bodies and unknown paths included.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.directory.model import Protocol
from changeover.gateway.answer import Answer, Pieces, Spoken
from changeover.gateway.call import Came, Gateway
from changeover.gateway.media import MEDIA, MediaPath
from changeover.gateway.once import Sent
from changeover.gateway.ports import UpstreamError
from changeover.gateway.unserved import unserved
from changeover.web.json import error_response

Endpoint = Callable[[Request], Awaitable[Response]]
Call = Callable[[Request, bytes], Coroutine[Any, Any, Answer]]
# Serves what came as somebody speaks: the key presented, the body, what followed the path.
Beside = Callable[[Any, str | None, bytes, str], Coroutine[Any, Any, Answer]]
_LONGEST_PATH = 200
_KEY_PARAMETER = "key"
_ONCE = "idempotency-key"
_SIGNATURE = "aws4-hmac-sha256"
_CONVERSE: Spoken = "bedrock-converse"
_INVOKE: Spoken = ("anthropic-messages", "bedrock")
_ON_BEDROCK: dict[str, Spoken] = {
    "converse": _CONVERSE,
    "converse-stream": _CONVERSE,
    "invoke": _INVOKE,
    "invoke-with-response-stream": _INVOKE,
}
_ON_VERTEX: Spoken = ("anthropic-messages", "vertex")
_OF_ANTHROPIC = "/v1/projects/{project}/locations/{location}/publishers/anthropic/models"
_OF_AMAZON = ("/model/", "/foundation-models", "/async-invoke", "/guardrail")
_AMAZONS = (_CONVERSE, _INVOKE)
# Nobody reads it; the status is nginx's for a client that closed its request.
_GONE = Response(status_code=499)


class StreamResponse(Response):
    """A stream's bytes as they come; closes the call however the client leaves."""

    def __init__(
        self, stream: Pieces, headers: dict[str, str], media_type: str = "text/event-stream"
    ) -> None:
        super().__init__(status_code=200, headers=headers, media_type=media_type)
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
        try:
            async for piece in self._stream:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except UpstreamError:
            # Bytes that have no place for words: a body that is not ended tells that it broke off.
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def gateway_routes(gateway: Gateway, *, greatest_body: int) -> list[Route]:
    """The routes; a body over `greatest_body` bytes is answered 413."""
    calls: tuple[tuple[str, Protocol, Beside | None], ...] = (
        ("/v1/chat/completions", "openai-chat", None),
        ("/v1/embeddings", "openai-chat", gateway.embed),
        ("/v1/responses", "openai-responses", None),
        ("/v1/responses/input_tokens", "openai-responses", gateway.count),
        ("/v1/messages", "anthropic-messages", None),
        ("/v1/messages/count_tokens", "anthropic-messages", gateway.count),
    )
    return [
        *(
            Route(path, _posted(gateway, call, protocol, greatest_body), methods=["POST"])
            for path, protocol, call in calls
        ),
        *(
            Route(
                f"/{version}/models/{{model:path}}:{{method}}",
                _of_model(gateway, greatest_body),
                methods=["POST"],
            )
            for version in ("v1", "v1beta")
        ),
        *(
            Route(
                f"/model/{{model:path}}/{method}",
                _posted(gateway, None, spoken, greatest_body),
                methods=["POST"],
            )
            for method, spoken in _ON_BEDROCK.items()
        ),
        Route(
            "/model/{model:path}/count-tokens",
            _posted(gateway, gateway.count, _CONVERSE, greatest_body),
            methods=["POST"],
        ),
        Route(
            f"{_OF_ANTHROPIC}/count-tokens:rawPredict",
            _posted(gateway, gateway.count, _ON_VERTEX, greatest_body),
            methods=["POST"],
        ),
        Route(
            f"{_OF_ANTHROPIC}/{{model:path}}:{{method}}",
            _posted(gateway, None, _ON_VERTEX, greatest_body),
            methods=["POST"],
        ),
        Route("/foundation-models", _models(gateway), methods=["GET"]),
        Route("/v1/models", _models(gateway), methods=["GET"]),
        Route("/v1beta/models", _models(gateway), methods=["GET"]),
        *(
            Route(f"/{version}/models/{{name:path}}", _model(gateway), methods=["GET"])
            for version in ("v1", "v1beta")
        ),
        *(
            Route(f"/v1{path}", _media(gateway, path, greatest_body), methods=["POST"])
            for path in MEDIA
        ),
    ]


async def left_early(_: Request, __: Exception) -> Response:
    """What comes of a request whose client left before all of it was there: nothing."""
    return _GONE


def not_routed(gateway: Gateway) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answers what no route took: in the caller's protocol below `/v1`, elsewhere as JSON."""

    async def handle(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        method, path = request.method, request.url.path[:_LONGEST_PATH]
        what = f"There is nothing at {path}."
        if error.status_code == 405:
            what = f"{path} does not take {method}."
        known = unserved(path)
        spoken = _spoken(request)
        if known is not None and (error.status_code == 404 or known.status == 501):
            response = _response(gateway.unserved(spoken, known), spoken)
        elif path.startswith(("/v1/", "/v1beta/", "/model/")):
            response = _response(gateway.misdirected(spoken, error.status_code, what), spoken)
        else:
            kind = InvalidInputError if error.status_code == 405 else NotFoundError
            response = error_response(kind(what), error.status_code)
        response.headers.update(error.headers or {})
        return response

    return handle


def _posted(
    gateway: Gateway, beside: Beside | None, spoken: Spoken, greatest_body: int
) -> Endpoint:
    """Posts to a call beside chat, or to chat."""
    call = _chat(gateway, spoken) if beside is None else _beside(beside, spoken)

    async def posted(request: Request) -> Response:
        if _KEY_PARAMETER in request.query_params:
            return _response(gateway.key_in_address(spoken), spoken)
        if _is_signed(request):
            return _response(gateway.signed(spoken), spoken)
        body = await _body(request, greatest_body)
        if body is None:
            return _response(gateway.oversized(spoken, greatest_body), spoken)
        calling = gateway.once(spoken, _sent(request, body), lambda: call(request, body))
        answer = await _unless_gone(calling, request.receive)
        return _GONE if answer is None else _response(answer, spoken)

    return posted


def _chat(gateway: Gateway, spoken: Spoken) -> Call:
    def chat(request: Request, body: bytes) -> Coroutine[Any, Any, Answer]:
        came = Came(body=body, target=_target(request), headers=dict(request.headers))
        return gateway.chat(spoken, _presented(request), came)

    return chat


def _beside(call: Beside, spoken: Spoken) -> Call:
    def beside(request: Request, body: bytes) -> Coroutine[Any, Any, Answer]:
        return call(spoken, _presented(request), body, _target(request))

    return beside


def _of_model(gateway: Gateway, greatest_body: int) -> Endpoint:
    """Google's methods of a model: the last part of the address says which."""
    calls: dict[str, Beside] = {
        "embedContent": gateway.embed,
        "batchEmbedContents": gateway.embed,
        "countTokens": gateway.count,
    }
    endpoints = {
        method: _posted(gateway, call, "gemini-generate", greatest_body)
        for method, call in calls.items()
    }
    otherwise = _posted(gateway, None, "gemini-generate", greatest_body)

    async def of_model(request: Request) -> Response:
        known = unserved(request.url.path)
        if known is not None:
            return _response(gateway.unserved("gemini-generate", known), "gemini-generate")
        return await endpoints.get(request.path_params["method"], otherwise)(request)

    return of_model


def _models(gateway: Gateway) -> Endpoint:
    async def models(request: Request) -> Response:
        spoken = _spoken(request)
        if _KEY_PARAMETER in request.query_params:
            return _response(gateway.key_in_address(spoken), spoken)
        if _is_signed(request):
            return _response(gateway.signed(spoken), spoken)
        return _response(gateway.models(spoken, _presented(request)), spoken)

    return models


def _model(gateway: Gateway) -> Endpoint:
    async def model(request: Request) -> Response:
        spoken = _spoken(request)
        if _KEY_PARAMETER in request.query_params:
            return _response(gateway.key_in_address(spoken), spoken)
        name = request.path_params["name"]
        return _response(gateway.model(spoken, _presented(request), name), spoken)

    return model


def _media(gateway: Gateway, path: MediaPath, greatest_body: int) -> Endpoint:
    async def media(request: Request) -> Response:
        body = await _body(request, greatest_body)
        if body is None:
            return _response(gateway.oversized("openai-chat", greatest_body), "openai-chat")
        content_type = request.headers.get("content-type", "")
        presented = _presented(request)
        calling = gateway.once(
            "openai-chat",
            _sent(request, body),
            lambda: gateway.media(path, presented, body, content_type),
        )
        answer = await _unless_gone(calling, request.receive)
        return _GONE if answer is None else _response(answer, "openai-chat")

    return media


def _spoken(request: Request) -> Spoken:
    """The protocol of a caller: by its path, else by a header of Anthropic's or Google's SDK."""
    path = request.url.path
    if path.startswith(_OF_AMAZON):
        return _INVOKE if path.rpartition("/")[2].startswith("invoke") else _CONVERSE
    if path.startswith("/v1beta/") or "x-goog-api-key" in request.headers:
        return "gemini-generate"
    messages = path.startswith("/v1/messages")
    anthropic = messages or "anthropic-version" in request.headers
    return "anthropic-messages" if anthropic else "openai-chat"


def _is_signed(request: Request) -> bool:
    """Whether a request bears Amazon's signature instead of a key."""
    return request.headers.get("authorization", "").lower().startswith(_SIGNATURE)


def _target(request: Request) -> str:
    """What follows `/models` or `/model` in an address that names the model; else nothing.

    It is as it came, percent-encoded.
    """
    if "model" not in request.path_params:
        return ""
    written: str = request.scope["raw_path"].decode("ascii", errors="replace")
    query = request.url.query
    before = "/models" if "method" in request.path_params else "/model"
    return written.partition(before)[2] + (f"?{query}" if query else "")


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


def _sent(request: Request, body: bytes) -> Sent | None:
    """The request as one that is to be made once, where it says so."""
    name = request.headers.get(_ONCE)
    if name is None:
        return None
    where = f"{request.url.path}?{request.url.query}"
    return Sent(presented=_presented(request), name=name, where=where, body=body)


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


def _response(answer: Answer, spoken: Spoken) -> Response:
    if answer.stream is not None:
        media_type = answer.media_type or "text/event-stream"
        return StreamResponse(answer.stream, answer.headers, media_type)
    media_type = answer.media_type or "application/json"
    headers = {**answer.headers, **(_amazons(answer) if spoken in _AMAZONS else {})}
    return Response(answer.body, answer.status, headers=headers, media_type=media_type)


def _amazons(answer: Answer) -> dict[str, str]:
    """The headers in which Amazon's SDKs look for an error's type, and for a request's id.

    An SDK shows little of an error's body, so that its reason stands in a header too.
    """
    call = answer.headers.get("changeover-call", "")
    headers = {"x-amzn-requestid": call} if call else {}
    if answer.status < 400:
        return headers
    error: _AmazonError = msgspec.json.decode(answer.body, type=_AmazonError)
    return {**headers, "x-amzn-errortype": error.type, "changeover-error": error.reason}


class _AmazonError(msgspec.Struct):
    """An error's type and reason, as the codec wrote them."""

    type: str = msgspec.field(name="__type")
    reason: str
