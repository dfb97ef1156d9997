"""A sink: a server on this machine that reads what is sent to it and answers nothing.

It stands where a vendor would, for canaries. It counts the requests of which it read a byte.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

_READ = 64 * 1024


class Sink:
    """Use it as an async context manager; `url` is its address then."""

    def __init__(self) -> None:
        self.reached = 0
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._swallow, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _swallow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            self.reached += bool(await reader.read(_READ))
        writer.close()
