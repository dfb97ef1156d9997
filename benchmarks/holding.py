"""A model vendor that begins each stream and never ends it: `python -m benchmarks.holding PORT`."""

import asyncio
import sys

import uvloop

from benchmarks.exchange import streamed_answer


class Holding(asyncio.Protocol):
    """One connection: the first event of a stream for whatever is asked."""

    def __init__(self) -> None:
        self._begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - whatever is asked
        if self._begun:
            return
        self._begun = True
        event = next(iter(streamed_answer()))
        head = (
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
        )
        chunk = head + b"\r\n%x\r\n%b\r\n" % (len(event), event)
        self._transport.write(chunk)  # type: ignore[attr-defined]


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(
        Holding, "127.0.0.1", port, backlog=4096
    )
    print("Ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
