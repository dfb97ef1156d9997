"""`changeover orders draft`, and the entries that wait for another officer."""

from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import local, print_json, print_table
from changeover.orders.beginning import DraftAct

_ACTS = get_args(DraftAct)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DRAFTS = "/desk/drafts"


@click.group("draft")
def draft() -> None:
    """Write instruments step by step, see what they would do, and enter them."""


@draft.command("begin")
@click.argument("act", type=click.Choice(_ACTS), metavar="ACT")
@click.option("--about", metavar="ORDER", help="The order that it is done to.")
@click.option("--intake", metavar="DRAFT", help="Begin from what was read in a document.")
@by_option
@json_option
@remote
def begin(
    desk: Remote, act: str, about: str | None, intake: str | None, *, by: str, as_json: bool
) -> None:
    """Begin a draft of an ACT with what can be known filled in.

    ACT is one of order, designation, authorisation, agreement, memo, terms, freeze; or,
    done to an order: stay, decline, lift, vacate, amend, sign, supersede, rescind, request,
    waive, renew, delegate, find, judge, confirm.
    """
    body = {"act": act, "about": about, "intake": intake}
    _print(desk.api("POST", _DRAFTS, by=by, body=body), as_json=as_json)


@draft.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List the drafts that were not removed."""
    answered = desk.api("GET", _DRAFTS)
    if as_json:
        print_json(answered)
        return
    rows = [
        (d["id"], d["act"], d["instrument"] or "-", d["state"], d["changed_by"], _problems(d))
        for d in answered
    ]
    if rows:
        print_table(("draft", "act", "instrument", "state", "last written by", "problems"), rows)
    else:
        click.echo("There are no drafts. `changeover orders draft begin ACT` begins one.")


@draft.command("show")
@click.argument("name", metavar="DRAFT")
@json_option
@remote
def show(desk: Remote, name: str, *, as_json: bool) -> None:
    """Show a draft: its form, and what is wrong where."""
    _print(desk.api("GET", f"{_DRAFTS}/{part(name)}"), as_json=as_json)


@draft.command("write")
@click.argument("name", metavar="DRAFT")
@click.argument("file", type=_FILE, metavar="FORM.json")
@by_option
@json_option
@remote
def write(desk: Remote, name: str, file: Path, *, by: str, as_json: bool) -> None:
    """Write a draft's whole form from a JSON file.

    `changeover orders draft show DRAFT --json` prints it under `form`. What another
    officer wrote since the draft was last shown to you is in `changeover orders draft
    versions`.
    """
    where = f"{_DRAFTS}/{part(name)}"
    seen = desk.api("GET", where)["version"]
    body = {"version": seen, "form": _form(file)}
    _print(desk.api("PUT", where, by=by, body=body), as_json=as_json)


@draft.command("versions")
@click.argument("name", metavar="DRAFT")
@remote
def versions(desk: Remote, name: str) -> None:
    """Print every version of a draft as JSON: who wrote it, when, and its form."""
    print_json(desk.api("GET", f"{_DRAFTS}/{part(name)}/versions"))


@draft.command("preview")
@click.argument("name", metavar="DRAFT")
@click.option("--at-once", is_flag=True, help="As if it took effect as soon as it is issued.")
@json_option
@remote
def preview(desk: Remote, name: str, *, at_once: bool, as_json: bool) -> None:
    """Say what a draft would do, and what would still bar what it frees."""
    found = _preview(desk, name, at_once=at_once)
    if as_json:
        print_json(found)
        return
    _say_problems(found["problems"])
    if found["preview"] is None:
        return
    for words in found["preview"]["warnings"]:
        click.secho(f"! {words['en']}", fg="yellow")
    changes = [
        (c["service"], c["slot"], c["outcome_before"] or "-", c["outcome_after"] or "-")
        for c in found["preview"]["changes"]
    ]
    if changes:
        print_table(("service", "slot", "before", "after"), changes)
    click.echo(f"{found['preview']['unaffected']} other slots stay as they are.")
    for still in found["still_barred"]:
        orders = ", ".join(order["id"] for order in still["by"]) or still["because"]
        click.echo(
            f"{still['service']} on {still['route']} would still be {_outcome(still)}: {orders}."
        )
    if found["refusals"]:
        click.secho("As it is, it cannot be entered.", fg="red")


@draft.command("enter")
@click.argument("name", metavar="DRAFT")
@click.option("--at-once", is_flag=True, help="Let it take effect as soon as it is confirmed.")
@by_option
@json_option
@remote
def enter(desk: Remote, name: str, *, at_once: bool, by: str, as_json: bool) -> None:
    """Enter a draft: it waits for another officer (a freeze is in force at once)."""
    found = _preview(desk, name, at_once=at_once)
    body = {"version": found["version"], "at_once": at_once, "seen": found["seen"]}
    answered = desk.api("POST", f"{_DRAFTS}/{part(name)}/entry", by=by, body=body)
    if as_json:
        print_json(answered)
    elif answered["issued"]:
        click.echo(f"Issued {answered['instrument']}.")
    else:
        name = answered["instrument"]
        click.echo(f"Entered {name}. Another confirms it: changeover orders entry confirm {name}")


@draft.command("remove")
@click.argument("name", metavar="DRAFT")
@by_option
@json_option
@remote
def remove(desk: Remote, name: str, *, by: str, as_json: bool) -> None:
    """Remove a draft; `restore` undoes it."""
    _settle(desk, name, "removal", by=by, as_json=as_json)


@draft.command("restore")
@click.argument("name", metavar="DRAFT")
@by_option
@json_option
@remote
def restore(desk: Remote, name: str, *, by: str, as_json: bool) -> None:
    """Restore a draft that was removed."""
    _settle(desk, name, "restoration", by=by, as_json=as_json)


@click.group("entry")
def entry() -> None:
    """What waits for another officer: list, confirm, withdraw."""


@entry.command("list")
@json_option
@remote
def entries(desk: Remote, *, as_json: bool) -> None:
    """List what was entered and waits, and what stands prepared."""
    answered = desk.api("GET", "/desk/prepared")
    if as_json:
        print_json(answered)
        return
    rows = [
        (p["id"], p["kind"], p["state"], p["entered_by"] or "-", local(p["entered"], "UTC"))
        for p in answered
    ]
    print_table(("instrument", "kind", "state", "entered by", "entered (UTC)"), rows)


@entry.command("confirm")
@click.argument("name", metavar="INSTRUMENT")
@by_option
@json_option
@remote
def confirm(desk: Remote, name: str, *, by: str, as_json: bool) -> None:
    """Confirm what another officer entered, which issues it."""
    path = f"/desk/prepared/{part(name)}/confirmation"
    answered = desk.api("POST", path, by=by, body={})
    if as_json:
        print_json(answered)
    else:
        click.echo(f"Issued {answered['issued']}.")


@entry.command("withdraw")
@click.argument("name", metavar="INSTRUMENT")
@by_option
@json_option
@remote
def withdraw(desk: Remote, name: str, *, by: str, as_json: bool) -> None:
    """Take back what was entered; a draft can be written on then."""
    path = f"/desk/prepared/{part(name)}/withdrawal"
    answered = desk.api("POST", path, by=by, body={})
    if as_json:
        print_json(answered)
    else:
        click.echo(f"Withdrew {answered['id']}.")


def _settle(desk: Remote, name: str, what: str, *, by: str, as_json: bool) -> None:
    where = f"{_DRAFTS}/{part(name)}"
    body = {"version": desk.api("GET", where)["version"]}
    _print(desk.api("POST", f"{where}/{what}", by=by, body=body), as_json=as_json)


def _preview(desk: Remote, name: str, *, at_once: bool) -> Any:
    path = f"{_DRAFTS}/{part(name)}/preview"
    return desk.api("GET", path, at_once="true" if at_once else "false")


def _form(file: Path) -> Any:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InvalidInputError(
            f"{file} does not hold a form as JSON: {error}.", means="Nothing was written."
        ) from error


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    click.secho(f"{found['id']} ({found['act']}, {found['state']})", bold=True)
    click.echo(msgspec.json.format(msgspec.json.encode(found["form"]), indent=2).decode())
    _say_problems(found["problems"])


def _say_problems(problems: list[dict[str, str]]) -> None:
    for problem in problems:
        click.secho(f"! {problem['path']}: {problem['what']} {problem['do']}".rstrip(), fg="yellow")


def _problems(found: dict[str, Any]) -> str:
    return str(len(found["problems"])) if found["state"] == "open" else "-"


def _outcome(still: dict[str, Any]) -> str:
    return "refused" if still["outcome"] == "refuse" else "allowed only for a time"
