"""A bad line between a browser and a server: a proxy for TCP that lets bytes through slowly.

Each direction has a rate that all connections share, and a delay. A lost segment comes one round
trip later, and what follows it on its connection waits for it, as TCP delivers it; losses are drawn
from a seed. A new connection takes a round trip before it carries anything. That windows grow
slowly at first is left out: at 400 kbit/s and 400 ms, ten segments nearly fill the line.

It can also keep back the bodies of some answers until they end, as proxies do that read an answer
whole before they pass it on, and be cut, as in a tunnel, until it is mended.
"""

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec

_SEGMENT = 1_460
_HEAD_ENDS = b"\r\n\r\n"


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """What a line is like; the round trip is in seconds, the loss a share of segments."""

    bits_a_second: int = 400_000
    round_trip: float = 0.4
    loss: float = 0.02


GOOD = Quality(bits_a_second=1_000_000_000, round_trip=0, loss=0)


class _Direction:
    """What all connections share in one direction: the line carries one segment at a time."""

    def __init__(self, quality: Quality, chance: random.Random) -> None:
        self._quality = quality
        self._chance = chance
        self._carrying = asyncio.Lock()
        self.carried = 0

    async def carry(self, size: int) -> float:
        """Returns once the line has taken it: how long until it arrives."""
        async with self._carrying:
            await asyncio.sleep(size * 8 / self._quality.bits_a_second)
        self.carried += size
        lost = self._chance.random() < self._quality.loss
        return self._quality.round_trip * (1.5 if lost else 0.5)


class _Connection:
    """What of a connection's answers is kept back: where one is to be held, all but its head."""

    def __init__(self, held: bytes) -> None:
        self._held = held
        self._holding = False
        self._headed = False
        self._kept = b""

    def asked(self, data: bytes) -> bytes:
        if self._held and data.startswith((b"GET ", b"POST ")):
            self._holding = self._held in data.partition(b"\r\n")[0]
            self._headed = False
        return data

    def answered(self, data: bytes) -> bytes:
        if not self._holding:
            return data
        self._kept += data
        if not data:
            passed, self._kept = self._kept, b""
            return passed
        if self._headed or _HEAD_ENDS not in self._kept:
            return b""
        self._headed = True
        head, ends, self._kept = self._kept.partition(_HEAD_ENDS)
        return head + ends


class SlowLine:
    """Listens on a port of its own from `with`'s begin to its end, and passes on to `to`.

    Answers to requests whose first line has `holding` in it are kept back.
    """

    def __init__(self, to: str, quality: Quality | None = None, *, holding: str = "") -> None:
        address = urlsplit(to)
        self._to = (address.hostname or "", address.port or 80)
        self._quality = quality or Quality()
        self._holding = holding.encode()
        chance = random.Random(7)
        self._up = _Direction(self._quality, chance)
        self._down = _Direction(self._quality, chance)
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.url = ""

    @property
    def received(self) -> int:
        """How many bytes came down the line."""
        return self._down.carried

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Ends every connection, and refuses each that is tried, until `mend`."""
        self._cut = True
        self._loop.call_soon_threadsafe(self._end)

    def mend(self) -> None:
        self._cut = False

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _end(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _close(self) -> None:
        self._end()
        if self._server is not None:
            self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is closed in the loop's next turn

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        ends = {writer}
        passing: list[asyncio.Task[None]] = []
        try:
            await asyncio.sleep(self._quality.round_trip)
            server, upstream = await asyncio.open_connection(*self._to)
            ends.add(upstream)
            self._writers |= ends
            connection = _Connection(self._holding)
            passing += [
                asyncio.create_task(self._pass(reader, upstream, self._up, connection.asked)),
                asyncio.create_task(self._pass(server, writer, self._down, connection.answered)),
            ]
            await asyncio.gather(*passing)
        except (OSError, asyncio.CancelledError):
            pass  # one of the two has gone, and so does the other
        finally:
            for task in passing:
                task.cancel()
            await asyncio.gather(*passing, return_exceptions=True)
            for end in ends:
                end.transport.abort()
            self._writers -= ends

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        direction: _Direction,
        through: Callable[[bytes], bytes],
    ) -> None:
        """One direction of a connection until its sender ends it."""
        due = 0.0
        while True:
            data = await reader.read(_SEGMENT)
            passed = through(data)
            if passed:
                wait = await direction.carry(len(passed))
                # Never the same instant twice: the loop keeps no order within one.
                due = max(due + 1e-6, self._loop.time() + wait)
                self._loop.call_at(due, writer.write, passed)
            if not data:
                break
        await asyncio.sleep(max(0.0, due - self._loop.time()))
        if not writer.is_closing():
            writer.write_eof()
