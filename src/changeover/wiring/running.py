"""Running an installation: upstreams, journal, gateway, pages and desk."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import structlog
import uvloop
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp

from changeover import __version__
from changeover.basics.errors import ChangeoverError, InvalidInputError
from changeover.basics.ids import new_id
from changeover.gateway.batcher import Batcher
from changeover.gateway.call import Gateway, GatewayParts
from changeover.gateway.health import Health
from changeover.gateway.journal import SegmentJournal
from changeover.gateway.parts import Parts
from changeover.gateway.serving import Serving
from changeover.ledger.sequencing import SequencerLoop
from changeover.orders.explain import in_words
from changeover.orders.lease import Terms
from changeover.orders.ruleset import Ruleset
from changeover.storage.drain import CallDrain
from changeover.upstream.discovery import discover
from changeover.upstream.http import HttpUpstream
from changeover.web.access import AccessLog
from changeover.web.draining import Draining
from changeover.web.events import Streams
from changeover.web.gateway import gateway_routes, left_early, not_routed
from changeover.web.pages import page_routes
from changeover.web.server import Ending, Listening, address_of, listen_at, listen_on
from changeover.web.status import StatusParts, status_routes
from changeover.wire.registry import codec, passage
from changeover.wiring.administration import administration
from changeover.wiring.api import api
from changeover.wiring.canaries import evidencing, tried_by_itself
from changeover.wiring.checkpoints import kept_checkpoints
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.egress import ways
from changeover.wiring.endpoints import Endpoints
from changeover.wiring.going import Going
from changeover.wiring.installation import Installation, open_installation
from changeover.wiring.joining import joined
from changeover.wiring.life import told_life
from changeover.wiring.making_once import making_once
from changeover.wiring.metering import metering
from changeover.wiring.model_names import local_dialects, local_names
from changeover.wiring.monitoring import Watched, monitored
from changeover.wiring.operating import operating
from changeover.wiring.patience import health_terms, timeouts
from changeover.wiring.places import database_url, desk_socket, is_shared, journal_folder
from changeover.wiring.prices import open_prices
from changeover.wiring.reloading import Reloading, Running, takers, told
from changeover.wiring.settings import Settings
from changeover.wiring.stand_ins import standing_in
from changeover.wiring.suggesting import suggestion_operations
from changeover.wiring.tiles import served_tiles
from changeover.wiring.translations import talks_and_translates
from changeover.wiring.ways import post, postman_of
from changeover.wiring.workers import Inherited, Workers, command
from changeover.wiring.wrapping import open_wrapping

_STATIC = Path(__file__).parents[1] / "web" / "static"
_REVIEW_EVERY = 0.5
_GREATEST_BODY = 10 * 1024 * 1024
_BACKLOG = 2048
# Seconds after which a thread that waits is let in. The threads that renew the lease and
# drain calls wait for the loop at every answer of the database: at Python's own five
# milliseconds an order would take many times that to come into force under load.
_SWITCH_SECONDS = 0.0005

Say = Callable[[str], None]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to run. `environment` holds all settings, those of the command line too.

    Port 0 takes a free one. `public_url` None is the address that is listened on.
    `stand_in_url` is where stand-ins run already; without it they run in this
    process. `patience` is how many seconds a vendor may stay silent. `lease` and more
    than one of `workers` matter where several processes share a database. A server
    that is told to stop sends clients away for `drain` seconds where there are other
    replicas, and has `grace` seconds to end what it has begun. `reread` gives the settings
    as they stand now, where they can be read again; `fixed` are those of the command line.
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
    lease: Terms = Terms()
    workers: int = 1
    drain: float = 0
    grace: float = 60
    environment: Mapping[str, str]
    reread: Callable[[], Settings] | None = None
    fixed: frozenset[str] = frozenset()


def run(options: Options, say: Say) -> int:
    """Runs until SIGINT or SIGTERM, telling what it does through `say`; the exit status."""
    _log_as_json()
    sys.setswitchinterval(_SWITCH_SECONDS)
    inherited = Inherited.of(options.environment)
    if inherited is None and options.workers > 1:
        return _run_workers(options, say)
    if inherited is not None and not inherited.speaks:
        say = _unsaid
    say(f"Changeover {__version__}")
    say(f"Opening {options.data} …")
    # The port first: a second start should say that it is taken, not that the database is.
    bound = listen_on(options.host, options.port) if inherited is None else inherited.bound()
    opened = open_installation(options.data, options.environment, demo=options.demonstration)
    with opened as installation:
        if installation.database.shared:
            uvloop.run(_serve(options, installation, say, bound, None))
        else:
            desk = listen_at(desk_socket(options.data))
            try:
                uvloop.run(_serve(options, installation, say, bound, desk))
            finally:
                desk_socket(options.data).unlink(missing_ok=True)
    say("Stopped. Everything is recorded.")
    return 0


def _run_workers(options: Options, say: Say) -> int:
    if not is_shared(database_url(options.data, options.environment)):
        raise InvalidInputError(
            f"{options.workers} workers cannot share a database file of SQLite.",
            means="Nothing was started.",
            do="Name a database of PostgreSQL in CHANGEOVER_DATABASE_URL, or run one worker.",
        )
    bound = listen_on(options.host, options.port)
    bound.listen(_BACKLOG)
    return Workers(command(), bound, options.workers, say, partial(_faults, options)).run()


def _faults(options: Options) -> list[str]:
    """What is wrong with the settings as they stand now; empty where they can be used."""
    try:
        if options.reread is not None:
            options.reread().checked()
    except ChangeoverError as error:
        return told(error)
    return []


def _tell_parent(options: Options, listening: Listening) -> None:
    """Tells the parent of a worker that it serves, and looks after the parent."""
    if (inherited := Inherited.of(options.environment)) is not None:
        inherited.serves()
        asyncio.get_running_loop().add_reader(inherited.parent, _orphaned, inherited, listening)


def _orphaned(inherited: Inherited, listening: Listening) -> None:
    """The parent is gone: a worker that nobody watches gives the port back."""
    asyncio.get_running_loop().remove_reader(inherited.parent)
    listening.stop()


def _drain(installation: Installation) -> CallDrain:
    """Where concluded calls go."""
    return CallDrain(
        installation.database,
        installation.sequencer,
        demonstration=installation.demonstration,
        shown=installation.office.note_calls,
    )


def _say_all(lines: Iterable[str], say: Say) -> None:
    for line in lines:
        say(line)


def _unsaid(_: str) -> None:
    """For a worker whose words would repeat another's."""


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
    desk: socket.socket | None,
) -> None:
    """`desk` is where commands are answered; None where they go to the database themselves."""
    address = (options.public_url or address_of(options.host, bound)).rstrip("/") + "/"
    async with AsyncExitStack() as stack:
        found = await discover(options.environment)
        _say_all(found.words, say)
        directory = installation.office.directory() if options.stand_ins else None
        stand_ins = await standing_in(directory, found, options.stand_in_url, stack)
        upstream = HttpUpstream((), timeouts(options.patience), ways=ways(options.environment))
        await stack.enter_async_context(upstream)
        endpoints = Endpoints(upstream, installation.credentials, found, stand_ins, say)
        installation.credentials.subscribe(endpoints.reload)
        endpoints.reload()
        stack.enter_context(SequencerLoop(installation.sequencer))
        start = new_id("start")
        replica = stack.enter_context(
            joined(installation, start, options.lease, installation.catch_up)
        )
        journal = await stack.enter_async_context(
            SegmentJournal(journal_folder(options.data), start, fsync=options.fsync)
        )
        await stack.enter_async_context(told_life(installation, journal))
        metered = await stack.enter_async_context(metering(installation, start))
        await stack.enter_async_context(
            Batcher(journal, _drain(installation), killed=metered.killed)
        )
        parts = Parts(
            rules=installation.office.rules,
            upstream=upstream,
            journal=journal,
            codec=codec,
            passage=passage,
            clock=installation.clock,
            lease=replica.lease,
            meter=metered.meter,
            prices=open_prices(options.environment, installation.office.directory(), say),
            start=start,
            operator=address,
            local_names=local_names(found, installation.office.directory(), say),
            local_dialects=local_dialects(found),
            health=Health(health_terms(options.environment)),
        )
        serving = Serving(parts)
        watched = Watched(installation, serving, journal, replica.lease, upstream.address)
        stack.enter_context(monitored(options.environment, watched, say))
        operated = await stack.enter_async_context(operating(installation, watched, start))
        postman = postman_of(installation, options.environment)
        trying = tried_by_itself(installation, parts, options.environment)
        _beside(stack, _review(serving, installation), post(postman), trying)
        await stack.enter_async_context(kept_checkpoints(installation, start))
        once = await stack.enter_async_context(
            making_once(installation, options.environment, start)
        )
        gateway = Gateway(
            GatewayParts(
                serving=serving,
                keys=installation.ring,
                codec=codec,
                passage=passage,
                clock=installation.clock,
                wrapping=open_wrapping(installation.database),
                once=once,
            )
        )
        streams = Streams()
        said = await stack.enter_async_context(
            talks_and_translates(installation, serving, upstream, start)
        )
        served_only = suggestion_operations(installation, serving) + evidencing(installation, parts)
        administered = administration(installation, upstream) + operated.operations(upstream)
        operations = api(installation, streams, address, [*said, *administered, *served_only])
        going = Going(replica, streams)
        public = Draining(AccessLog(_public(installation, gateway, upstream, going, operations)))
        going.subscribe(public.begin)
        at_desk = [] if desk is None else [(desk_of(installation, served_only), desk)]
        served: list[tuple[ASGIApp, socket.socket]] = [(public, bound), *at_desk]
        away = options.drain if installation.database.shared else 0
        ending = Ending(drain=away, grace=options.grace, begins=going.begin)
        listening = Listening(served, ending)
        _reload(options, Running(installation, endpoints, upstream, serving.health, postman), say)
        running = asyncio.create_task(listening.run())
        await listening.started()
        replica.serve(address)
        _tell_parent(options, listening)
        _say_all(_invitation(address, installation), say)
        await running


def _reload(options: Options, running: Running, say: Say) -> None:
    """Has SIGHUP read the settings again, where there is anything to read."""
    if options.reread is not None:
        Reloading(options.reread, options.environment, takers(running), say).listen(options.fixed)


async def _review(serving: Serving, installation: Installation) -> None:
    """Reviews the answers on their way when the rules change, and as the clock passes instants."""
    changed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look_again(_: Ruleset) -> None:
        loop.call_soon_threadsafe(changed.set)

    installation.office.rules.subscribe(look_again)
    serving.in_flight.subscribe(changed.set)
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), serving.in_flight.wait(_REVIEW_EVERY))
        changed.clear()
        if installation.office.rules.ready:
            serving.in_flight.review()


def _beside(stack: AsyncExitStack, *works: Coroutine[object, object, None]) -> None:
    """Goes on with these until the stack is left."""
    for work in works:
        stack.push_async_callback(_stop, asyncio.create_task(work))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _public(
    installation: Installation,
    gateway: Gateway,
    upstream: HttpUpstream,
    going: Going,
    operations: list[Route],
) -> Starlette:
    status = StatusParts(
        office=installation.office,
        clock=installation.clock,
        upstream=upstream,
        ledger=installation.ledger_head,
        keys=lambda: sum(key.revoked is None for key in installation.keys.all()),
        version=__version__,
        demonstration=installation.demonstration,
        lapsed=going.replica.lease.lapsed,
        apart=lambda: going.replica.apart,
        stopping=lambda: going.begun,
    )
    return Starlette(
        routes=[
            *gateway_routes(gateway, greatest_body=_GREATEST_BODY),
            *status_routes(status),
            *operations,
            *served_tiles(installation),
            *page_routes(_STATIC),
        ],
        exception_handlers={HTTPException: not_routed(gateway), ClientDisconnect: left_early},
    )


def _invitation(address: str, installation: Installation) -> list[str]:
    ready = [f"Ready: {address}"]
    if not installation.demonstration:
        if not installation.office.rules.ready:
            ready.append("No directory is recorded yet: `changeover apply DIR` records one.")
        return ready
    zone = ZoneInfo(installation.office.rules.current.directory.zone)
    now = in_words(installation.clock.now(), zone, "en")
    return [
        *ready,
        f"This is a demonstration. Its clock stands at {now} ({zone.key}).",
        "Try, in another terminal:",
        "  .venv/bin/changeover keys create treasury-code --by you",
        "  .venv/bin/changeover decide --service treasury-code --model claude-sonnet-4-5",
        "  .venv/bin/changeover scenario play --until 2026-03-03",
        "The README walks through it in ten minutes. Ctrl-C stops.",
    ]
