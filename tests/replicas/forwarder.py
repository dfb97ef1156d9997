"""A port that forwards to another one, and may stop doing so without closing anything.

What a network does that loses its way: connections stand, and nothing comes through.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

_PIECE = 65_536

Choose = Callable[[], int | None]


class Forwarder:
    """Forwards every connection to the port that `choose` gives then; None closes it.

    Used as a `with` block, it runs in a thread of its own.
    """

    def __init__(self, choose: Choose) -> None:
        self.port = 0
        self._choose = choose
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._open: asyncio.Event
        self._stopping: asyncio.Event

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def cut(self) -> None:
        """Nothing comes through from now on, either way."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def mend(self) -> None:
        """What was held back goes on."""
        self._loop.call_soon_threadsafe(self._open.set)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._open, self._stopping = asyncio.Event(), asyncio.Event()
        self._open.set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=200)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The other side may go, or this forwarder may be stopped, at any point.
        with suppress(OSError, asyncio.CancelledError):
            await self._open.wait()
            port = self._choose()
            if port is not None:
                there, back = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(_PIECE):
                await self._open.wait()
                writer.write(piece)
                await writer.drain()
        finally:
            writer.close()
