"""What the documents say of commands, settings, fields and headers is what the code has."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from changeover.cli import changeover
from changeover.directory.forms import (
    BindingForm,
    IssuerForm,
    ModelForm,
    NetworkForm,
    PartyForm,
    RouteForm,
    ServiceForm,
    VendorForm,
)
from changeover.directory.model import Capabilities, Relation
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.facts import KINDS
from changeover.upstream.discovery import LOCAL_SERVERS, find_vendors
from changeover.upstream.known_hosts import KNOWN_HOSTS
from changeover.wire.anthropic_messages import fields as messages
from changeover.wire.openai_chat import fields as chat
from changeover.wire.openai_responses import fields as responses
from changeover.wiring.known_settings import SETTINGS
from changeover.wiring.other_variables import VENDORS
from changeover.wiring.reloading import AGAIN
from changeover.wiring.settings import read_settings
from tests.docs.repository import ROOT, documents
from tests.docs.walkthrough import steps

DOCS = ROOT / "docs"
GATEWAY = ROOT / "src" / "changeover" / "gateway"
_OPERATORS = frozenset("();<>|&")
_INLINE = re.compile(r"`(changeover [^`\n]+)`")


def page(name: str) -> str:
    return (DOCS / name).read_text()


def commands_in_blocks(source: str) -> Iterator[list[str]]:
    """The words of each `changeover` command in the `sh` blocks, wherever in a line it stands."""
    for step in steps(source):
        for line in step.commands.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            words = list(lexer)
            for start, word in enumerate(words):
                if word == "changeover" and (start == 0 or set(words[start - 1]) <= _OPERATORS):
                    rest = words[start + 1 :]
                    ends = [n for n, w in enumerate(rest) if set(w) <= _OPERATORS]
                    yield rest[: ends[0]] if ends else rest


def problem(words: list[str], *, whole: bool) -> str | None:
    """Why the command line does not take these words; a file that is not there is no reason."""
    command: click.Command = changeover
    context: click.Context | None = None
    try:
        while True:
            context = command.make_context(command.name, list(words), parent=context)
            if not isinstance(command, click.Group):
                return None
            rest = [*context._protected_args, *context.args]
            _, found, words = command.resolve_command(context, rest)
            assert found is not None
            command = found
    except click.MissingParameter as error:
        return error.format_message() if whole else None
    except click.exceptions.NoArgsIsHelpError:
        return "a command is missing" if whole else None
    except click.BadParameter as error:
        return None if "does not exist" in error.message else error.format_message()
    except click.UsageError as error:
        return error.format_message()


@pytest.fixture(autouse=True)
def _ana_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANGEOVER_OFFICER", "ana")


WRITTEN = [
    (document.relative_to(ROOT), words)
    for document in documents()
    for words in commands_in_blocks(document.read_text())
]
MENTIONED = [
    (document.relative_to(ROOT), mention)
    for document in documents()
    for mention in _INLINE.findall(document.read_text())
]


@pytest.mark.parametrize(
    ("document", "words"), WRITTEN, ids=[f"{d}: {' '.join(w)}" for d, w in WRITTEN]
)
def test_a_command_in_a_block_parses(document, words) -> None:
    assert problem(words, whole=True) is None


@pytest.mark.parametrize(
    ("document", "mention"), MENTIONED, ids=[f"{d}: {mention}" for d, mention in MENTIONED]
)
def test_a_command_that_is_mentioned_exists(document, mention) -> None:
    assert problem(shlex.split(mention)[1:], whole=False) is None


def test_a_wrong_command_is_found() -> None:
    assert problem(["decide", "--service", "s", "--model", "m"], whole=True) is None
    assert problem(["decide", "--service", "s"], whole=True) is not None
    assert problem(["decide", "--service", "s"], whole=False) is None
    assert problem(["decide", "--servce", "s"], whole=False) is not None
    assert problem(["ledger", "prove"], whole=False) is not None
    assert problem(["release", "a", "b", "c"], whole=True) is not None
    found = list(commands_in_blocks("```sh\nK=$(changeover keys list) || x > y\n```\n"))
    assert found == [["keys", "list"]]


def leaves(
    command: click.Command = changeover, path: tuple[str, ...] = ("changeover",)
) -> Iterator[tuple[str, click.Command]]:
    """Every command under its whole name, groups without options left out."""
    yield " ".join(path), command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from leaves(inner, (*path, name))


OPTIONS = [
    option
    for _, command in leaves()
    for option in command.params
    if isinstance(option, click.Option)
]


def test_settings_names_every_command() -> None:
    settings = page("settings.md")
    ends = [name for name, command in leaves() if not isinstance(command, click.Group)]
    assert [name for name in ends if name not in settings] == []


def test_settings_names_every_option_and_no_other() -> None:
    settings = page("settings.md")
    have = {name for option in OPTIONS for name in (*option.opts, *option.secondary_opts)}
    named = set(re.findall(r"`(--[a-z-]+)`", settings))
    assert named - {"--help"} == {name for name in have if name.startswith("--")}


def test_settings_names_every_variable_and_no_other() -> None:
    have = {option.envvar for option in OPTIONS if option.envvar}
    have |= {setting.variable for setting in SETTINGS}
    assert set(re.findall(r"`(CHANGEOVER_[A-Z_]+)`", page("settings.md"))) == have


def test_settings_says_of_each_variable_what_the_code_does() -> None:
    rows = {}
    for line in page("settings.md").splitlines():
        if variable := re.search(r"\| `(CHANGEOVER_[A-Z_]+)` \|", line):
            rows[variable[1]] = [cell.strip() for cell in line.strip("|").split("|")]
    for setting in SETTINGS:
        option, _, default, *needs, _ = rows[setting.variable]
        if setting.default is not None:
            text = f"{setting.default}".removesuffix(".0")
            assert default == f"`{text}`", setting.name
        if setting.name not in {"data", "database_url"}:
            assert needs == ["SIGHUP" if setting.variable in AGAIN else "restart"], setting.name
        assert bool(option) == (setting.variable in {one.envvar for one in OPTIONS}), setting.name


def test_settings_shows_a_file_that_can_be_used(tmp_path: Path) -> None:
    [shown] = re.findall(r"```toml\n(.*?)```", page("settings.md"), re.DOTALL)
    for name in ("database-url", "openai"):
        (tmp_path / name).write_text("postgresql://somebody@db.example/changeover")
    shown = shown.replace("/run/secrets", str(tmp_path))
    shown = re.sub(r"example\.gov\+\w+…", str(SigningKey("example.gov", b"k" * 32).verifier), shown)
    file = tmp_path / "changeover.toml"
    file.write_text(shown)
    read = read_settings(file, {}).checked()
    assert read.environment["CHANGEOVER_PATIENCE"] == "90"
    assert read.environment["OPENAI_API_KEY"].startswith("postgresql:")


def test_the_file_takes_every_variable_of_a_vendor() -> None:
    known = {
        name for host in KNOWN_HOSTS for name in (*host.credential_variables, host.base_variable)
    }
    source = (ROOT / "src" / "changeover" / "upstream" / "clouds.py").read_text()
    named = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source))
    assert {*VENDORS} == known | named


SECTIONS = {
    "parties": (PartyForm, Relation),
    "issuers": (IssuerForm,),
    "networks": (NetworkForm,),
    "vendors": (VendorForm,),
    "models": (ModelForm, Capabilities),
    "routes": (RouteForm,),
    "services": (ServiceForm,),
    "bindings": (BindingForm,),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_the_directory_page_has_every_field(section: str) -> None:
    text = page("directory.md").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    fields = [field for form in SECTIONS[section] for field in msgspec.structs.fields(form)]
    assert [f.name for f in fields if f"`{f.name}`" not in text] == []
    assert {f.name for f in fields if f.required} == set(re.findall(r"`(\w+)`\*", text))
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named <= {f.name for f in fields}


def test_the_calling_page_has_every_header_and_no_other() -> None:
    sources = "".join(path.read_text() for path in sorted(GATEWAY.glob("*.py")))
    sent = set(re.findall(r'"(changeover-[a-z-]+|sunset|link)"', sources))
    table = page("call.md").partition("| header |")[2].partition("\n\n")[0]
    first = "".join(row.split("|")[1] for row in table.splitlines()[2:])
    assert set(re.findall(r"`([a-z-]+)`", first)) == sent


def test_the_calling_page_has_no_error_that_is_none() -> None:
    table = page("call.md").partition("| status | code |")[2].partition("\n\n")[0]
    codes = set(
        re.findall(r"`([a-z_-]+)`", "".join(r.split("|")[2] for r in table.splitlines()[2:]))
    )
    sources = "".join(path.read_text() for path in (ROOT / "src" / "changeover").rglob("*.py"))
    assert codes
    assert [code for code in codes if f'"{code}"' not in sources] == []


@pytest.mark.parametrize(
    "protocol", [chat, responses, messages], ids=["chat", "responses", "messages"]
)
def test_the_calling_page_names_what_is_refused(protocol) -> None:
    tables = (protocol.FIELDS, protocol.MESSAGE, protocol.PART)
    refused = [name for table in tables for name, how in table.items() if how.kind == "refused"]
    assert refused
    assert [name for name in refused if f"`{name}`" not in page("call.md")] == []


def test_the_running_page_tells_where_each_key_goes() -> None:
    table = page("run.md").partition("| environment variable |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1:4] for row in table.splitlines()[2:]]
    assert len(rows) == 5
    for variables, hosts, bases in rows:
        [host] = re.findall(r"`([a-z]+)`", hosts)
        [base] = re.findall(r"`(\w+)`", bases)
        for variable in re.findall(r"`(\w+)`", variables):
            found = find_vendors({variable: "key", base: "http://127.0.0.1:9"})
            assert {endpoint.host for endpoint in found.endpoints} == {host}
            moved = [each for each in found.endpoints if "127.0.0.1:9" in each.url]
            assert moved
            own = {each.protocol == "gemini-generate" for each in moved}
            assert own == {"in its own protocol" in hosts}
    for server in LOCAL_SERVERS:
        assert f"{server.name} ({server.base_url.rpartition(':')[2]})" in page("run.md")


def test_the_ledger_page_names_every_kind() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in page("ledger.md")] == []
