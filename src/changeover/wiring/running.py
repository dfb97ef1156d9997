"""Running an installation: upstreams, journal, gateway, pages and desk."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import structlog
import uvloop
from starlette.applications import Starlette

from changeover import __version__
from changeover.basics.ids import new_id
from changeover.directory.model import Directory, Protocol
from changeover.gateway.batcher import Batcher
from changeover.gateway.call import Gateway, Parts
from changeover.gateway.journal import SegmentJournal
from changeover.identity.secret import Secret
from changeover.standin.server import StandInServer, run_standin
from changeover.standin.settings import StandInSettings
from changeover.storage.drain import CallDrain
from changeover.upstream.discovery import Findings, discover
from changeover.upstream.endpoint import Endpoint
from changeover.upstream.http import HttpUpstream
from changeover.web.access import AccessLog
from changeover.web.gateway import gateway_routes
from changeover.web.pages import page_routes
from changeover.web.server import Listening, listen_at, listen_on
from changeover.web.status import StatusParts, status_routes
from changeover.wire.registry import codec
from changeover.wiring.installation import Installation, open_installation
from changeover.wiring.places import desk_socket, journal_folder
from changeover.wiring.scenarios import SHIPPED, read_scenario

_PROTOCOLS: tuple[Protocol, ...] = ("openai-chat", "anthropic-messages")
_STATIC = Path(__file__).parents[1] / "web" / "static"
_LOCAL_HOST = "house"
_GREATEST_BODY = 10 * 1024 * 1024

Say = Callable[[str], None]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to run. `environment` is where vendors' keys are looked for.

    Port 0 takes a free one. `public_url` None is the address that is listened on.
    `stand_in_url` is where stand-ins run already; without it they run in this
    process. `patience` is how many seconds a vendor may stay silent.
    """

    data: Path
    demonstration: bool
    host: str
    port: int
    public_url: str | None
    stand_ins: bool
    stand_in_url: str | None = None
    patience: float = 60
    fsync: bool
    environment: Mapping[str, str]


def run(options: Options, say: Say) -> None:
    """Runs until SIGINT or SIGTERM, telling what it does through `say`."""
    _log_as_json()
    say(f"Changeover {__version__}")
    say(f"Opening {options.data} …")
    # The port first: a second start should say that it is taken, not that the database is.
    bound = listen_on(options.host, options.port)
    if options.public_url is None:
        public_url = _address(options.host, bound)
        options = msgspec.structs.replace(options, public_url=public_url)
    with open_installation(options.data, demo=options.demonstration) as installation:
        desk = listen_at(desk_socket(options.data))
        try:
            uvloop.run(_serve(options, installation, say, bound, desk))
        finally:
            desk_socket(options.data).unlink(missing_ok=True)
    say("Stopped. Everything is recorded.")


def run_stand_in(*, host: str, port: int, delay_ms: float, log: Path | None, say: Say) -> None:
    """Serves stand-ins for the demonstration's models until told to stop."""
    models = _names_by_host(read_scenario(SHIPPED).directory, ())
    settings = StandInSettings(models=models, delay_ms=delay_ms, log=log)

    def announce(url: str) -> None:
        say(f"Stand-ins listen on {url}: {', '.join(f'{url}/{name}' for name in models)}")

    run_standin(settings, host=host, port=port, announce=announce)


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


async def _serve(
    options: Options,
    installation: Installation,
    say: Say,
    bound: socket.socket,
    desk: socket.socket,
) -> None:
    async with AsyncExitStack() as stack:
        found = await discover(options.environment)
        for words in found.words:
            say(words)
        stand_ins = await _stand_ins(options, installation, found, stack, say)
        upstream = await stack.enter_async_context(HttpUpstream((*found.endpoints, *stand_ins)))
        start = new_id("start")
        journal = await stack.enter_async_context(
            SegmentJournal(journal_folder(options.data), start, fsync=options.fsync)
        )
        drain = CallDrain(
            installation.database, installation.ledger, demonstration=installation.demonstration
        )
        await stack.enter_async_context(Batcher(journal, drain))
        gateway = Gateway(
            Parts(
                rules=installation.office.rules,
                keys=installation.ring,
                upstream=upstream,
                journal=journal,
                codecs={protocol: codec(protocol) for protocol in _PROTOCOLS},
                clock=installation.clock,
                start=start,
                operator=options.public_url,
                local_names=_local_names(found),
            )
        )
        public = _public(installation, gateway, upstream)
        listening = Listening([(AccessLog(public), bound), (installation.desk(), desk)])
        serving = asyncio.create_task(listening.run())
        await listening.started()
        for line in _invitation(options, installation):
            say(line)
        await serving


def _public(installation: Installation, gateway: Gateway, upstream: HttpUpstream) -> Starlette:
    status = StatusParts(
        office=installation.office,
        clock=installation.clock,
        upstream=upstream,
        ledger=installation.ledger_head,
        keys=lambda: sum(key.revoked is None for key in installation.keys.all()),
        version=__version__,
        demonstration=installation.demonstration,
    )
    return Starlette(
        routes=[
            *gateway_routes(gateway, greatest_body=_GREATEST_BODY),
            *status_routes(status),
            *page_routes(_STATIC),
        ]
    )


async def _stand_ins(
    options: Options,
    installation: Installation,
    found: Findings,
    stack: AsyncExitStack,
    say: Say,
) -> list[Endpoint]:
    """Endpoints of stand-ins for every vendor of the directory that nothing was found for."""
    directory = installation.office.directory()
    if not options.stand_ins or directory is None:
        return []
    real = {endpoint.host for endpoint in found.endpoints}
    models = _names_by_host(directory, real)
    if not models:
        return []
    server = await stack.enter_async_context(StandInServer(StandInSettings(models=models)))
    say(f"Stand-ins answer for {', '.join(models)}: they quote what they are given, no more.")
    return [
        Endpoint(
            host=host,
            protocol=protocol,
            base_url=f"{server.url}/{host}",
            credential=Secret("stand-in"),
            stand_in=True,
        )
        for host in models
        for protocol in _PROTOCOLS
    ]


def _names_by_host(directory: Directory, without: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names that each host of the directory knows its models by."""
    left_out = set(without)
    names: dict[str, tuple[str, ...]] = {}
    for route in directory.routes.values():
        if route.host not in left_out:
            names[route.host] = (*names.get(route.host, ()), route.upstream_model)
    return names


def _local_names(found: Findings) -> dict[str, str]:
    """The model that a local server has, under the host that stands for it."""
    return {
        each.endpoint.host: each.models[0]
        for each in found.found
        if each.endpoint.host == _LOCAL_HOST and each.models
    }


def _invitation(options: Options, installation: Installation) -> list[str]:
    ready = [f"Ready: {options.public_url}"]
    if not installation.demonstration:
        if not installation.office.rules.ready:
            ready.append("No directory is recorded yet: `changeover apply DIR` records one.")
        return ready
    now = installation.clock.now().isoformat(timespec="minutes")
    return [
        *ready,
        f"This is a demonstration. Its clock stands at {now}.",
        "Try, in another terminal:",
        "  .venv/bin/changeover keys create treasury-code --by you",
        "  .venv/bin/changeover decide --service treasury-code --model claude-sonnet-4-5",
        "  .venv/bin/changeover scenario play --until 2026-03-03",
        "The README walks through it in ten minutes. Ctrl-C stops.",
    ]
