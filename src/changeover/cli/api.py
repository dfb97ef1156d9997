"""`changeover api`: any operation of the API from a terminal."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.cli.client import Remote, remote
from changeover.cli.output import print_json

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@click.command("api")
@click.argument("method", type=click.Choice(_METHODS, case_sensitive=False))
@click.argument("path", metavar="/PATH")
@click.option(
    "--body",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE.json|-",
    help="What to send; - reads standard input.",
)
@click.option("--query", multiple=True, metavar="NAME=VALUE", help="May be given several times.")
@click.option(
    "--by", envvar="CHANGEOVER_OFFICER", metavar="NAME", help="Who acts.  [env: CHANGEOVER_OFFICER]"
)
@remote
def api(
    desk: Remote, method: str, path: str, body: Path | None, query: tuple[str, ...], by: str | None
) -> None:
    """Ask an operation of the desk's API, and print its answer as JSON.

    PATH is as in the API's document (GET /api/openapi.json) without /api:
    `changeover api GET /desk/drafts`. What acts needs --by.
    """
    if not path.startswith("/desk/"):
        raise InvalidInputError(
            f"{path} is not of the desk.",
            do="Give a path below /desk/, as the API's document lists them.",
        )
    parameters = dict(_pair(one) for one in query)
    answered = desk.api(method.upper(), path, by=by, body=_read(body), **parameters)
    print_json(answered)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--query takes NAME=VALUE, not {text!r}.")
    return name, value


def _read(body: Path | None) -> Any:
    if body is None:
        return None
    stdin = str(body) == "-"
    content: bytes = sys.stdin.buffer.read() if stdin else body.read_bytes()
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise InvalidInputError(
            f"{body} is not JSON: {error}.", means="Nothing was sent."
        ) from error
