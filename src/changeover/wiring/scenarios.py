"""Finding and reading a scenario's files."""

from pathlib import Path

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.shapes import shape
from changeover.basics.text import Bilingual
from changeover.basics.yaml_source import Problem, SourceError, read_yaml
from changeover.directory.source import load
from changeover.identity.accounts import AccountRequest
from changeover.identity.secret import Secret
from changeover.orders.scenario import Scenario
from changeover.orders.source import load_instruments


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`scenario.yaml`: its title and zone, where it starts, and the folders of its files."""

    title: Bilingual
    zone: str
    starts_at: str
    directory: str
    instruments: str
    reports: str | None = None


class _AccountsForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`accounts.yaml`."""

    password: str
    accounts: tuple[AccountRequest, ...]


class DemoAccounts(msgspec.Struct, frozen=True):
    """The accounts of a demonstration, which share one password."""

    password: Secret
    accounts: tuple[AccountRequest, ...]


def _shipped() -> Path:
    """The demonstration's folder: in the installed package, or beside a checkout's sources."""
    package = Path(__file__).parents[1]
    installed = package / "scenarios" / "statechat"
    return installed if installed.is_dir() else package.parents[1] / "scenarios" / "statechat"


SHIPPED = _shipped()


def read_scenario(folder: Path) -> Scenario:
    """The scenario that a folder holds. `SourceError` tells every mistake with file and line."""
    source = read_yaml("scenario.yaml", (folder / "scenario.yaml").read_text(encoding="utf-8"))
    problems: list[Problem] = []
    form = shape(source, (), source.value, _Form, problems)
    if form is None:
        raise SourceError(problems)
    directory = load(_files(folder / form.directory))
    return Scenario(
        title=form.title,
        starts_at=read_instant(form.starts_at, zone(form.zone)),
        directory=directory,
        events=tuple(load_instruments(_files(folder / form.instruments), directory)),
    )


def read_accounts(folder: Path) -> DemoAccounts:
    """The accounts that a scenario's folder offers. `SourceError`, as above."""
    source = read_yaml("accounts.yaml", (folder / "accounts.yaml").read_text(encoding="utf-8"))
    problems: list[Problem] = []
    form = shape(source, (), source.value, _AccountsForm, problems)
    if form is None:
        raise SourceError(problems)
    return DemoAccounts(Secret(form.password), form.accounts)


def _files(folder: Path) -> dict[str, str]:
    return {
        f"{folder.name}/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.yaml"))
    }
