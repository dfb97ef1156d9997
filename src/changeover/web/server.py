"""Serving ASGI applications: the network's and the desk's, in one event loop."""

import asyncio
import contextlib
import gc
import math
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import uvicorn
from starlette.types import ASGIApp

from changeover.basics.errors import ChangeoverError
from changeover.web.bounded import BoundedProtocol


class ServerError(ChangeoverError):
    """An address cannot be listened on."""

    code = "server"


class _Server(uvicorn.Server):
    """uvicorn's server without its own signal handling, since several run in one loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a server ends: seconds in which it sends clients away, and for what it has begun.

    `begins` is called first, to end the answers that would last.
    """

    drain: float = 0
    grace: float = 10
    begins: Callable[[], None] = lambda: None


class Listening:
    """Applications, each on its bound socket, served until `stop`."""

    def __init__(
        self, served: Sequence[tuple[ASGIApp, socket.socket]], ending: Ending | None = None
    ) -> None:
        self._ending = ending or Ending()
        self._servers = [
            (_Server(_config(app, self._ending.grace)), bound) for app, bound in served
        ]
        self._told = False

    async def run(self) -> None:
        """Serves until `stop`, SIGINT or SIGTERM; answers in flight end first."""
        # What is there by now stays, the compiled record above all. Looking through it for
        # garbage again and again would stop everything for a tenth of a second each time.
        gc.collect()
        gc.freeze()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        await asyncio.gather(*(server.serve(sockets=[bound]) for server, bound in self._servers))

    async def started(self) -> None:
        """Returns once every server accepts connections."""
        for server, _ in self._servers:
            await server.ready.wait()

    def stop(self) -> None:
        """Begins to end; told again, it sends nobody away any more and closes at once."""
        if self._told or not self._ending.drain:
            self._close()
        if not self._told:
            self._told = True
            self._ending.begins()
            asyncio.get_running_loop().call_later(self._ending.drain, self._close)

    def _close(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True


def listen_on(host: str, port: int) -> socket.socket:
    """A TCP socket bound there; `ServerError` when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio sends small answers at once (TCP_NODELAY).
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ServerError(
            f"Changeover cannot listen on {host}:{port}: {error.strerror}.",
            means="Another program has the port, or this machine has no such address.",
            do="Stop that program, or choose another with --port.",
        ) from error
    return bound


def address_of(host: str, bound: socket.socket) -> str:
    """The address that is listened on, as people write it."""
    port = bound.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def listen_at(path: Path) -> socket.socket:
    """A Unix socket at `path` that only this account may open.

    A socket file that a dead process left is replaced: the caller holds the
    database's lock, so no living one can own it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    earlier = os.umask(0o177)
    try:
        bound.bind(str(path))
    finally:
        os.umask(earlier)
    return bound


def _config(app: ASGIApp, grace: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=math.ceil(grace),
    )
