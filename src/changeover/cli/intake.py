"""`changeover intake`: from documents to drafts."""

from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import print_json
from changeover.cli.taking_in import take_in

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--address", default="", metavar="URL", help="Where they were found.")
@click.option("--account", metavar="NAME", help="On whose account, where it was a post.")
@json_option
@remote
def intake(
    desk: Remote, files: tuple[Path, ...], address: str, account: str | None, *, as_json: bool
) -> None:
    """Read FILES and propose drafts of instruments, and claims. Issues nothing.

    Text, Markdown, HTML, PDF, Word (.docx) and e-mail (.eml), in English or French. A draft
    becomes an instrument only when a named person issues it with `changeover orders issue
    DRAFT`. Another text from the same --address is a later edit, and is shown beside the
    first. A file that cannot be read is kept as it is, and the command ends with 1.
    """
    answered = take_in(desk, files, {"address": address, "account": account})
    if as_json:
        print_json(answered)
    else:
        _print_found(answered)
    if answered["unread"]:
        raise click.exceptions.Exit(1)


def _print_found(answered: dict[str, Any]) -> None:
    for draft in answered["drafts"]:
        _print_draft(draft)
    for claim in answered["claims"]:
        _print_claim(claim)
    drafts, claims = len(answered["drafts"]), len(answered["claims"])
    if not drafts and answered["documents"]:
        click.echo("No order was found in these documents; the claims are kept.")
    for document in answered["documents"]:
        for note in document["notes"]:
            click.echo(f"{document['document']}: {note}")
        for quote in document["marked"]:
            words = " ".join(quote["text"].split())
            click.echo(f"{document['document']}: may bear an act: {_place(quote)} “{words}”")
    for unread in answered["unread"]:
        click.secho(f"Not read: {unread['what']} {unread['do']}", fg="red", err=True)
    click.echo(f"{drafts} drafts, {claims} claims. Nothing was issued.")


@click.command()
@json_option
@remote
def drafts(desk: Remote, *, as_json: bool) -> None:
    """List the drafts and claims that intake kept, and what the drafts became."""
    answered = {"drafts": desk.get("/drafts"), "claims": desk.get("/claims")}
    if as_json:
        print_json(answered)
        return
    if not answered["drafts"] and not answered["claims"]:
        click.echo("Nothing was taken in yet. Read a document with `changeover intake FILE`.")
    for kept in answered["drafts"]:
        if kept["issued_as"]:
            click.echo(f"issued as {kept['issued_as']}:")
        _print_draft(kept["draft"])
    for claim in answered["claims"]:
        _print_claim(claim)


def _print_draft(draft: dict[str, Any]) -> None:
    click.secho(f"{draft['id']}  {draft['kind']} ({draft['nature']})", bold=True)
    targets = "; ".join(
        f"{name} {', '.join(values)}" for name, values in draft["targets"].items() if values
    )
    scope = draft["scope"]
    parties = ", ".join([*scope.get("parties", ()), *scope.get("regulated", ())])
    click.echo(f"  {draft['issuer'] or 'issuer open'}: {draft['action']} {targets} for {parties}")
    click.echo(f"  from {draft['from'] or 'open'} until {draft['until'] or 'open'}")
    if draft["wind_down"]:
        _print_wind_down(draft["wind_down"])
    quote = draft["quote"]
    click.echo(f"  {_place(quote)} “{' '.join(quote['text'].split())}”\n")


def _place(quote: dict[str, Any]) -> str:
    """Where a quote stands: its offsets in the text, and its page where there are pages."""
    page = f", page {quote['page']}" if quote.get("page") else ""
    return f"[{quote['start']}:{quote['end']}{page}]"


def _print_wind_down(wind_down: dict[str, Any]) -> None:
    click.echo(f"  existing uses until {wind_down['until'] or 'open'}; who has that time:")
    for reading in wind_down["readings"]:
        parties = ", ".join(reading["parties"]) or "everyone in scope"
        click.echo(f"    --reading {reading['id']}: {parties}")


def _print_claim(claim: dict[str, Any]) -> None:
    said, relayed = claim.get("said_by") or "unnamed", claim.get("relayed_by")
    by = f"{said}, relayed by {relayed}" if relayed else said
    quote = claim["quote"]
    click.echo(f"claim ({claim['status']}; {by})")
    click.echo(f"  {_place(quote)} “{' '.join(quote['text'].split())}”\n")
