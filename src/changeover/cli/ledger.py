"""`changeover ledger`: verify the record without trusting the server.

What verifies is imported when it runs, so that other commands start quickly.
"""

import sys
from pathlib import Path

import click

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import print_json


@click.group()
def ledger() -> None:
    """Verify the ledger; take its newest checkpoint and its public key."""


@ledger.command("verify")
@click.option(
    "--known",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint kept outside: the ledger must still contain it.",
)
@click.option("--vkey", help="The public key to trust (the installation's own, if not given).")
@json_option
@remote
def verify(desk: Remote, *, known: Path | None, vkey: str | None, as_json: bool) -> None:
    """Prove that no recorded entry was altered, or say where the first one was.

    Reads the database itself, whether or not a server runs. Ends with status 1
    when something does not hold.
    """
    from changeover.wiring.proof import verify_ledger  # noqa: PLC0415

    result = verify_ledger(
        desk.data, known=None if known is None else known.read_bytes(), vkey=vkey
    )
    if as_json:
        print_json(result)
    elif result["ok"]:
        click.secho(f"The ledger holds: {result['size']} entries.", fg="green")
        click.echo(f"root {result['root']}")
        for kind, count in sorted(result["kinds"].items()):
            click.echo(f"  {kind}: {count}")
    else:
        click.secho(f"The ledger does not hold: {result['fault']['what']}", fg="red")
        click.echo(f"where: {result['fault']['where']}")
    sys.exit(0 if result["ok"] else 1)


@ledger.command("key")
@remote
def key(desk: Remote) -> None:
    """Print the public key, to be kept outside for `verify --vkey`."""
    from changeover.ledger.keys import load  # noqa: PLC0415
    from changeover.wiring.places import ledger_key_file  # noqa: PLC0415

    click.echo(load(ledger_key_file(desk.data)).verifier)


@ledger.command("checkpoint")
@remote
def checkpoint(desk: Remote) -> None:
    """Print the newest checkpoint, a signed note to be kept outside."""
    from changeover.wiring.proof import newest_checkpoint  # noqa: PLC0415

    click.echo(newest_checkpoint(desk.data), nl=False)
