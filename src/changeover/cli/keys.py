"""`changeover keys`: the services' API keys."""

from collections.abc import Mapping
from typing import Any

import click

from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import print_json, print_table
from changeover.cli.replicas import echo_enforcement

_SCOPES = ("chat", "models")
_STATES = {
    "valid": "valid",
    "expires-soon": "expires soon",
    "replaced": "replaced",
    "expired": "expired",
    "revoked": "revoked",
}

expires_option = click.option(
    "--expires",
    metavar="INSTANT",
    help="When the key ends: a date, a time, or a duration from now such as 90d.",
)


@click.group()
def keys() -> None:
    """Create, list, rotate and revoke the services' API keys."""


@keys.command("create")
@click.argument("service")
@click.option("--slot", help="The service's slot that the key calls (its first, if not given).")
@click.option("--label", default="", help="What the key is for, in a few words.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(_SCOPES),
    multiple=True,
    default=_SCOPES,
    show_default=True,
    help="What the key may do: call models, list models. Give it again for another.",
)
@expires_option
@by_option
@json_option
@remote
def create(
    desk: Remote,
    service: str,
    by: str,
    *,
    slot: str | None,
    label: str,
    scopes: tuple[str, ...],
    expires: str | None,
    as_json: bool,
) -> None:
    """Create a key for SERVICE. It is shown once and kept only as a hash."""
    body = {"service": service, "slot": slot, "label": label, "expires": expires, "by": by}
    answered = desk.post("/keys", {**body, "scopes": scopes})
    if as_json:
        print_json(answered)
        return
    _show_new(answered)


@keys.command("rotate")
@click.argument("key")
@click.option(
    "--overlap",
    metavar="DURATION",
    default="7d",
    show_default=True,
    help="How long the old key goes on working, such as 7d, 12h or 30m; 0 ends it at once.",
)
@expires_option
@by_option
@json_option
@remote
def rotate(
    desk: Remote, key: str, by: str, *, overlap: str, expires: str | None, as_json: bool
) -> None:
    """Create a key in the place of KEY, named by its prefix. Both work for the overlap."""
    body = {"overlap": overlap, "expires": expires, "by": by}
    answered = desk.post(f"/keys/{part(_prefix(key))}/rotation", body)
    if as_json:
        print_json(answered)
        return
    _show_new(answered)
    old = answered["old"]
    click.echo(f"The old key, co_{old['prefix']}_…, ends at {old['expires']}.", err=True)


@keys.command("list")
@click.option("--service", help="Only this service's keys.")
@json_option
@remote
def list_(desk: Remote, *, service: str | None, as_json: bool) -> None:
    """List keys, revoked ones too. Secrets are not kept, so none are shown."""
    answered = desk.get("/keys", service=service)
    if as_json:
        print_json(answered)
        return
    if not answered:
        click.echo("No keys yet. Create one with `changeover keys create SERVICE`.")
        return
    rows = [
        (
            f"co_{key['prefix']}_…",
            key["service"],
            key["slot"],
            ", ".join(key["scopes"]),
            _state(key),
            (key["expires"] or "-")[:16].replace("T", " "),
            key["label"],
        )
        for key in answered
    ]
    print_table(("key", "service", "slot", "scopes", "state", "expires (UTC)", "label"), rows)


@keys.command("revoke")
@click.argument("key")
@by_option
@json_option
@remote
def revoke(desk: Remote, key: str, by: str, *, as_json: bool) -> None:
    """Revoke KEY, named by its prefix. It stops working at once."""
    answered = desk.post(f"/keys/{part(_prefix(key))}/revocation", {"by": by})
    if as_json:
        print_json(answered)
        return
    click.echo(f"Revoked co_{answered['prefix']}_… of {answered['service']}.")
    echo_enforcement(answered["enforcement"])


def _prefix(key: str) -> str:
    """What names the key, so that no more of it travels than that."""
    return key.removeprefix("co_").partition("_")[0]


def _show_new(answered: Mapping[str, Any]) -> None:
    """The key alone on standard output, for a shell to take; the rest beside it."""
    click.echo(answered["key"])
    click.echo(
        f"This key of {answered['service']} (slot {answered['slot']}) is not shown again.", err=True
    )


def _state(key: Mapping[str, Any]) -> str:
    words = _STATES[key["state"]]
    if key["revoked"]:
        words += f" {key['revoked'][:10]}"
    if key["replaced_by"]:
        by = f"by co_{key['replaced_by']}_…"
        words += f" {by}" if key["state"] == "replaced" else f", replaced {by}"
    return words
