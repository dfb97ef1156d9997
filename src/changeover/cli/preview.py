"""`changeover orders preview`."""

from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, file_of, json_option, remote
from changeover.cli.output import local, print_json, print_table

_HEADINGS = ("service", "slot", "party", "before", "after", "deadline", "could be replaced by")


@click.command("preview")
@click.argument("order", metavar="ORDER|FILE.yaml")
@click.option("--at-once", is_flag=True, help="As if it took effect as soon as it is issued.")
@json_option
@remote
def preview(desk: Remote, order: str, *, at_once: bool, as_json: bool) -> None:
    """Say what an order would do, without issuing it.

    ORDER is one that stands prepared (in a demonstration, an event to come), or
    a YAML file of an instrument.
    """
    path = Path(order)
    named: dict[str, Any] = {"order": order}
    if path.suffix in {".yaml", ".yml"}:
        named = {"file": file_of(path)}
    answered = desk.post("/previews", {**named, "at_once": at_once})
    if as_json:
        print_json(answered)
        return
    zone = answered["zone"]
    click.secho(f"{answered['title']['en']} ({answered['id']})", bold=True)
    click.echo(f"effective {local(answered['effective'], zone)} ({zone})")
    for words in answered["warnings"]:
        click.secho(f"! {words['en']}", fg="yellow")
    if answered["changes"]:
        click.echo()
        print_table(_HEADINGS, [_row(change, zone) for change in answered["changes"]])
    click.echo(f"\n{answered['unaffected']} other slots stay as they are.")


def _row(change: dict[str, Any], zone: str) -> tuple[str, ...]:
    replacement = change["replacement"]
    return (
        change["service"],
        change["slot"],
        change["party"],
        _standing(change["from"], change["outcome_before"]),
        _standing(change["to"], change["outcome_after"]),
        local(change["deadline"], zone),
        "-" if replacement is None else replacement["name"],
    )


def _standing(model: dict[str, Any] | None, outcome: str | None) -> str:
    return "nothing bound" if model is None else f"{model['name']}, {outcome}"
