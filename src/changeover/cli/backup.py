"""`changeover backup` and `changeover restore`: on the database itself, beside a running server.

What does the work is imported when it runs, so that other commands start quickly.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import print_json
from changeover.cli.progress import Progress, amount, progress_option
from changeover.wiring.places import database_url, ledger_key_file

if TYPE_CHECKING:
    from changeover.storage.archive import Manifest


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--without-key", is_flag=True, help="Leave out the ledger's private key.")
@progress_option
@json_option
@remote
def backup(desk: Remote, *, file: Path, without_key: bool, progress: bool, as_json: bool) -> None:
    """Write one state of the installation to FILE, while servers run or not.

    FILE is replaced when the backup is whole. It restores into SQLite and
    PostgreSQL alike. Whoever has it can read everything, and sign with the
    ledger's key if that is in it.
    """
    from changeover.storage.tables import LIVE  # noqa: PLC0415
    from changeover.wiring.backups import write_backup  # noqa: PLC0415

    shown = Progress(asked=progress)
    url = database_url(desk.data, desk.environment)
    manifest = write_backup(desk.data, url, file, with_key=not without_key, progress=shown)
    shown.end()
    if as_json:
        print_json(_plain(manifest, file))
        return
    _print_contents(f"Backed up to {file}", manifest)
    if manifest.key is not None:
        click.echo("The ledger's private key is in it: keep the file as you keep the key.")
    else:
        click.echo(
            "The ledger's private key is not in it: without its file, "
            "nothing can be recorded after a restore."
        )
    click.echo(f"Left out, for they end with the processes: {', '.join(sorted(LIVE))}.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only read FILE to its end and check what it holds.")
@progress_option
@json_option
@remote
def restore(desk: Remote, *, file: Path, check: bool, progress: bool, as_json: bool) -> None:
    """Restore FILE into an empty database, while no server runs on it.

    All of it is restored or nothing. A backup of an earlier version is brought to
    this one's schema.
    """
    from changeover.wiring.backups import check_backup, restore_backup  # noqa: PLC0415

    shown = Progress(asked=progress)
    if check:
        manifest = check_backup(file, shown)
    else:
        url = database_url(desk.data, desk.environment)
        manifest = restore_backup(desk.data, url, file, shown)
    shown.end()
    if as_json:
        print_json(_plain(manifest, file))
        return
    _print_contents(f"{file} holds" if check else f"Restored {file}", manifest)
    key = ledger_key_file(desk.data)
    if check:
        there = "is not" if manifest.key is None else "is"
        click.echo(f"The ledger's private key {there} in it.")
    elif not key.exists():
        click.secho(
            f"The ledger's private key was not in it: put its file to {key} "
            "before the first start, or nothing can be recorded.",
            fg="yellow",
        )


def _print_contents(begins: str, manifest: "Manifest") -> None:
    kind = manifest.installation or "not begun"
    click.secho(
        f"{begins}: {manifest.rows} rows of {len(manifest.tables)} tables, "
        f"{amount(manifest.size)} ({kind}, schema {manifest.schema}, {manifest.at}).",
        fg="green",
    )
    click.echo(f"The ledger has {manifest.ledger.size} entries, root {manifest.ledger.root}")
    if manifest.ledger.fault is not None:
        click.secho(f"The ledger does not hold: {manifest.ledger.fault}", fg="red")


def _plain(manifest: "Manifest", file: Path) -> dict[str, object]:
    return {"file": str(file), "manifest": manifest}
