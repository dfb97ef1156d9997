"""How far a command is that takes long, told on standard error."""

import sys

import click

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
progress_option = click.option(
    "--progress",
    is_flag=True,
    help="Tell on standard error how far it is (a terminal is told anyway).",
)


class Progress:
    """How far it is: one line that changes on a terminal, lines where it was asked for."""

    def __init__(self, *, asked: bool) -> None:
        self._terminal = sys.stderr.isatty()
        self._silent = not (asked or self._terminal)
        self._said = ""

    def __call__(self, doing: str, done: int, total: int) -> None:
        far = f"{100 * done // total} %" if total else amount(done)
        said = f"{doing}: {far}"
        if self._silent or said == self._said:
            return
        self._said = said
        click.echo(f"\r\x1b[K{said}" if self._terminal else said, err=True, nl=not self._terminal)

    def end(self) -> None:
        """Takes the line off the terminal again."""
        if self._terminal and self._said:
            click.echo("\r\x1b[K", err=True, nl=False)


def amount(size: int) -> str:
    """Bytes in the unit that reads best."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} bytes"
