"""`changeover keys`: the services' API keys."""

import click

from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import print_json, print_table


@click.group()
def keys() -> None:
    """Create, list and revoke the services' API keys."""


@keys.command("create")
@click.argument("service")
@click.option("--slot", help="The service's slot that the key calls (its first, if not given).")
@click.option("--label", default="", help="What the key is for, in a few words.")
@click.option("--expires", metavar="INSTANT", help="When the key ends: a date or a time.")
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
    expires: str | None,
    as_json: bool,
) -> None:
    """Create a key for SERVICE. It is shown once and kept only as a hash."""
    body = {"service": service, "slot": slot, "label": label, "expires": expires, "by": by}
    answered = desk.post("/keys", body)
    if as_json:
        print_json(answered)
        return
    click.echo(answered["key"])
    click.echo(
        f"This key of {answered['service']} (slot {answered['slot']}) is not shown again.", err=True
    )


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
            f"revoked {key['revoked'][:10]}" if key["revoked"] else "valid",
            (key["expires"] or "-")[:10],
            key["label"],
        )
        for key in answered
    ]
    print_table(("key", "service", "slot", "state", "expires", "label"), rows)


@keys.command("revoke")
@click.argument("key")
@by_option
@json_option
@remote
def revoke(desk: Remote, key: str, by: str, *, as_json: bool) -> None:
    """Revoke KEY, named by its prefix. It stops working at once."""
    prefix = key.removeprefix("co_").partition("_")[0]
    answered = desk.post(f"/keys/{part(prefix)}/revocation", {"by": by})
    if as_json:
        print_json(answered)
        return
    click.echo(f"Revoked co_{answered['prefix']}_… of {answered['service']}.")
