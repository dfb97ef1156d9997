"""Running the stand-in: inside another process, or as a command of its own."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import uvicorn

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.standin.app import standin_app
from changeover.standin.calls import CallLog, ReceivedCall
from changeover.standin.delivery import Hangs
from changeover.standin.settings import StandInSettings

_GRACE_SECONDS = 1


class StandInError(ChangeoverError):
    """The stand-in could not be started."""

    code = "standin_failed"


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready and lets hangs go before it waits for them."""

    def __init__(self, config: uvicorn.Config, hangs: Hangs, *, signals: bool) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._hangs = hangs
        self._signals = signals

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to the process that embeds the server."""
        if not self._signals:
            yield
            return
        with super().capture_signals():
            yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hangs.stop()
        await super().shutdown(sockets)


class StandInServer:
    """The stand-in, serving while the `async with` block runs. Installs no signal handlers.

    Port 0 takes a free port; `url` is where it listens, without a slash at the end,
    so that a host's endpoints begin at `{url}/{host}`.
    """

    def __init__(
        self,
        settings: StandInSettings,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._address = (host, port)
        self._clock = clock
        self._log = CallLog(settings.remembered_calls, settings.log)
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.url = ""

    @property
    def calls(self) -> tuple[ReceivedCall, ...]:
        """The calls received, oldest first, as many as are remembered."""
        return self._log.calls

    async def __aenter__(self) -> Self:
        await self._start(signals=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.should_exit = True
        await self.wait()

    async def _start(self, *, signals: bool) -> None:
        """Binds and starts to serve; `StandInError` when the address cannot be had."""
        bound = _bind(*self._address)
        host, port = bound.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        hangs = Hangs(self._settings.hang_seconds)
        app = standin_app(self._settings, clock=self._clock, log=self._log, hangs=hangs)
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = _Server(config, hangs, signals=signals)
        self._task = asyncio.create_task(self._server.serve(sockets=[bound]))
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()

    async def wait(self) -> None:
        """Returns when the server has stopped."""
        if self._task is not None:
            await self._task

    async def run(self, announce: Callable[[str], None]) -> None:
        """Serves until SIGINT or SIGTERM; `announce` is told the address first."""
        await self._start(signals=True)
        announce(self.url)
        await self.wait()


def run_standin(
    settings: StandInSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    announce: Callable[[str], None],
) -> None:
    """Serves the stand-in until the process is told to stop, then returns.

    `announce` is called once with the address when it listens. Raises
    `StandInError` when the address cannot be had.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(StandInServer(settings, host=host, port=port).run(announce))


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio sends small answers at once (TCP_NODELAY).
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise StandInError(
            f"The stand-in cannot listen on {host}:{port}: {error.strerror}.",
            means="Another program has the port, or this machine has no such address.",
            do="Choose another port, or 0 for a free one.",
        ) from error
    return bound
