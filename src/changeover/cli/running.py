"""`changeover up` and `changeover stand-in`.

What they run is imported when they run, so that other commands start quickly.
"""

import os
import sys
from functools import partial
from pathlib import Path

import click

from changeover.cli.client import Remote, remote
from changeover.cli.settings import CheckedFirst, given_as_options, setting_option
from changeover.wiring.settings import read_settings


@click.command(cls=CheckedFirst)
@click.option("--demo", is_flag=True, help="Load the demonstration on its scenario clock.")
@setting_option("host")
@setting_option("port")
@setting_option("public_url")
@setting_option("stand_ins")
@setting_option("stand_in_url")
@setting_option("patience")
@setting_option("workers")
@setting_option("drain")
@setting_option("grace")
@setting_option("lease")
@setting_option("most_skew")
@setting_option("fsync")
@click.pass_context
@remote
def up(
    desk: Remote,
    context: click.Context,
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
    fsync: bool | None,
) -> None:
    """Run Changeover.

    Uses what it finds, and says so: vendors' keys in the environment, a local
    OpenAI-compatible server, and in a demonstration stand-ins for the rest.
    """
    from changeover.orders.lease import Terms  # noqa: PLC0415
    from changeover.wiring.running import Options, run  # noqa: PLC0415

    given = given_as_options(context)
    options = Options(
        data=desk.data,
        demonstration=demo,
        host=host,
        port=port,
        public_url=public_url,
        stand_ins=demo if stand_ins is None else stand_ins,
        stand_in_url=stand_in_url,
        patience=patience,
        fsync=bool(fsync),
        workers=workers,
        drain=drain,
        grace=grace,
        lease=Terms(seconds=lease, most_skew=most_skew),
        environment={**desk.environment, **given},
        reread=partial(read_settings, desk.settings, dict(os.environ)),
        fixed=frozenset(given),
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
    from changeover.wiring.stand_ins import run_stand_in  # noqa: PLC0415

    run_stand_in(host=host, port=port, delay_ms=delay, log=log, say=click.echo)
