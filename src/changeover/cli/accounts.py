"""`changeover accounts`: the people who can sign in."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import print_json, print_table

_SOURCES = {"local": "here", "sign-on": "sign-on", "provisioned": "provisioning"}
_ROLES = ("staff", "officer", "operator", "auditor", "administrator")


@click.group()
def accounts() -> None:
    """Create, list, disable and remove people's accounts."""


@accounts.command("create")
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option("--party", required=True, help="The party that the person belongs to.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(_ROLES),
    multiple=True,
    required=True,
    help="What the person may do; give it again for another role.",
)
@click.option(
    "--language",
    type=click.Choice(("en", "fr")),
    default="en",
    show_default=True,
    help="The language that the account is addressed in.",
)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from the first line of standard input instead of asking for it.",
)
@by_option
@json_option
@remote
def create(
    desk: Remote,
    login: str,
    by: str,
    *,
    name: str,
    party: str,
    roles: tuple[str, ...],
    language: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Create an account that signs in as LOGIN. Its password is asked for, twice."""
    body = {
        "login": login,
        "name": name,
        "party": party,
        "roles": roles,
        "language": language,
        "password": _password(from_stdin=password_stdin),
        "by": by,
    }
    answered = desk.post("/accounts", body)
    if as_json:
        print_json(answered)
        return
    click.echo(f"Created {answered['login']}, {', '.join(answered['roles'])} of {party}.")


@accounts.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List accounts, disabled ones too."""
    answered = desk.get("/accounts")
    if as_json:
        print_json(answered)
        return
    if not answered:
        click.echo("No accounts yet. Create one with `changeover accounts create LOGIN`.")
        return
    rows = [
        (
            account["login"],
            account["name"],
            account["party"],
            ", ".join(account["roles"]) or "-",
            _SOURCES[account["source"]],
            _state(account),
        )
        for account in answered
    ]
    print_table(("login", "name", "party", "roles", "from", "state"), rows)


@accounts.command("disable")
@click.argument("login")
@by_option
@json_option
@remote
def disable(desk: Remote, login: str, by: str, *, as_json: bool) -> None:
    """Disable the account of LOGIN. Its sessions end at once."""
    answered = desk.post(f"/accounts/{part(login)}/disablement", {"by": by})
    if as_json:
        print_json(answered)
        return
    click.echo(f"Disabled {answered['login']}. Whoever was signed in with it no longer is.")


@accounts.command("remove")
@click.argument("login")
@click.option(
    "--end-keys", is_flag=True, help="Revoke the keys, too, that were created under this name."
)
@by_option
@json_option
@remote
def remove(desk: Remote, login: str, by: str, *, end_keys: bool, as_json: bool) -> None:
    """Remove the account of LOGIN. What must be kept stays, without the person's name."""
    body = {"by": by, "end_keys": end_keys}
    answered = desk.post(f"/accounts/{part(login)}/removal", body)
    if as_json:
        print_json(answered)
        return
    click.echo(f"Removed {login}. What is kept is under {answered['account']['id']}.")
    for prefix in answered["ended_keys"]:
        click.echo(f"Revoked co_{prefix}_…")
    for prefix in answered["other_keys"]:
        click.echo(f"co_{prefix}_… was created under the same name, and goes on.")


def _state(account: Mapping[str, Any]) -> str:
    if account["removed"]:
        return f"removed {account['removed'][:10]}"
    if account["disabled"]:
        return f"disabled {account['disabled'][:10]}"
    return "active" if account["roles"] else "no role"


def _password(*, from_stdin: bool) -> str:
    """The new account's password. Never an argument: those are seen by every process."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
