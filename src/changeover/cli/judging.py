"""`changeover orders judge`."""

from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, by_option, file_of, json_option, part, remote
from changeover.cli.output import print_json
from changeover.cli.replicas import echo_enforcement

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("judge")
@click.argument("order")
@click.option("--service", required=True, help="The service whose use is judged.")
@click.option("--existing", is_flag=True, help="It existed, and goes on.")
@click.option("--new", is_flag=True, help="It is a new use, and stays refused.")
@click.option("--purpose", "purposes", multiple=True, help="Only for this purpose.")
@click.option("--route", "routes", multiple=True, help="Only on this route.")
@click.option("--issuer", help="Who judges it, if not the order's own issuer.")
@click.option("--source", type=_FILE, help="The text that the judgement rests on.")
@click.option("--confirmed-by", metavar="NAME", help="The second officer, where it existed.")
@by_option
@json_option
@remote
def judge(
    desk: Remote,
    order: str,
    by: str,
    *,
    service: str,
    existing: bool,
    new: bool,
    purposes: tuple[str, ...],
    routes: tuple[str, ...],
    issuer: str | None,
    source: Path | None,
    confirmed_by: str | None,
    as_json: bool,
) -> None:
    """Judge whether a service's use under ORDER is an existing one, or new.

    For all its purposes and routes, unless some are named. What awaits a judgement
    is listed by `changeover orders awaiting`. That a use existed needs the text
    that it rests on and a second officer.
    """
    if existing == new:
        raise click.UsageError("Say --existing or --new, one of the two.")
    body: dict[str, Any] = {
        "service": service,
        "result": "existing" if existing else "new",
        "purposes": purposes,
        "routes": routes,
        "issuer": issuer,
        "by": by,
        "confirmed_by": confirmed_by,
    }
    if source is not None:
        body["source"] = file_of(source)
    answered = desk.post(f"/orders/{part(order)}/judgement", body)
    if as_json:
        print_json(answered)
        return
    click.echo(f"Issued {answered['instrument']['id']}: {answered['instrument']['title']['en']}")
    echo_enforcement(answered["enforcement"])
