"""How answers are printed: JSON for programs, short lines and tables for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.basics.yaml_source import Problem


def print_json(value: Any) -> None:
    """Indented JSON on standard output."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_error(error: ChangeoverError) -> None:
    """What happened, what it means and what to do, on standard error."""
    problems: Sequence[Problem] = getattr(error, "problems", ())
    # Such an error's words list its problems too, after a first line.
    what = error.what.partition("\n")[0] if problems else error.what
    click.secho(f"Error: {what}", err=True, fg="red")
    for problem in problems:
        click.echo(f"  {problem.file}:{problem.line}:{problem.column}: {problem.what}", err=True)
        if problem.do:
            click.echo(f"      {problem.do}", err=True)
    faults: Sequence[ChangeoverError] = getattr(error, "faults", ())
    for fault in faults:
        click.echo(f"  {fault.what}", err=True)
        for line in filter(None, (fault.means, fault.do)):
            click.echo(f"      {line}", err=True)
    for line in (error.means, error.do):
        if line:
            click.echo(line, err=True)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    cells = [list(headings), *[list(row) for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    for number, row in enumerate(cells):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.secho(line.rstrip(), bold=number == 0)


def local(instant: str | None, zone: str) -> str:
    """An instant in a zone, to the minute; a dash for none."""
    if instant is None:
        return "-"
    moment = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return moment.strftime("%Y-%m-%d %H:%M")
