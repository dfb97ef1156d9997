"""`changeover witness`: watch others' ledgers, and sign what they cannot take back."""

from pathlib import Path

import click


@click.group()
def witness() -> None:
    """Watch ledgers of others, and cosign what they say they are (c2sp.org/tlog-witness)."""


_folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("witness"),
    show_default=True,
    help="Where the witness's key and memory are.",
)
_name = click.option("--name", help="The witness's name, when its key is made: HOST/PATH.")


@witness.command("up")
@_folder
@_name
@click.option(
    "--watch",
    "watched",
    multiple=True,
    required=True,
    metavar="VKEY",
    help="The public key of a ledger, as `changeover ledger key` prints it; may be repeated.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8090, show_default=True, help="The port; 0 takes a free one.")
def up(*, folder: Path, name: str | None, watched: tuple[str, ...], host: str, port: int) -> None:
    """Run a witness. It needs nothing else of Changeover, and no database."""
    from changeover.wiring.witness import run_witness  # noqa: PLC0415

    run_witness(folder, watched, name=name, place=(host, port), say=click.echo)


@witness.command("key")
@_folder
@_name
def key(*, folder: Path, name: str | None) -> None:
    """Print the witness's public key; make it first where there is none."""
    from changeover.ledger.witness_folder import witness_key  # noqa: PLC0415

    click.echo(witness_key(folder, name).key)
