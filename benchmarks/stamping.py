"""A model vendor whose streams begin with the instant of their first word: `… stamping PORT`."""

import asyncio
import sys
from collections.abc import Iterator

import uvloop

from benchmarks.exchange import stamped_event
from benchmarks.upstream import Vendor
from changeover.basics.clock import this_moment

_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_REST_AFTER_SECONDS = 0.1


class Stamping(Vendor):
    """One connection: the stamp at once, the prepared answer a little later."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: Iterator[bytes] | None = None

    def _go_on(self, events: Iterator[bytes]) -> None:
        if events is self._begun:
            super()._go_on(events)
            return
        self._begun = events
        next(events)  # it has the head, which goes with the stamp
        event = stamped_event(this_moment().wall / 1_000_000)
        if self._transport is not None:
            self._transport.write(_HEAD + b"%x\r\n%b\r\n" % (len(event), event))
            self._loop.call_later(_REST_AFTER_SECONDS, self._go_on, events)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Stamping, "127.0.0.1", port)
    print("Ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
