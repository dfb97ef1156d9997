"""The stand-in's endpoints: `/{host}/v1/…` and `/{host}/v1beta/…` for every host it was given.

`openai` and `anthropic` speak their own protocols only; every other host speaks
them all, as clouds do, and also as clouds host them (`clouds.py`). Each request is
recorded as received, then let in, read, failed on purpose if so set, checked for its
model, answered and delivered.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.clock import Clock, SystemClock
from changeover.basics.errors import InvalidInputError
from changeover.basics.ids import new_secret
from changeover.basics.instants import microseconds
from changeover.standin.allowances import AGAIN
from changeover.standin.amazon import EVENT_STREAM, Amazon
from changeover.standin.answering import answered
from changeover.standin.anthropic_messages import AnthropicMessages
from changeover.standin.asked import Dialect, Mark, RefusalError
from changeover.standin.beside import Sent, Work
from changeover.standin.calls import CallLog, ReceivedCall, key_digest
from changeover.standin.chat_dialects import DIALECTS
from changeover.standin.clouds import HOSTED, ON_AZURE, Clouds, Make
from changeover.standin.delivery import GARBAGE, Delivery, Hangs, Head
from changeover.standin.gemini_generate import GeminiGenerate
from changeover.standin.google_tokens import Tokens
from changeover.standin.openai_chat import OpenAIChat
from changeover.standin.openai_responses import OpenAIResponses
from changeover.standin.operations import BESIDE, OF_MODELS
from changeover.standin.received import any_key, named, payload_of, readable
from changeover.standin.settings import FAULT_HEADER, Fault, StandInSettings, read_fault

OPENAI = OpenAIChat()
RESPONSES = OpenAIResponses()
ANTHROPIC = AnthropicMessages()
GEMINI = GeminiGenerate()
_ONLY: dict[str, tuple[Dialect, ...]] = {
    "openai": (OPENAI, RESPONSES),
    "anthropic": (ANTHROPIC,),
}
_SPOKEN_BY: dict[str, Dialect] = {"chat": OPENAI, "responses": RESPONSES, "messages": ANTHROPIC}
_EVENTS = "text/event-stream; charset=utf-8"
_SERVER = {"server": "stand-in"}
_MICROSECONDS = 1_000_000

Answer = Response | Delivery


def standin_app(
    settings: StandInSettings,
    *,
    clock: Clock | None = None,
    log: CallLog | None = None,
    hangs: Hangs | None = None,
) -> Starlette:
    """The stand-in as an ASGI application.

    `log` receives the calls and `hangs` holds those that hang; both are made
    from the settings where they are not given.
    """
    endpoints = _Endpoints(
        settings,
        clock or SystemClock(),
        log or CallLog(settings.remembered_calls, settings.log),
        hangs or Hangs(settings.hang_seconds),
    )
    prefix, beta = "/{host}/v1", "/{host}/v1beta"
    return Starlette(
        routes=[
            Route("/{host}/token", endpoints.token, methods=["POST"]),
            *(
                Route(f"/{{host}}{path}", endpoints.hosted(make), methods=["POST"])
                for path, make in HOSTED.items()
            ),
            Route(f"{prefix}/chat/completions", endpoints.chat, methods=["POST"]),
            Route(f"{prefix}/responses", endpoints.responses, methods=["POST"]),
            Route(f"{prefix}/messages", endpoints.messages, methods=["POST"]),
            *(
                Route(f"{prefix}{path}", endpoints.beside(_SPOKEN_BY[by], work), methods=["POST"])
                for path, by, work in BESIDE
            ),
            *(
                Route(
                    f"/{{host}}/openai/v1{path}",
                    endpoints.beside(ON_AZURE[by], work),
                    methods=["POST"],
                )
                for path, by, work in BESIDE
                if by in ON_AZURE
            ),
            Route(f"{prefix}/models", endpoints.models, methods=["GET"]),
            Route(f"{prefix}/models/{{model:path}}", endpoints.model, methods=["GET"]),
            Route(f"{beta}/models", endpoints.models, methods=["GET"]),
            Route(f"{beta}/models/{{model:path}}", endpoints.model, methods=["GET"]),
            *(
                Route(
                    f"{version}/models/{{model:path}}:{{method}}",
                    endpoints.generate,
                    methods=["POST"],
                )
                for version in (prefix, beta)
            ),
            *(
                Route(
                    f"{version}/projects/{{project}}/locations/{{location}}/publishers/google/models/"
                    "{model:path}:{method}",
                    endpoints.generate_at_vertex,
                    methods=["POST"],
                )
                for version in (prefix, f"{prefix}beta1")
            ),
        ],
        exception_handlers={HTTPException: endpoints.not_routed},
    )


@dataclass(frozen=True, kw_only=True)
class _Exchange:
    """One request under way: whom it reached, in which protocol, and its mark."""

    host: str
    dialect: Dialect
    mark: Mark
    request: Request

    @property
    def path(self) -> str:
        """The path as the vendor would see it."""
        return self.request.url.path.removeprefix(f"/{self.host}")

    def headers(self) -> dict[str, str]:
        return {**_SERVER, **self.dialect.headers(self.mark)}

    def body(self, payload: bytes, status: int = 200) -> Response:
        headers = self.headers()
        if status in AGAIN:
            headers["retry-after"] = AGAIN[status]
        return Response(payload, status, headers, media_type="application/json")

    def refuse(self, refusal: RefusalError) -> Response:
        response = self.body(self.dialect.refused(refusal, self.mark), refusal.status)
        if isinstance(self.dialect, Amazon):
            response.headers.update(self.dialect.refusal_headers(refusal))
        return response


class _Endpoints:
    """The handlers, with what they share."""

    def __init__(self, settings: StandInSettings, clock: Clock, log: CallLog, hangs: Hangs) -> None:
        self._settings = settings
        self._clock = clock
        self._log = log
        self._hangs = hangs
        # Signatures and tokens go by the machine's own clock.
        machine = SystemClock()
        issued = Tokens(settings.service_accounts, machine)
        self._clouds = Clouds(access_keys=settings.access_keys, tokens=issued, clock=machine)

    async def chat(self, request: Request) -> Answer:
        """OpenAI's POST /v1/chat/completions, in the host's dialect."""
        return await self._guarded(request, self._chat(request), self._answer)

    def _chat(self, request: Request) -> OpenAIChat:
        named = self._settings.dialects.get(request.path_params["host"], "")
        return DIALECTS.get(named, OPENAI)

    async def responses(self, request: Request) -> Answer:
        """OpenAI's POST /v1/responses."""
        return await self._guarded(request, RESPONSES, self._answer)

    async def messages(self, request: Request) -> Answer:
        """Anthropic's POST /v1/messages."""
        return await self._guarded(request, ANTHROPIC, self._answer)

    async def generate(self, request: Request) -> Answer:
        """Google's POST /v1/models/{model}:{method}, and the same below /v1beta."""
        model, method = request.path_params["model"], request.path_params["method"]
        if method in OF_MODELS:
            return await self.beside(GeminiGenerate(model), OF_MODELS[method])(request)
        dialect = GeminiGenerate(model, method, request.query_params.get("alt", ""))
        return await self._guarded(request, dialect, self._answer)

    async def generate_at_vertex(self, request: Request) -> Answer:
        """The same at Vertex AI, below a project and a location."""
        model, method = request.path_params["model"], request.path_params["method"]
        alt = request.query_params.get("alt", "")
        dialect = GeminiGenerate(model, method, alt, vertex=True)
        return await self._guarded(request, dialect, self._answer)

    def beside(
        self, dialect: Dialect, work: Work
    ) -> Callable[[Request], Coroutine[Any, Any, Answer]]:
        """Another operation than chat, in the protocol of its vendor."""

        async def handle(request: Request) -> Answer:
            return await self._guarded(request, dialect, partial(self._done, work))

        return handle

    def hosted(self, make: Make) -> Callable[[Request], Coroutine[Any, Any, Answer]]:
        """A protocol as a cloud hosts it."""

        async def handle(request: Request) -> Answer:
            return await self._guarded(request, make(request, self._clouds), self._answer)

        return handle

    async def token(self, request: Request) -> Response:
        """Google's POST /token: no call of a model, so that it is not recorded as one."""
        audience = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
        status, body = self._clouds.tokens.answer(await request.body(), audience)
        return Response(body, status, _SERVER, media_type="application/json")

    async def models(self, request: Request) -> Answer:
        """GET /v1/models, in the protocol whose key header came."""
        spoken = _spoken(request, request.path_params["host"])
        if spoken is OPENAI:
            spoken = self._chat(request)
        return await self._guarded(request, spoken, self._catalogue)

    async def model(self, request: Request) -> Answer:
        """GET /v1/models/{model}."""
        spoken = _spoken(request, request.path_params["host"])
        return await self._guarded(request, spoken, self._entry)

    async def not_routed(self, request: Request, error: Exception) -> Response:
        """What no route took: 404 or 405 in the vendor's words."""
        host = request.url.path.split("/")[1]
        exchange = self._exchange(request, _spoken(request, host), host)
        method, path = request.method, exchange.path
        if host in self._settings.models:
            self._record(exchange, await readable(request, exchange.dialect))
        if isinstance(error, HTTPException) and error.status_code == 405:
            return exchange.refuse(exchange.dialect.wrong_method(method, path))
        return exchange.refuse(exchange.dialect.no_such_path(method, path))

    def _exchange(self, request: Request, dialect: Dialect, host: str) -> _Exchange:
        created = microseconds(self._clock.now()) // _MICROSECONDS
        mark = Mark(secret=new_secret(29), created=created)
        return _Exchange(host=host, dialect=dialect, mark=mark, request=request)

    async def _guarded(
        self,
        request: Request,
        dialect: Dialect,
        handle: Callable[[_Exchange, bytes], Coroutine[Any, Any, Answer]],
    ) -> Answer:
        """Records the call, lets it in or not, and turns refusals into responses."""
        host = request.path_params["host"]
        exchange = self._exchange(request, dialect, host)
        if host not in self._settings.models:
            return exchange.refuse(dialect.no_such_path(request.method, request.url.path))
        try:
            payload = await payload_of(request, dialect)
        except RefusalError as refusal:
            self._record(exchange, b"")
            return exchange.refuse(refusal)
        self._record(exchange, payload)
        try:
            own = _ONLY.get(host, (dialect,))
            if dialect not in own:
                raise own[0].no_such_path(request.method, exchange.path)
            dialect.key(request.headers)
            return await handle(exchange, payload)
        except RefusalError as refusal:
            return exchange.refuse(refusal)

    def _record(self, exchange: _Exchange, payload: bytes) -> None:
        request = exchange.request
        found = named(payload, exchange.dialect)
        self._log.add(
            ReceivedCall(
                time=microseconds(self._clock.now()),
                host=exchange.host,
                method=request.method,
                path=exchange.path,
                model=found.model if isinstance(found.model, str) else "",
                stream=found.stream is True,
                key=key_digest(any_key(request.headers)),
            )
        )

    async def _answer(self, exchange: _Exchange, payload: bytes) -> Answer:
        dialect = exchange.dialect
        asked = dialect.read(payload, exchange.request.headers)
        if asked.model not in self._settings.models[exchange.host]:
            raise dialect.unknown_model(asked.model)
        fault = self._fault(exchange)
        if fault is not None and (failed := await self._fail_at_once(exchange, fault)):
            return failed
        said = await asyncio.to_thread(answered, exchange.host, asked)
        if asked.stream:
            chunks = dialect.events(asked, said, exchange.mark)
            kind = EVENT_STREAM if isinstance(dialect, Amazon) else _EVENTS
        else:
            chunks = [dialect.whole(asked, said, exchange.mark)]
            kind = "application/json"
        return Delivery(
            Head(status=200, content_type=kind, headers=exchange.headers()),
            chunks,
            delay=self._settings.delay_ms / 1000 if asked.stream else 0.0,
            fault=fault.kind if fault else None,
            hangs=self._hangs,
        )

    async def _done(self, work: Work, exchange: _Exchange, payload: bytes) -> Answer:
        path = exchange.request.path_params
        task = work(
            Sent(
                payload=payload,
                headers=exchange.request.headers,
                model=path.get("model", ""),
                method=path.get("method", ""),
            )
        )
        if task.model not in self._settings.models[exchange.host]:
            raise exchange.dialect.unknown_model(task.model)
        fault = self._fault(exchange)
        if fault is not None and (failed := await self._fail_at_once(exchange, fault)):
            return failed
        return Delivery(
            Head(status=200, content_type=task.media_type, headers=exchange.headers()),
            task.pieces(),
            fault=fault.kind if fault else None,
            hangs=self._hangs,
        )

    def _fault(self, exchange: _Exchange) -> Fault | None:
        written = exchange.request.headers.get(FAULT_HEADER)
        if self._settings.header_faults and written is not None:
            try:
                return read_fault(written)
            except InvalidInputError as error:
                raise RefusalError(400, "invalid_request_error", str(error)) from error
        return self._settings.faults.get(exchange.host)

    async def _fail_at_once(self, exchange: _Exchange, fault: Fault) -> Response | None:
        """The response of a fault that strikes before an answer begins, else None."""
        match fault.kind:
            case "garbage":
                return exchange.body(GARBAGE)
            case "hang":
                await self._hangs.wait(exchange.request.receive)
                raise exchange.dialect.fault(500)
            case "status":
                raise exchange.dialect.fault(fault.status or 500)
            case "redirect":
                headers = {**exchange.headers(), "location": f"/{exchange.host}/v1/moved"}
                return Response(status_code=307, headers=headers)
            case "hang-mid-stream" | "close-mid-stream" | "garbage-mid-stream":
                return None

    async def _catalogue(self, exchange: _Exchange, _: bytes) -> Answer:
        models = self._settings.models[exchange.host]
        return exchange.body(exchange.dialect.catalogue(exchange.host, models))

    async def _entry(self, exchange: _Exchange, _: bytes) -> Answer:
        model = exchange.request.path_params["model"]
        if model not in self._settings.models[exchange.host]:
            raise exchange.dialect.unknown_model(model)
        return exchange.body(exchange.dialect.entry(exchange.host, model))


def _spoken(request: Request, host: str) -> Dialect:
    """The protocol of a request whose path does not tell it: by host, else by its headers."""
    if host in _ONLY:
        return _ONLY[host][0]
    headers = request.headers
    if "/v1beta/" in request.url.path or "x-goog-api-key" in headers:
        return GEMINI
    return ANTHROPIC if "anthropic-version" in headers or "x-api-key" in headers else OPENAI
