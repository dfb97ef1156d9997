"""The access log: one line per request, without contents or credentials."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from changeover.basics.clock import monotonic

_QUIET = ("/healthz", "/readyz", "/api/status", "/api/orders", "/assets/")
_TOLD = {
    b"changeover-call": "call",
    b"changeover-route": "route",
    b"changeover-decision": "decision",
}


class AccessLog:
    """Wraps an application; polls of health and status are not logged when they succeed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("changeover.access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = monotonic()
        told: dict[str, object] = {"status": 0}

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                for name, value in message.get("headers", ()):
                    if name in _TOLD:
                        told[_TOLD[name]] = value.decode("ascii", "replace")
            await send(message)

        try:
            await self._app(scope, receive, observed)
        finally:
            quiet = scope["path"].startswith(_QUIET) and told["status"] in {200, 304}
            if not quiet:
                self._log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    milliseconds=round((monotonic() - began) * 1000, 1),
                    **told,
                )
