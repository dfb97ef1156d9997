"""Reading the settings: a file in TOML, and the environment, which wins.

1. The file holds settings by their names, and vendors' own variables in a table
   `[vendors]`. A value is a text, a number, true or false, a list of texts, or
   `{ file = "PATH" }`: what stands in that file, as secrets are mounted.
2. A file of settings that other accounts may read is refused where it holds a secret.
3. All that is wrong is told at once, each with where it stands, what it means and what
   to do; secrets are never repeated.
4. A variable that is blank counts as not given. One that begins with `CHANGEOVER_` and is
   no setting is told, and stops nothing.
"""

import stat
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec

from changeover.basics.errors import ChangeoverError, InvalidInputError
from changeover.basics.nearest import advice
from changeover.wiring.known_settings import BY_NAME, SETTINGS, Setting, is_on
from changeover.wiring.other_variables import OTHERS, VENDORS

ENVIRONMENT = "the environment"
_VENDORS = "vendors"
_MEANS = "Nothing was started or changed."


class SettingsError(ChangeoverError):
    """Settings that cannot be used; `faults` tells each."""

    code = "settings"

    def __init__(self, faults: Collection[InvalidInputError]) -> None:
        count = "One setting" if len(faults) == 1 else f"{len(faults)} settings"
        super().__init__(f"{count} cannot be used.", means=_MEANS)
        self.faults = tuple(faults)


class Given(msgspec.Struct, frozen=True):
    """What was given for a variable, and where it stands."""

    text: str
    source: str


class Settings(msgspec.Struct, frozen=True):
    """What is given, by variable; what is wrong with it; and what else to say."""

    given: Mapping[str, Given]
    faults: tuple[InvalidInputError, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """As an environment that holds all of it."""
        return {variable: given.text for variable, given in self.given.items()}

    def checked(self) -> "Settings":
        """These, or `SettingsError` with all that is wrong."""
        if self.faults:
            raise SettingsError(self.faults)
        return self


def read_settings(
    file: Path | None, environment: Mapping[str, str], *, whole: bool = True
) -> Settings:
    """What the file and the environment give. Without `whole`, only the file is checked."""
    faults: list[InvalidInputError] = []
    of_file = {} if file is None else _read_file(file, faults)
    own = {name: Given(text, ENVIRONMENT) for name, text in environment.items()}
    taken = {n: got for n, got in of_file.items() if not environment.get(n, "").strip()}
    given = {**own, **taken}
    checked = given if whole else of_file
    for setting in SETTINGS:
        if (got := checked.get(setting.variable)) is not None and got.text.strip():
            faults += _fault(setting, got)
    if whole:
        faults += _together(given)
    return Settings(given, tuple(faults), _words(environment))


def _fault(setting: Setting, given: Given) -> list[InvalidInputError]:
    wrong = setting.wrong(given.text.strip())
    if wrong is None:
        return []
    name = setting.variable if given.source == ENVIRONMENT else setting.name
    return [
        InvalidInputError(
            f"{name} in {given.source}: {wrong[0]}.", means=f"It sets: {setting.says}", do=wrong[1]
        )
    ]


def _together(given: Mapping[str, Given]) -> list[InvalidInputError]:
    """What is wrong with settings that are right each by itself."""
    from changeover.delivery.mail import read_server  # noqa: PLC0415 - only where it is used

    found = []
    url, sender = (given.get(BY_NAME[name].variable) for name in ("smtp_url", "mail_from"))
    if url is not None and url.text.strip():
        try:
            read_server(url.text, "" if sender is None else sender.text, None)
        except InvalidInputError as error:
            found.append(error)
    return found + _sign_on(given)


def _sign_on(given: Mapping[str, Given]) -> list[InvalidInputError]:
    """What a provider, or the absence of passwords, needs beside it."""

    def text(name: str) -> str:
        found = given.get(BY_NAME[name].variable)
        return "" if found is None else found.text.strip()

    found: list[InvalidInputError] = []
    issuer, client = text("oidc_issuer"), text("oidc_client_id")
    if issuer and BY_NAME["oidc_issuer"].wrong(issuer) is not None:
        return found
    if bool(issuer) != bool(client):
        found.append(
            InvalidInputError(
                "Of an identity provider, one of the two is given: its issuer, and its client.",
                means="People cannot sign in with it.",
                do="Set both oidc_issuer and oidc_client_id, or neither.",
            )
        )
    if issuer and not text("groups"):
        found.append(
            InvalidInputError(
                "An identity provider is given, and no file of groups.",
                means="Nobody who signs in with it would have a role.",
                do="Write the file, and set groups to its path.",
            )
        )
    if text("passwords") and not is_on(text("passwords")) and not issuer:
        found.append(
            InvalidInputError(
                "Passwords are turned off, and no identity provider is given.",
                means="Nobody could sign in.",
                do="Set oidc_issuer, or leave passwords on.",
            )
        )
    return found


def _words(environment: Mapping[str, str]) -> tuple[str, ...]:
    known = {*(setting.variable for setting in SETTINGS), *OTHERS}
    strange = [n for n in sorted(environment) if n.startswith("CHANGEOVER_") and n not in known]
    return tuple(f"{n} is no setting: it is not used. {advice(n, known)}".strip() for n in strange)


def _read_file(file: Path, faults: list[InvalidInputError]) -> dict[str, Given]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError as error:
        what = f"{file} cannot be read: {error.strerror}."
        faults.append(InvalidInputError(what, do="Check its path and who may read it."))
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"{file} is no file in TOML: {error}."
        faults.append(InvalidInputError(what, do="Write lines like: port = 8080"))
        return {}
    found = _FileReading(file, faults, readable=bool(mode & 0o007))
    vendors = table.pop(_VENDORS, {})
    if not isinstance(vendors, dict):
        faults.append(InvalidInputError(f"vendors in {file} is no table.", do="Write [vendors]."))
        vendors = {}
    for name, value in table.items():
        setting = BY_NAME.get(name)
        if setting is None:
            found.unknown(name, BY_NAME)
        else:
            found.take(name, setting.variable, value, secret=setting.secret)
    for name, value in vendors.items():
        if name in VENDORS:
            secret = not name.endswith(("_URL", "_ENDPOINT", "_REGION", "_ID", "_CREDENTIALS"))
            found.take(name, name, value, secret=secret or name == "AWS_ACCESS_KEY_ID")
        else:
            found.unknown(name, VENDORS)
    return found.given


class _FileReading:
    """One file of settings as it is read. `readable` by every account of the machine."""

    def __init__(self, file: Path, faults: list[InvalidInputError], *, readable: bool) -> None:
        self.given: dict[str, Given] = {}
        self._file = file
        self._faults = faults
        self._readable = readable

    def unknown(self, name: str, known: Collection[str]) -> None:
        self._fault(f"{name} in {self._file} is no setting.", advice(name, known))

    def take(self, name: str, variable: str, value: Any, *, secret: bool) -> None:
        where = f"{name} in {self._file}"
        match value:
            case bool():
                text = "1" if value else "0"
            case str() | int() | float():
                text = str(value)
            case list() if all(isinstance(each, str) for each in value):
                text = ("," if name == "secret" else " ").join(value)
            case {"file": str() as path, **rest} if not rest:
                self._from_file(where, variable, Path(path))
                return
            case _:
                self._fault(
                    f"{where} is no value of a setting.",
                    'Write a text, a number, true, false, or { file = "PATH" }.',
                )
                return
        if secret and self._readable:
            self._fault(
                f"{where} is a secret, and other accounts may read that file.",
                f"Run: chmod 640 {self._file}",
            )
        self.given[variable] = Given(text, str(self._file))

    def _from_file(self, where: str, variable: str, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self._fault(
                f"{where} names {path}, which cannot be read.",
                "Check its path and who may read it.",
            )
            return
        self.given[variable] = Given(text, str(path))

    def _fault(self, what: str, do: str) -> None:
        self._faults.append(InvalidInputError(what, do=do))
