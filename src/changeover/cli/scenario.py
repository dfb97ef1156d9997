"""`changeover scenario`: the demonstration's clock."""

import click

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import local, print_json


@click.group()
def scenario() -> None:
    """Move the demonstration's clock."""


@scenario.command("play")
@click.option(
    "--until",
    required=True,
    metavar="INSTANT",
    help="Where the clock goes: a date (00:00 there) or a time, in the scenario's zone.",
)
@json_option
@remote
def play(desk: Remote, until: str, *, as_json: bool) -> None:
    """Issue the scenario's events up to an instant, as they were recorded then."""
    answered = desk.post("/scenario", {"until": until})
    if as_json:
        print_json(answered)
        return
    for issued in answered["issued"]:
        click.echo(f"issued  {issued['id']}: {issued['title']['en']}")
    when = local(answered["until"], answered["zone"])
    click.echo(f"The scenario stands at {when} ({answered['zone']}).")
