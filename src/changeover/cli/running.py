"""`changeover up` and `changeover stand-in`.

What they run is imported when they run, so that other commands start quickly.
"""

import os
import sys
from pathlib import Path

import click

from changeover.cli.client import Remote, remote


@click.command()
@click.option("--demo", is_flag=True, help="Load the demonstration on its scenario clock.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    envvar="CHANGEOVER_HOST",
    show_envvar=True,
    help="The address to listen on; the status and the orders can be read without signing in.",
)
@click.option(
    "--port",
    default=8080,
    show_default=True,
    envvar="CHANGEOVER_PORT",
    show_envvar=True,
    help="Where to listen; 0 takes a free port.",
)
@click.option(
    "--public-url",
    envvar="CHANGEOVER_PUBLIC_URL",
    show_envvar=True,
    help="The address that people and refusals are given (http://HOST:PORT/ if not given).",
)
@click.option(
    "--stand-ins/--no-stand-ins",
    default=None,
    help="Let stand-ins answer for vendors without a key (default: in a demonstration only).",
)
@click.option(
    "--stand-in-url",
    metavar="URL",
    envvar="CHANGEOVER_STAND_IN_URL",
    show_envvar=True,
    help="Where `changeover stand-in` runs already (if not given, stand-ins run in this process).",
)
@click.option(
    "--patience",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    envvar="CHANGEOVER_PATIENCE",
    show_envvar=True,
    help="Seconds of a vendor's silence in a stream; a whole answer may take ten times that.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1, max=256),
    default=1,
    show_default=True,
    envvar="CHANGEOVER_WORKERS",
    show_envvar=True,
    help="Processes that serve on the port; more than one on a database of PostgreSQL only.",
)
@click.option(
    "--drain",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    envvar="CHANGEOVER_DRAIN",
    show_envvar=True,
    help="Seconds in which a replica that stops sends clients to the others.",
)
@click.option(
    "--grace",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    envvar="CHANGEOVER_GRACE",
    show_envvar=True,
    help="Seconds that a server that stops may take to end the answers that it has begun.",
)
@click.option(
    "--lease",
    type=click.FloatRange(min=1, max=60),
    default=10.0,
    show_default=True,
    envvar="CHANGEOVER_LEASE",
    show_envvar=True,
    help="Seconds that a replica may call vendors without hearing the database they share.",
)
@click.option(
    "--most-skew",
    type=click.FloatRange(min=0.001, max=10),
    default=0.05,
    show_default=True,
    envvar="CHANGEOVER_MOST_SKEW",
    show_envvar=True,
    help="Seconds that a replica's clock may be off the shared database's before it calls nobody.",
)
@click.option("--fsync", is_flag=True, help="Sync the journal before every call.")
@remote
def up(
    desk: Remote,
    *,
    demo: bool,
    host: str,
    port: int,
    public_url: str | None,
    stand_ins: bool | None,
    stand_in_url: str | None,
    patience: float,
    workers: int,
    drain: float,
    grace: float,
    lease: float,
    most_skew: float,
    fsync: bool,
) -> None:
    """Run Changeover.

    Uses what it finds, and says so: vendors' keys in the environment, a local
    OpenAI-compatible server, and in a demonstration stand-ins for the rest.
    """
    from changeover.orders.lease import Terms  # noqa: PLC0415
    from changeover.wiring.running import Options, run  # noqa: PLC0415

    options = Options(
        data=desk.data,
        demonstration=demo,
        host=host,
        port=port,
        public_url=public_url,
        stand_ins=demo if stand_ins is None else stand_ins,
        stand_in_url=stand_in_url,
        patience=patience,
        fsync=fsync,
        workers=workers,
        drain=drain,
        grace=grace,
        lease=Terms(seconds=lease, most_skew=most_skew),
        environment=dict(os.environ),
    )
    sys.exit(run(options, say=click.echo))


@click.command("stand-in")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8090, show_default=True, help="Where to listen.")
@click.option("--delay", default=8.0, show_default=True, help="Milliseconds before each event.")
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), help="A file for the calls received."
)
def stand_in(*, host: str, port: int, delay: float, log: Path | None) -> None:
    """Run stand-ins for the demonstration's vendors: faithful endpoints without a model.

    They answer by extraction from what they are given, and say what they are.
    """
    from changeover.wiring.running import run_stand_in  # noqa: PLC0415

    run_stand_in(host=host, port=port, delay_ms=delay, log=log, say=click.echo)
