"""`changeover orders freeze` and `confirm`."""

from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, by_option, file_of, json_option, part, remote
from changeover.cli.output import local, print_json
from changeover.cli.replicas import echo_enforcement

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("freeze")
@click.argument("name", metavar="VENDOR|MODEL")
@click.option("--issuer", required=True, help="The office in whose name it is barred.")
@click.option(
    "--party",
    "parties",
    multiple=True,
    required=True,
    help="Who stops; give it for each.",
)
@click.option(
    "--hours", type=int, default=72, show_default=True, help="When it ends by itself, from now."
)
@click.option("--finish", is_flag=True, help="Let answers that are on their way come to their end.")
@by_option
@json_option
@remote
def freeze(
    desk: Remote,
    name: str,
    by: str,
    *,
    issuer: str,
    parties: tuple[str, ...],
    hours: int,
    finish: bool,
    as_json: bool,
) -> None:
    """Bar a VENDOR or MODEL at once, on one person's entry, in an emergency.

    Of a vendor, all that it makes, hosts or resells. A freeze is provisional: it
    ends by itself unless another person confirms it (`changeover orders confirm`).
    """
    body: dict[str, Any] = {
        "name": name,
        "issuer": issuer,
        "parties": parties,
        "hours": hours,
        "in_flight": "finish" if finish else "cut",
        "by": by,
    }
    answered = desk.post("/freezes", body)
    if as_json:
        print_json(answered)
        return
    instrument, zone = answered["instrument"], answered["zone"]
    for words in answered["warnings"]:
        click.secho(f"! {words['en']}", fg="yellow")
    click.echo(f"Issued {instrument['id']}: {instrument['title']['en']}")
    echo_enforcement(answered["enforcement"])
    click.echo(f"It ends by itself at {local(instrument['provisional_until'], zone)} ({zone}).")
    click.echo(f"For it to last, another person: changeover orders confirm {instrument['id']}")


@click.command("confirm")
@click.argument("freeze", metavar="FREEZE")
@click.option("--issuer", help="Who confirms it, if not the freeze's own issuer.")
@click.option("--source", type=_FILE, help="The text that the confirmation rests on.")
@by_option
@json_option
@remote
def confirm(
    desk: Remote, freeze: str, by: str, *, issuer: str | None, source: Path | None, as_json: bool
) -> None:
    """Have FREEZE last beyond its hours: another person than the one who entered it.

    It can be confirmed until it ends by itself; from then on a new order is due.
    """
    body: dict[str, Any] = {"by": by, "issuer": issuer}
    if source is not None:
        body["source"] = file_of(source)
    answered = desk.post(f"/orders/{part(freeze)}/confirmation", body)
    if as_json:
        print_json(answered)
        return
    click.echo(f"Issued {answered['instrument']['id']}: {answered['instrument']['title']['en']}")
    echo_enforcement(answered["enforcement"])
