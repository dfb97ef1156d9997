"""Settings out of a file and the environment, and all that is wrong with them at once."""

from pathlib import Path

import pytest

from changeover.wiring.known_settings import BY_NAME, SETTINGS
from changeover.wiring.settings import ENVIRONMENT, SettingsError, read_settings

SECRET = "sk-this-must-never-be-told-0123456789"


def _file(folder: Path, text: str, mode: int = 0o640) -> Path:
    file = folder / "changeover.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_the_environment_wins_over_the_file_unless_it_is_blank(tmp_path: Path):
    file = _file(tmp_path, 'port = 1\nhost = "a"\ndrain = 2\n')
    read = read_settings(file, {"CHANGEOVER_PORT": "2", "CHANGEOVER_HOST": " "}).checked()
    assert read.environment["CHANGEOVER_PORT"] == "2"
    assert read.environment["CHANGEOVER_HOST"] == "a"
    assert read.given["CHANGEOVER_PORT"].source == ENVIRONMENT
    assert read.given["CHANGEOVER_DRAIN"].source == str(file)


def test_values_of_every_form_become_what_a_variable_holds(tmp_path: Path):
    (tmp_path / "password").write_text(f"{SECRET}\n")
    file = _file(
        tmp_path,
        f"""
        fsync = true
        stand_ins = false
        lease = 2.5
        secret = ["{"a" * 32}", "{"b" * 32}"]
        smtp_password = {{ file = "{tmp_path}/password" }}
        [vendors]
        MISTRAL_API_KEY = {{ file = "{tmp_path}/password" }}
        """,
    )
    found = read_settings(file, {}).checked().environment
    assert found == {
        "CHANGEOVER_FSYNC": "1",
        "CHANGEOVER_STAND_INS": "0",
        "CHANGEOVER_LEASE": "2.5",
        "CHANGEOVER_SECRET": f"{'a' * 32},{'b' * 32}",
        "CHANGEOVER_SMTP_PASSWORD": SECRET,
        "MISTRAL_API_KEY": SECRET,
    }


def test_all_that_is_wrong_is_told_at_once_with_what_it_means_and_what_to_do(tmp_path: Path):
    file = _file(
        tmp_path,
        'prot = 1\npatience = "soon"\nhost = { path = "x" }\nsmtp_password = { file = "/no/such" }\n'
        '[vendors]\nOPENAI_KEY = "x"\n',
    )
    environment = {
        "CHANGEOVER_WORKERS": "0",
        "CHANGEOVER_METRICS": "9464",
        "CHANGEOVER_PUBLIC_URL": "assistant.example",
        "CHANGEOVER_FSYNC": "perhaps",
        "CHANGEOVER_IMPORT_KEYS": "nonsense",
        "CHANGEOVER_SMTP_URL": "smtp://mail.example",
        "CHANGEOVER_LEASE": "nan",
    }
    with pytest.raises(SettingsError) as caught:
        read_settings(file, environment).checked()
    faults = [str(fault) for fault in caught.value.faults]
    assert caught.value.what == "12 settings cannot be used."
    assert all(fault.do for fault in caught.value.faults)
    for words in (
        "prot in ",
        "Did you mean port?",
        "OPENAI_API_KEY",
        "host in ",
        "/no/such, which cannot be read",
        "'soon' is no number",
        "Write a whole number from 1 to 256",
        "no address and port",
        "not the address of a server",
        "neither yes nor no",
        "CHANGEOVER_IMPORT_KEYS in the environment",
        "CHANGEOVER_MAIL_FROM must be",
        "CHANGEOVER_LEASE in the environment: 'nan' is out of bounds",
    ):
        assert any(words in fault for fault in faults), words


@pytest.mark.parametrize(
    "setting", [one for one in SETTINGS if one.check], ids=lambda one: one.name
)
def test_a_wrong_secret_is_told_without_its_text(setting):
    read = read_settings(None, {setting.variable: "mysql://me:hunter2@db"})
    [fault] = read.faults
    assert setting.variable in fault.what
    assert "hunter2" not in str(fault) or not setting.secret


def test_a_password_within_an_address_is_not_shown():
    proxy = BY_NAME["proxy"]
    assert proxy.shown("http://me:hunter2@proxy.example:3128/") == "http://…@proxy.example:3128/"
    assert proxy.shown("http://proxy.example:3128/") == "http://proxy.example:3128/"
    assert "hunter2" not in str(proxy.wrong("ftp://me:hunter2@proxy.example"))


def test_a_secret_in_a_file_that_every_account_may_read_is_refused(tmp_path: Path):
    text = f'[vendors]\nOPENAI_API_KEY = "{SECRET}"\n'
    [fault] = read_settings(_file(tmp_path, text, 0o644), {}).faults
    assert "other accounts may read" in fault.what
    assert SECRET not in str(fault)
    assert read_settings(_file(tmp_path, text, 0o640), {}).faults == ()
    assert read_settings(_file(tmp_path, "port = 1\n", 0o644), {}).faults == ()


@pytest.mark.parametrize("text", ["port = ", "vendors = 3", "\x00"])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str):
    [fault] = read_settings(_file(tmp_path, text), {}).faults
    assert str(tmp_path) in fault.what
    [missing] = read_settings(tmp_path / "none.toml", {}).faults
    assert "cannot be read" in missing.what


def test_a_mistyped_variable_is_told_and_stops_nothing():
    read = read_settings(None, {"CHANGEOVER_PROT": "1", "CHANGEOVER_OFFICER": "ana"}).checked()
    [words] = read.words
    assert words.startswith("CHANGEOVER_PROT is no setting")
    assert "CHANGEOVER_PORT" in words


def test_an_address_of_a_database_that_cannot_be_read_is_a_fault():
    read = read_settings(None, {"CHANGEOVER_DATABASE_URL": "postgresql://u:secret@[::1/x"})
    (fault,) = read.faults
    assert "It names no database" in str(fault)
    assert "secret" not in str(fault)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"OIDC_ISSUER": "https://id.example", "GROUPS": "g"}, "its issuer, and its client"),
        ({"OIDC_CLIENT_ID": "us"}, "its issuer, and its client"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "us"}, "no file of groups"),
        ({"PASSWORDS": "0"}, "Passwords are turned off"),
        ({"OIDC_ISSUER": "http://id.example"}, "no issuer over https"),
        ({"OIDC_ISSUER": "https://id.example/?a=b"}, "no address of an issuer"),
    ],
)
def test_a_provider_is_declared_whole_and_over_tls(
    tmp_path: Path, given: dict[str, str], said: str
):
    groups = tmp_path / "groups.yaml"
    groups.write_text("groups: []\n")
    named = {f"CHANGEOVER_{name}": text for name, text in given.items()}
    if "CHANGEOVER_GROUPS" in named:
        named["CHANGEOVER_GROUPS"] = str(groups)
    [fault] = read_settings(None, named).faults
    assert said in fault.what
    whole = {"OIDC_ISSUER": "http://127.0.0.1:1", "OIDC_CLIENT_ID": "us", "GROUPS": str(groups)}
    fine = {f"CHANGEOVER_{name}": text for name, text in whole.items()}
    assert read_settings(None, {**fine, "CHANGEOVER_PASSWORDS": "0"}).faults == ()
