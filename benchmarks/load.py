"""The load generator: HTTP/1.1 over raw streams, connections kept, every answer checked.

Two kinds of load:

* *Full*: every connection calls again as soon as it was answered. Tells how many
  calls a second a system bears.
* *Paced*: calls begin at instants fixed before, spread over the connections. A
  call whose connection was still busy then counts from its own instant, so that
  a slow system cannot hide its queue by being asked less (Tene, "How NOT to
  Measure Latency", 2015). A wake-up that came late is the generator's own
  fault and not counted.

A streamed call's latency is that of its first event.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from benchmarks.exchange import Exchange

_LIMIT = 1024 * 1024
_GRACE_SECONDS = 1.0
_PATIENCE = 30.0
_CHUNKS_END = b"\r\n0\r\n\r\n"


class System(msgspec.Struct, frozen=True, kw_only=True):
    """Something that answers the exchanges: where it listens, and the key it wants."""

    name: str
    port: int
    key: str
    pid: int

    def request(self, exchange: Exchange) -> bytes:
        fields: Mapping[str, str | int] = {
            "host": f"127.0.0.1:{self.port}",
            "authorization": f"Bearer {self.key}",
            "content-type": "application/json",
            "accept": "*/*",
            "content-length": len(exchange.body),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"POST {exchange.path} HTTP/1.1\r\n{head}\r\n".encode() + exchange.body


class _Connection:
    """One kept connection, calling the same thing over and over."""

    def __init__(self, system: System, exchange: Exchange) -> None:
        self._port = system.port
        self._request = system.request(exchange)
        self._exchange = exchange

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, limit=_LIMIT
        )

    async def call(self) -> float:
        """One call; the instant of its answer (of its first event, for a stream)."""
        self._writer.write(self._request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        if b"\r\ntransfer-encoding: chunked" in head:
            body = await self._reader.readuntil(b"\n\n")
            answered = time.perf_counter()
            body += await self._reader.readuntil(_CHUNKS_END)
        else:
            length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            body = await self._reader.readexactly(int(length))
            answered = time.perf_counter()
        self._exchange.check(status, body)
        return answered

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@asynccontextmanager
async def _opened(
    system: System, exchange: Exchange, count: int
) -> AsyncIterator[list[_Connection]]:
    async with AsyncExitStack() as stack:
        connections = [_Connection(system, exchange) for _ in range(count)]
        for connection in connections:
            await connection.open()
            stack.push_async_callback(connection.close)
        yield connections


async def full(
    system: System, exchange: Exchange, *, connections: int, seconds: float
) -> tuple[int, float]:
    """How many calls were answered with all connections busy, and how many that is a second."""

    async def keep_calling(connection: _Connection, until: float) -> int:
        calls = 0
        while time.perf_counter() < until:
            await connection.call()
            calls += 1
        return calls

    async with (
        asyncio.timeout(seconds + _PATIENCE),
        _opened(system, exchange, connections) as opened,
    ):
        began = time.perf_counter()
        counts = await asyncio.gather(*(keep_calling(each, began + seconds) for each in opened))
        elapsed = time.perf_counter() - began
    return sum(counts), sum(counts) / elapsed


async def paced(
    system: System, exchange: Exchange, *, rate: float, connections: int, seconds: float
) -> list[float]:
    """The latencies, in seconds, of calls that begin `rate` times a second."""
    latencies: list[float] = []

    async def keep_pace(connection: _Connection, due: float, until: float) -> None:
        # A system that fell behind is not waited for: its latencies tell already.
        while due < until and time.perf_counter() < until + _GRACE_SECONDS:
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            since = due if wait <= 0 else time.perf_counter()
            latencies.append(await connection.call() - since)
            due += connections / rate

    async with (
        asyncio.timeout(seconds + _PATIENCE),
        _opened(system, exchange, connections) as opened,
    ):
        began = time.perf_counter()
        await asyncio.gather(
            *(
                keep_pace(each, began + index / rate, began + seconds)
                for index, each in enumerate(opened)
            )
        )
    return latencies
