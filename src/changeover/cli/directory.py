"""`changeover apply`: the directory from YAML files."""

from pathlib import Path

import click

from changeover.cli.client import Remote, by_option, file_of, json_option, remote
from changeover.cli.output import print_json


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Show the difference and record nothing.")
@by_option
@json_option
@remote
def apply(desk: Remote, folder: Path, by: str, *, dry_run: bool, as_json: bool) -> None:
    """Record the directory that the YAML files of DIR hold.

    Shows the difference from what stands first. Applying the same files again
    changes nothing. A mistake is told with its file and line, and then nothing
    is recorded.
    """
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    paths = [path for path in paths if path.name not in {"scenario.yaml", "scenario.yml"}]
    if not paths:
        raise click.UsageError(f"{folder} holds no .yaml file.")
    body = {"files": [file_of(path) for path in paths], "by": by, "dry_run": dry_run}
    answered = desk.post("/directory", body)
    if as_json:
        print_json(answered)
        return
    for change in answered["changes"]:
        click.echo(f"{change['action']:8} {change['kind']} {change['id']}")
        for field in change.get("fields", ()):
            click.echo(f"           {field['field']}: {field['before']!r} → {field['after']!r}")
    if not answered["changes"]:
        click.echo("Nothing to change: the record holds this directory already.")
    elif dry_run:
        click.echo("Dry run: nothing was recorded.")
    else:
        click.echo(f"Recorded {len(answered['changes'])} changes.")
