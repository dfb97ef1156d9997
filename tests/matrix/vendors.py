"""Stand-ins for every host that keep each request as it came, byte for byte.

The stand-ins' own log keeps whom a call reached and never what it said, so the
recording stands around their application.
"""

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import msgspec
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from changeover.standin.app import standin_app
from changeover.standin.delivery import Hangs
from changeover.standin.settings import Fault, StandInSettings
from changeover.wiring.model_names import dialects_by_host
from changeover.wiring.scenarios import SHIPPED, read_scenario


class Sent(msgspec.Struct, kw_only=True):
    """A request that a vendor received, with the answer that it got."""

    host: str
    path: str
    body: bytes
    status: int
    answer: bytes = b""

    @property
    def given(self) -> Any:
        """The body's JSON."""
        return msgspec.json.decode(self.body)


class Vendors:
    """The stand-ins, on a thread of their own. `faults` makes a host fail from then on."""

    def __init__(
        self,
        models: dict[str, tuple[str, ...]],
        service_accounts: Mapping[str, str] | None = None,
    ) -> None:
        self.faults: dict[str, Fault] = {}
        self.sent: list[Sent] = []
        self.url = ""
        settings = StandInSettings(
            models=models,
            dialects=dialects_by_host(read_scenario(SHIPPED).directory),
            delay_ms=0,
            faults=self.faults,
            service_accounts=dict(service_accounts or {}),
        )
        self._hangs = Hangs(settings.hang_seconds)
        self._app = standin_app(settings, hangs=self._hangs)
        config = uvicorn.Config(
            self._recorded(self._app), port=0, lifespan="off", log_config=None, access_log=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started and time.monotonic() < until:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hangs.stop()
        self._server.should_exit = True
        self._thread.join(20)

    def _recorded(self, app: ASGIApp) -> ASGIApp:
        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            pieces: list[bytes] = []
            sent: Sent | None = None

            async def received() -> Message:
                message = await receive()
                pieces.append(message.get("body", b""))
                return message

            async def answered(message: Message) -> None:
                nonlocal sent
                if message["type"] == "http.response.start":
                    host, _, path = scope["path"].removeprefix("/").partition("/")
                    body, status = b"".join(pieces), message["status"]
                    sent = Sent(host=host, path=f"/{path}", body=body, status=status)
                    self.sent.append(sent)
                elif sent is not None:
                    sent.answer += message.get("body", b"")
                await send(message)

            await app(scope, received, answered)

        return recorded
