"""`changeover provisioning`: what lets the organisation's directory keep accounts here (SCIM)."""

import click

from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import print_json, print_table


@click.group()
def provisioning() -> None:
    """Create, list and revoke tokens of provisioning clients (SCIM 2.0)."""


@provisioning.command("create")
@click.option("--label", default="", help="Which client it is for, in a few words.")
@by_option
@json_option
@remote
def create(desk: Remote, by: str, *, label: str, as_json: bool) -> None:
    """Create a token. It is shown once and kept only as a hash."""
    answered = desk.post("/provisioning", {"label": label, "by": by})
    if as_json:
        print_json(answered)
        return
    click.echo("This token is not shown again. Its address is /scim/v2.", err=True)
    click.echo(answered["token"])


@provisioning.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List tokens, revoked ones too."""
    answered = desk.get("/provisioning")
    if as_json:
        print_json(answered)
        return
    if not answered:
        click.echo("No tokens yet. Create one with `changeover provisioning create`.")
        return
    rows = [
        (
            f"cop_{token['prefix']}_…",
            f"revoked {token['revoked'][:10]}" if token["revoked"] else "valid",
            token["created"][:10],
            token["created_by"],
            token["label"],
        )
        for token in answered
    ]
    print_table(("token", "state", "created", "by", "label"), rows)


@provisioning.command("revoke")
@click.argument("token")
@by_option
@json_option
@remote
def revoke(desk: Remote, token: str, by: str, *, as_json: bool) -> None:
    """Revoke the token with this prefix, at once."""
    prefix = token.removeprefix("cop_").partition("_")[0]
    answered = desk.post(f"/provisioning/{part(prefix)}/revocation", {"by": by})
    if as_json:
        print_json(answered)
        return
    click.echo(f"Revoked cop_{answered['prefix']}_…")
