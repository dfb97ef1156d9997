"""`changeover orders bundle`: records carried to isolated networks and taken in there."""

import base64
from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, by_option, json_option, remote
from changeover.cli.output import local, print_json, print_table

_NEW = click.Path(dir_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NETWORKS = "/desk/networks"


@click.group("bundle")
def bundle() -> None:
    """Carry the record to an isolated network as signed one-way files, and take it in there."""


@bundle.command("export")
@click.argument("file", type=_NEW)
@click.option("--network", required=True, help="The network that it is for.")
@click.option("--whole", is_flag=True, help="Everything, not only what came since the last one.")
@by_option
@json_option
@remote
def export(desk: Remote, file: Path, network: str, by: str, *, whole: bool, as_json: bool) -> None:
    """Write what NETWORK may know of the record into FILE, signed with the ledger's key.

    Nothing of networks that are more secret is in it. Each bundle for a network has the next
    number, and names the one before it.
    """
    if file.exists():
        raise click.UsageError(f"{file} exists already. Name a new file.")
    body = {"network": network, "whole": whole}
    answered = desk.api("POST", f"{_NETWORKS}/exports", by=by, body=body)
    content = base64.b64decode(answered["content"])
    file.write_bytes(content)
    header = answered["header"]
    if as_json:
        print_json({"file": str(file), "header": header})
        return
    kind = "whole" if header["whole"] else "what came since the last"
    click.echo(f"Bundle {header['sequence']} for {network} ({kind}), {len(content)} bytes: {file}")


@bundle.command("import")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Show what would change and import nothing.")
@by_option
@json_option
@remote
def import_(desk: Remote, file: Path, by: str, *, dry_run: bool, as_json: bool) -> None:
    """Import FILE on the network that it is for, after showing what it changes.

    What was altered, comes twice or out of order, is for another network or is not signed by
    a key that the operator trusts (CHANGEOVER_IMPORT_KEYS) is refused, and nothing of it is
    recorded.
    """
    content = file.read_bytes()
    preview = desk.api("POST", f"{_NETWORKS}/preview", by=by, body={"content": content})
    imported: dict[str, Any] | None = None
    if not dry_run:
        body = {"content": content, "seen": preview["seen"]}
        imported = desk.api("POST", f"{_NETWORKS}/imports", by=by, body=body)
    if as_json:
        print_json({"preview": preview, "imported": imported})
        return
    header = preview["header"]
    click.echo(
        f"Bundle {header['sequence']} of {header['source']} for {header['network']}, "
        f"made {header['made']}."
    )
    for change in preview["changes"]:
        click.echo(f"  {change['action']:8} {change['kind']} {change['id']}")
    for one in preview["instruments"]:
        click.echo(f"  order    {one['id']}: {one['title']['en']}")
    for change in preview["services"]:
        before, after = change["outcome_before"] or "-", change["outcome_after"] or "-"
        click.echo(f"  now      {change['service']} {change['slot']}: {before} -> {after}")
    click.echo("Dry run: nothing was imported." if imported is None else "Imported.")


@bundle.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List the networks, with the last bundle for each and the age of the record here."""
    page = desk.api("GET", _NETWORKS)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            line["id"],
            line["level"],
            str(line["rank"]),
            "-" if line["max_age_days"] is None else f"{line['max_age_days']} days",
            line["when_stale"],
            "-" if line["exported"] is None else str(line["exported"]),
        )
        for line in page["networks"]
    ]
    print_table(("network", "level", "rank", "greatest age", "beyond it", "last bundle"), rows)
    if page["imported"] is not None:
        made = local(page["imported"]["made"], page["zone"])
        click.echo(f"The record here came from {page['imported']['source']}, of {made}.")
    if page["verifier"] is not None:
        click.echo(f"Bundles from here are signed by {page['verifier']}")
