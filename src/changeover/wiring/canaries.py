"""Canaries over an installation: against a sink on this machine, and told to the ledger."""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
import structlog

from changeover.basics.errors import ChangeoverError
from changeover.gateway.canaries import Canaries, Canary, barred_routes
from changeover.gateway.parts import Parts
from changeover.gateway.refusal import Refusal
from changeover.ledger.controls import CanaryTold
from changeover.upstream.http import HttpUpstream
from changeover.upstream.sink import Sink
from changeover.upstream.waits import Timeouts
from changeover.web.api import Operation, Stream
from changeover.web.evidencing import EvidenceParts, operations
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import BY_NAME
from changeover.wiring.packing import Packing
from changeover.wiring.stand_ins import stand_ins

_FIRST = 600.0
"""Seconds after its start in which a server has other things to do."""
_ITSELF = "the server itself"
_HOURS = BY_NAME["canary_hours"]
_log = structlog.stdlib.get_logger()
_PATIENCE = Timeouts(connect=5, first_token=5, whole_answer=5, between_tokens=5, total=10)


class SinkCanaries:
    """Implements `web.evidencing.CanaryMaker` with the rules and the lease of `parts`."""

    def __init__(self, installation: Installation, parts: Parts) -> None:
        self._installation = installation
        self._parts = parts

    async def make(self, routes: Sequence[str], *, by: str) -> list[Canary]:
        """Canaries of these routes, each an entry of the ledger when this returns."""
        directory = self._parts.rules.current.directory
        hosts = {directory.routes[route].host for route in routes}
        async with Sink() as sink:
            endpoints = stand_ins(sink.url, hosts, directory)
            async with HttpUpstream(endpoints, _PATIENCE) as upstream:
                parts = msgspec.structs.replace(self._parts, upstream=upstream, health=None)
                made = await Canaries(parts, lambda: sink.reached).of(routes)
        await asyncio.to_thread(self._tell, made, by)
        return made

    def _tell(self, made: Sequence[Canary], by: str) -> None:
        installation, now = self._installation, self._installation.clock.now()
        with installation.works.begin() as work:
            for canary in made:
                fields = msgspec.structs.asdict(canary) | {"start": self._parts.start, "by": by}
                work.tell("canary", now, msgspec.structs.asdict(CanaryTold(**fields)))


async def tried_by_itself(
    installation: Installation, parts: Parts, environment: Mapping[str, str]
) -> None:
    """Makes canaries of the barred routes again and again, as the setting has it."""
    hours = float(environment.get(_HOURS.variable) or str(_HOURS.default))
    if not hours:
        return
    canaries = SinkCanaries(installation, parts)
    await asyncio.sleep(min(_FIRST, hours * 3600))
    while True:
        try:
            await _try_barred(installation, canaries)
        except (ChangeoverError, Refusal) as error:
            _log.warning("canaries_not_made", why=str(error))
        await asyncio.sleep(hours * 3600)


async def _try_barred(installation: Installation, canaries: SinkCanaries) -> None:
    rules = installation.office.rules
    if rules.ready:
        routes = await asyncio.to_thread(barred_routes, rules.current, installation.clock.now())
        if routes:
            await canaries.make(routes, by=_ITSELF)


def evidencing(installation: Installation, parts: Parts) -> list[Operation | Stream]:
    """Packs and canaries, where a server runs."""
    return operations(
        EvidenceParts(
            office=installation.office,
            clock=installation.clock,
            canaries=SinkCanaries(installation, parts),
            packs=Packing(installation),
            works=installation.works,
            demonstration=installation.demonstration,
        )
    )
