"""`changeover reach`."""

from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, file_of, json_option, part, remote
from changeover.cli.output import local, print_json, print_table

_BOUND = ("service", "slot", "party", "route", "now", "deadline", "could be replaced by")
_HELD = ("service", "keys", "conversations")
_CHANGED = ("service", "slot", "party", "route", "from", "because", "could be replaced by")


@click.command()
@click.argument("name", metavar="VENDOR|MODEL|ORDER")
@click.option("--at", metavar="INSTANT", help="As bindings and orders stand then.")
@click.option(
    "--with",
    "with_",
    multiple=True,
    metavar="DRAFT|FILE.yaml",
    help="As if this order were issued: a draft's id, or an instrument's file. May be given "
    "several times; nothing is recorded.",
)
@json_option
@remote
def reach(
    desk: Remote, name: str, *, at: str | None, with_: tuple[str, ...], as_json: bool
) -> None:
    """Show what a vendor, a model or an order touches, and what could replace it.

    Services with their keys and conversations, and the slots that are bound to
    it. With --with, first what such an order would bar: what would be left
    without a lawful replacement before all else.
    """
    if with_:
        body = {"name": name, "at": at, "with": [_added(each) for each in with_]}
        answered = desk.post("/reach", body)
    else:
        answered = desk.get(f"/reach/{part(name)}", at=at)
    if as_json:
        print_json(answered)
        return
    if with_:
        _print_changes(answered)
        answered = answered["touched"]
    _print_touched(name, answered)


def _added(each: str) -> dict[str, Any]:
    path = Path(each)
    return {"file": file_of(path)} if path.suffix in {".yaml", ".yml"} else {"draft": each}


def _print_changes(answered: dict[str, Any]) -> None:
    zone = answered["touched"]["zone"]
    added = ", ".join(answered["added"])
    told = (
        ("stranded", f"Left without a lawful replacement by {added}:", "red"),
        ("barred", f"Barred by {added}, and replaceable:", "yellow"),
        ("freed", f"Freed by {added}:", "green"),
    )
    for field, heading, colour in told:
        if answered[field]:
            click.secho(heading, fg=colour, bold=True)
            print_table(_CHANGED, [_changed(change, zone) for change in answered[field]])
            click.echo()
    if not any(answered[field] for field, *_ in told):
        click.echo(f"{added} would bar and free nothing that is bound to this.\n")
    elif answered["barred"] and not answered["stranded"]:
        click.echo("Everything that would be barred could be replaced lawfully.\n")


def _changed(change: dict[str, Any], zone: str) -> tuple[str, ...]:
    return (
        change["service"],
        change["slot"],
        change["party"],
        change["route"],
        local(change["at"], zone),
        change["because"],
        change["replacement"] or "-",
    )


def _print_touched(name: str, answered: dict[str, Any]) -> None:
    click.secho(f"{name} ({answered['kind']})", bold=True)
    routes = ", ".join(f"{r['route']} ({'/'.join(r['roles'])})" for r in answered["routes"])
    click.echo(f"routes: {routes or 'none'}")
    click.echo(f"parties: {', '.join(answered['parties']) or 'none'}")
    keys, conversations = answered["keys"], answered["conversations"]
    services = sorted({*keys, *conversations})
    if services:
        click.echo()
        rows = [(s, str(keys.get(s, 0)), str(conversations.get(s, 0))) for s in services]
        print_table(_HELD, rows)
    if not answered["slots"]:
        click.echo("No service is bound to it.")
        return
    click.echo()
    print_table(_BOUND, [_bound(slot, answered["zone"]) for slot in answered["slots"]])


def _bound(slot: dict[str, Any], zone: str) -> tuple[str, ...]:
    return (
        slot["service"],
        slot["slot"],
        slot["party"],
        slot["route"],
        slot["outcome"],
        local(slot["deadline"], zone),
        slot["replacement"] or "none",
    )
