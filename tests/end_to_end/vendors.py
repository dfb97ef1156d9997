"""Stand-ins for the vendors outside the server's process, so that they outlive it and remember."""

import asyncio
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from changeover.standin.calls import ReceivedCall
from changeover.standin.server import StandInServer
from changeover.standin.settings import Fault, StandInSettings
from changeover.wiring.model_names import dialects_by_host
from changeover.wiring.scenarios import SHIPPED, read_scenario


class Vendors:
    """Stand-ins for every host of the demonstration, on a thread of their own.

    `faults` may be changed while they run: it makes a host fail from then on. `more` are
    models of a host beyond the demonstration's.
    """

    def __init__(
        self,
        *,
        delay_ms: float = 0.0,
        hang_seconds: float = 30.0,
        more: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.faults: dict[str, Fault] = {}
        self.url = ""
        self._server = StandInServer(
            StandInSettings(
                models=_names_by_host(more or {}),
                dialects=dialects_by_host(read_scenario(SHIPPED).directory),
                delay_ms=delay_ms,
                faults=self.faults,
                hang_seconds=hang_seconds,
            )
        )
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._stop: Any = None

    @property
    def calls(self) -> list[ReceivedCall]:
        """The calls received, oldest first."""
        return list(self._server.calls)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._thread.join(20)

    async def _run(self) -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stopped.set)
        async with self._server as server:
            self.url = server.url
            self._ready.set()
            await stopped.wait()


def _names_by_host(more: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = dict(more)
    for route in read_scenario(SHIPPED).directory.routes.values():
        names[route.host] = (*names.get(route.host, ()), route.upstream_model)
    return names
