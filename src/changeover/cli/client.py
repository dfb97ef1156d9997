"""Speaking to the desk: over the running server's socket, or in process when none runs."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import httpx2
import msgspec

from changeover.basics.errors import ChangeoverError, InvalidInputError
from changeover.basics.yaml_source import Problem
from changeover.identity.people import OFFICER_HEADER
from changeover.wiring.places import database_url, desk_socket, is_shared

_TIMEOUT = 300.0


class DeskError(ChangeoverError):
    """What the desk answered instead of a result; `problems` are places in files."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told["what"], means=told.get("means", ""), do=told.get("do", ""))
        self.code = told.get("code", "error")
        self.problems = msgspec.convert(told.get("problems", ()), tuple[Problem, ...])


class DeskUnreachableError(ChangeoverError):
    """The running server did not give an answer that can be read."""

    code = "desk_unreachable"

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            means="Whether an act was recorded is not known.",
            do="See what stands (`changeover orders list`, `changeover keys list`) and what the "
            "server logged, then try again.",
        )


class Remote:
    """The desk of one data folder, under an environment and maybe a file of settings."""

    def __init__(
        self,
        data: Path,
        environment: Mapping[str, str] | None = None,
        settings: Path | None = None,
    ) -> None:
        self.data = data
        self.environment = dict(os.environ) if environment is None else environment
        self.settings = settings

    @property
    def serving(self) -> bool:
        """Whether a server runs that commands are answered by."""
        shared = is_shared(database_url(self.data, self.environment))
        return not shared and desk_socket(self.data).exists()

    def get(self, path: str, **parameters: str | None) -> Any:
        """The JSON that the desk answers to a question."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return self._ask("GET", path, params=given)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that the desk answers to an act; bytes in `body` travel as base64."""
        return self._ask("POST", path, content=msgspec.json.encode(body))

    def api(
        self,
        method: str,
        path: str,
        *,
        by: str | None = None,
        body: Any = None,
        **parameters: str | None,
    ) -> Any:
        """The JSON that an operation of the API answers to a person who is named."""
        given = {name: value for name, value in parameters.items() if value is not None}
        headers = {} if by is None else {OFFICER_HEADER: quote(by, safe="")}
        content = None if body is None else msgspec.json.encode(body)
        return self._ask(method, path, params=given, headers=headers, content=content)

    def text(self, path: str, **parameters: str | None) -> str:
        """The text that the desk answers to a question, as it stands."""
        given = {name: value for name, value in parameters.items() if value is not None}
        text: str = self._ask("GET", path, read=_read_text, params=given)
        return text

    def _ask(
        self,
        method: str,
        path: str,
        *,
        read: Callable[[httpx2.Response], Any] | None = None,
        **request: Any,
    ) -> Any:
        read = read or _read
        url = _url(path)
        socket = desk_socket(self.data)
        # Beside replicas on a database that they share, a command is one more of them.
        if not self.serving:
            return self._ask_in_process(method, url, read, **request)
        try:
            transport = httpx2.HTTPTransport(uds=str(socket))
            with httpx2.Client(transport=transport, timeout=_TIMEOUT) as client:
                return read(client.request(method, url, **request))
        except httpx2.ConnectError:
            return self._ask_in_process(method, url, read, **request)
        except httpx2.TimeoutException as error:
            what = f"The server at {socket} did not answer within {_TIMEOUT:.0f} s."
            raise DeskUnreachableError(what) from error
        except httpx2.TransportError as error:
            what = f"The server at {socket} broke off before it answered."
            raise DeskUnreachableError(what) from error

    def _ask_in_process(
        self,
        method: str,
        url: httpx2.URL,
        read: Callable[[httpx2.Response], Any],
        **request: Any,
    ) -> Any:
        # Most commands meet a running server, and need not load one of their own.
        from changeover.wiring.desk import desk as desk_of  # noqa: PLC0415
        from changeover.wiring.installation import open_installation  # noqa: PLC0415

        with open_installation(self.data, self.environment) as installation:
            transport = httpx2.ASGITransport(app=desk_of(installation))

            async def ask() -> Any:
                async with httpx2.AsyncClient(transport=transport, timeout=_TIMEOUT) as client:
                    return read(await client.request(method, url, **request))

            return asyncio.run(ask())


def part(name: str) -> str:
    """A name as it stands in a path, so that no character of it means anything there."""
    if name in {"", ".", ".."}:
        raise InvalidInputError(
            f"{name!r} names nothing on the desk.", do="Check the name that was given."
        )
    return quote(name, safe="")


def _url(path: str) -> httpx2.URL:
    try:
        return httpx2.URL(f"http://desk{path}")
    except httpx2.InvalidURL as error:
        raise InvalidInputError(
            f"{path[:100]!r} names nothing on the desk.", do="Check the name that was given."
        ) from error


def _read_text(response: httpx2.Response) -> str:
    """An answer that is no JSON; an error is JSON all the same, and is raised."""
    return response.content.decode() if response.is_success else str(_read(response))


def _read(response: httpx2.Response) -> Any:
    try:
        answered = msgspec.json.decode(response.content)
        if response.is_success:
            return answered
        told = DeskError(answered["error"])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError) as error:
        what = f"The server answered with status {response.status_code} and no readable words."
        raise DeskUnreachableError(what) from error
    raise told


def officer(_: click.Context, __: click.Parameter, value: str | None) -> str:
    """The person who acts: named with the option, or in CHANGEOVER_OFFICER."""
    if value and value.strip():
        return value.strip()
    raise click.UsageError(
        "Say who acts: give --by NAME, or set CHANGEOVER_OFFICER. "
        "Every act keeps the name of the person who entered it."
    )


by_option = click.option(
    "--by",
    envvar="CHANGEOVER_OFFICER",
    callback=officer,
    metavar="NAME",
    help="The person who enters this act.  [env: CHANGEOVER_OFFICER]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
remote = click.make_pass_decorator(Remote)


def file_of(path: Path) -> dict[str, Any]:
    """A file as the desk takes it: its name and bytes."""
    try:
        return {"name": str(path), "content": path.read_bytes()}
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from error
