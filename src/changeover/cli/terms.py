"""`changeover terms`."""

from pathlib import Path
from typing import Any

import click
import msgspec

from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import local, print_json, print_table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def terms() -> None:
    """Vendors' terms: how services fit them, and ODRL in and out."""


@terms.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List vendors' terms and agreements on record."""
    page = desk.api("GET", "/desk/terms")
    if as_json:
        print_json(page["texts"])
        return
    rows = [
        (
            text["line"]["id"],
            text["vendor"],
            text["line"]["kind"],
            text["line"]["status"],
            ", ".join(text["replaces"]) or "-",
        )
        for text in page["texts"]
    ]
    print_table(("terms", "vendor", "kind", "status", "replaces"), rows)


@terms.command("fit")
@click.option("--service", help="Of one service (of all, if not given).")
@click.option("--at", metavar="INSTANT", help="When (now, if not given).")
@click.option("--all-routes", is_flag=True, help="On every route, not only those bound.")
@json_option
@remote
def fit(
    desk: Remote, *, service: str | None, at: str | None, all_routes: bool, as_json: bool
) -> None:
    """Say how services' purposes, networks and data fit their vendors' terms, clause by clause."""
    page = desk.api(
        "GET", "/desk/terms", service=service, at=at, all_routes="true" if all_routes else None
    )
    if as_json:
        print_json(page["fits"])
        return
    rows = [(f["service"], f["slot"], f["route"], f["vendor"], f["verdict"]) for f in page["fits"]]
    print_table(("service", "slot", "route", "vendor", "fit"), rows)
    for one in page["fits"]:
        if one["verdict"] != "permitted":
            click.secho(f"\n{one['service']} ({one['slot']}) on {one['route']}", bold=True)
            for clause in one["clauses"]:
                click.echo(f"  {_clause(clause)}")


@terms.command("changes")
@json_option
@remote
def changes(desk: Remote, *, as_json: bool) -> None:
    """List what new terms changed for services in the last 90 days, and will."""
    page = desk.api("GET", "/desk/terms")
    if as_json:
        print_json(page["changes"])
        return
    rows = [
        (
            local(told["change"]["at"], page["zone"]),
            ", ".join(told["change"]["by"]),
            f"{one['fit']['service']} ({one['fit']['slot']})",
            one["fit"]["route"],
            f"{one['before'] or '-'} → {(one['after'] or {}).get('verdict', '-')}",
        )
        for told in page["changes"]
        for one in told["change"]["changes"]
    ]
    if rows:
        print_table(("when", "terms", "service", "route", "fit"), rows)
    else:
        click.echo("No terms changed how a service fits them.")


@terms.command("export")
@click.argument("name", metavar="TERMS")
@remote
def export(desk: Remote, name: str) -> None:
    """Print terms as ODRL 2.2 in JSON-LD; what it cannot say is told on standard error."""
    answered = desk.api("GET", f"/desk/terms/{part(name)}/odrl")
    for untold in answered["untold"]:
        click.echo(f"Not said in it: {untold}.", err=True)
    print_json(answered["policy"])


@terms.command("import")
@click.argument("file", type=_FILE, metavar="POLICY.jsonld|.ttl")
@click.option("--issuer", help="The vendor's office, where the policy does not tell.")
@click.option("--id", "id_", metavar="ID", help="The id of the terms.")
@by_option
@json_option
@remote
def import_(
    desk: Remote, file: Path, *, issuer: str | None, id_: str | None, by: str, as_json: bool
) -> None:
    """Begin a draft of terms from an ODRL 2.2 policy in JSON-LD or Turtle.

    A rule that has no place in a clause as a whole is left out and told.
    """
    body: dict[str, Any] = {
        "name": file.name,
        "content": file.read_bytes(),
        "issuer": issuer,
        "id": id_,
    }
    answered = desk.api("POST", "/desk/terms/odrl", by=by, body=body)
    if as_json:
        print_json(answered)
        return
    draft = answered["draft"]
    click.echo(f"Began {draft['id']}: changeover orders draft preview {draft['id']}")
    click.echo(msgspec.json.format(msgspec.json.encode(draft["form"]), indent=2).decode())
    for left in answered["left_out"]:
        click.secho(f"! {left['rule']}: {left['why']} {left['words']}".rstrip(), fg="yellow")


def _clause(clause: dict[str, Any]) -> str:
    if clause["role"] == "outside":
        asks = f" (it names {', '.join(clause['asks'])})" if clause["asks"] else ""
        why = f"does not meet it: {clause['outside']}{asks}"
    else:
        why = {
            "decides": f"{clause['modality']}s it",
            "amended": "is amended by an agreement",
            "met": "is met",
            "unmet": "is not met",
        }[clause["role"]]
    return f"{clause['instrument']}/{clause['clause']} {why}: “{clause['words'].strip()}”"
