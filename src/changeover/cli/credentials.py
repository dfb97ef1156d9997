"""`changeover credentials`: the vendors' credentials that calls are sent with."""

import sys

import click

from changeover.cli.client import Remote, by_option, json_option, remote
from changeover.cli.output import print_json, print_table
from changeover.directory.model import PROTOCOLS

_STATES = {
    "in-use": "in use",
    "environment-wins": "not used: the environment wins",
    "cannot-be-opened": "cannot be opened: set it anew",
}

_LARGEST = 64 * 1024

protocol_option = click.option(
    "--protocol",
    type=click.Choice(PROTOCOLS),
    required=True,
    help="The protocol in which the host is called.",
)


@click.group()
def credentials() -> None:
    """Set, list and remove vendors' credentials, kept encrypted."""


@credentials.command("set")
@click.argument("host")
@protocol_option
@click.option(
    "--base-url",
    metavar="URL",
    help="The host's address, as the protocol's SDK takes it (if not given, the vendor's own).",
)
@click.option(
    "--stdin",
    "from_stdin",
    is_flag=True,
    help="Read the credential from standard input instead of asking for it: its first line, "
    "or all of a service account's JSON key.",
)
@by_option
@json_option
@remote
def set_(
    desk: Remote,
    host: str,
    by: str,
    *,
    protocol: str,
    base_url: str | None,
    from_stdin: bool,
    as_json: bool,
) -> None:
    """Set the credential for HOST, the part of a route after the @. It is asked for unseen."""
    body = {"host": host, "protocol": protocol, "base_url": base_url, "by": by}
    answered = desk.post("/credentials", {**body, "credential": _credential(from_stdin=from_stdin)})
    if as_json:
        print_json(answered)
        return
    click.echo(f"Set the credential for {host} ({protocol}), sent to {answered['base_url']}.")
    if answered["state"] == "environment-wins":
        click.echo("The environment of the server holds another, which wins.", err=True)


@credentials.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List credentials, those in the environment too. Of each, four characters at most are told."""
    answered = desk.get("/credentials")
    if as_json:
        print_json(answered)
        return
    if not answered:
        click.echo("No credentials yet. Set one with `changeover credentials set HOST`.")
        return
    rows = [
        (
            line["host"],
            line["protocol"],
            line["base_url"],
            line["source"],
            f"…{line['ending']}" if line["ending"] else "-",
            line["set_by"] or "-",
            (line["set_at"] or "-")[:16].replace("T", " "),
            _STATES[line["state"]],
        )
        for line in answered
    ]
    headings = ("host", "protocol", "address", "source", "ends", "set by", "set at (UTC)", "state")
    print_table(headings, rows)


@credentials.command("remove")
@click.argument("host")
@protocol_option
@by_option
@json_option
@remote
def remove(desk: Remote, host: str, by: str, *, protocol: str, as_json: bool) -> None:
    """Remove the stored credential for HOST."""
    body = {"host": host, "protocol": protocol, "by": by}
    answered = desk.post("/credentials/removal", body)
    if as_json:
        print_json(answered)
        return
    click.echo(f"Removed the credential for {host} ({protocol}). Nothing is sent with it any more.")


@credentials.command("reseal")
@json_option
@remote
def reseal(desk: Remote, *, as_json: bool) -> None:
    """Seal every stored credential anew, with the first of the installation's secrets."""
    answered = desk.post("/credentials/reseal", {})
    if as_json:
        print_json(answered)
        return
    left = [line for line in answered if line["state"] == "cannot-be-opened"]
    click.echo(f"Sealed {len(answered) - len(left)} anew.")
    for line in left:
        click.echo(f"{line['host']} ({line['protocol']}) cannot be opened and stays.", err=True)


def _credential(*, from_stdin: bool) -> str:
    """The credential. Never an argument: those are seen by every process."""
    if from_stdin:
        given = sys.stdin.read(_LARGEST)
        return given if given.lstrip().startswith("{") else given.partition("\n")[0].rstrip("\r")
    asked: str = click.prompt("Credential", hide_input=True)
    return asked
