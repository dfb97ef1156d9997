"""Settings on the command line: options made of them, the file that holds them, and a look at all.

A command that only asks checks the file; `up` checks the environment too, before its
options, so that all that is wrong is told at once.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import print_json, print_table
from changeover.wiring.known_settings import BY_NAME, SETTINGS, Setting
from changeover.wiring.reloading import AGAIN
from changeover.wiring.settings import Settings, read_settings

_HELP = frozenset({"-h", "--help"})
_READ = "changeover.settings"


def setting_option(name: str) -> Callable[[Any], Any]:
    """The option of a setting, with its variable, bounds and words."""
    setting = BY_NAME[name]
    dashed = name.replace("_", "-")
    switch = setting.kind == "switch"
    return click.option(
        f"--{dashed}/--no-{dashed}" if switch else f"--{dashed}",
        type=_type(setting),
        default=setting.default,
        show_default=setting.default is not None,
        envvar=setting.variable,
        show_envvar=True,
        help=setting.says,
    )


def _type(setting: Setting) -> click.ParamType[Any] | None:
    match setting.kind:
        case "whole":
            least, most = (
                None if end is None else int(end) for end in (setting.least, setting.most)
            )
            return click.IntRange(least, most)
        case "number":
            return click.FloatRange(setting.least, setting.most)
        case "switch":
            return click.BOOL
        case _:
            return click.STRING


def _from_file(context: click.Context, _: click.Parameter, file: Path | None) -> Path | None:
    """Lays the file's settings under the options of the commands: a variable and an option win."""
    read = read_settings(file, os.environ, whole=False)
    context.meta[_READ] = read
    names = {s.name: g.text for s in SETTINGS if (g := read.given.get(s.variable)) is not None}
    context.default_map = {**names, "up": names}
    return file


file_option = click.option(
    "--settings",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="CHANGEOVER_SETTINGS",
    show_envvar=True,
    is_eager=True,
    callback=_from_file,
    help="A file of settings in TOML; an option and a variable win over it.",
)


def opened(context: click.Context, data: Path, file: Path | None) -> Remote:
    """The desk that the settings lead to; `SettingsError` where the file holds what none is."""
    read: Settings = context.meta[_READ]
    if context.invoked_subcommand not in {"up", "settings"}:
        read.checked()
    return Remote(data, read.environment, file)


class CheckedFirst(click.Command):
    """A command that checks every setting before it looks at its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        desk = ctx.find_object(Remote)
        if desk is not None and not _HELP & {*args}:
            read = read_settings(desk.settings, os.environ).checked()
            for line in read.words:
                click.echo(line, err=True)
        return super().parse_args(ctx, args)


def given_as_options(context: click.Context) -> dict[str, str]:
    """What the command line itself gives, by the settings' variables, as an environment has it."""
    line = ParameterSource.COMMANDLINE
    given = [s for s in SETTINGS if context.get_parameter_source(s.name) is line]
    return {s.variable: _as_text(context.params[s.name]) for s in given}


def _as_text(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case _:
            return str(value)


@click.command("settings")
@json_option
@remote
def settings(desk: Remote, *, as_json: bool) -> None:
    """Check the settings of file and environment, and show what each is and where it stands."""
    read = read_settings(desk.settings, os.environ)
    rows = [_row(setting, read) for setting in SETTINGS]
    if as_json:
        print_json(rows)
    else:
        table = [[row["name"], row["value"], row["from"], row["changes"]] for row in rows]
        print_table(("setting", "value", "from", "a change needs"), table)
        for line in read.words:
            click.echo(line, err=True)
    read.checked()


def _row(setting: Setting, read: Settings) -> dict[str, str]:
    given = read.given.get(setting.variable)
    if given is None or not given.text.strip():
        value, source = "-" if setting.default is None else f"{setting.default}", "-"
    else:
        value, source = setting.shown(given.text), given.source
    changes = "SIGHUP" if setting.variable in AGAIN else "a restart"
    return {"name": setting.name, "value": value, "from": source, "changes": changes}
