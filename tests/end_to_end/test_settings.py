"""Settings of a running server: wrong ones before it starts, and a change without a restart."""

import signal
import time
from pathlib import Path

from tests.end_to_end.running import GPT, MESSAGES, Server, changeover
from tests.end_to_end.vendors import Vendors


def _hup(server: Server, words: str) -> None:
    """Has the settings read again, and waits until the server has said `words` once more."""
    before = server.log.count(words)
    server.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 15
    while server.log.count(words) == before and time.monotonic() < until:
        time.sleep(0.02)
    assert server.log.count(words) > before


def _write(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o600)


def test_nothing_is_opened_where_settings_are_wrong(tmp_path: Path):
    file = tmp_path / "changeover.toml"
    _write(file, 'port = "x"\nlease = 100\n')
    data = tmp_path / "data"
    wrong = {"CHANGEOVER_SETTINGS": str(file), "CHANGEOVER_GRACE": "-1"}
    told = changeover(data, "up", "--demo", status=1, **wrong)
    assert "3 settings cannot be used." in told
    assert not data.exists()
    assert "2 settings cannot be used." in changeover(data, "keys", "list", status=1, **wrong)
    assert "Usage:" in changeover(data, "up", "--help", status=0, **wrong)


def test_settings_shows_what_is_set_and_hides_secrets(tmp_path: Path):
    file = tmp_path / "changeover.toml"
    _write(file, f'secret = "{"s" * 40}"\nlease = 5\n')
    shown = changeover(tmp_path, "settings", CHANGEOVER_SETTINGS=str(file), CHANGEOVER_PORT="81")
    rows = {line.split()[0]: line.split()[1:] for line in shown.splitlines()[1:]}
    assert rows["lease"] == ["5", str(file), "a", "restart"]
    assert rows["port"][:3] == ["81", "the", "environment"]
    assert rows["secret"][:2] == ["not", "shown"]
    assert "ssss" not in shown


def test_a_vendor_is_reached_after_sighup_and_a_wrong_file_changes_nothing(tmp_path: Path):
    file = tmp_path / "changeover.toml"
    _write(file, "")
    with (
        Vendors() as vendors,
        Server(tmp_path, "--no-stand-ins", CHANGEOVER_SETTINGS=str(file)) as server,
    ):
        client = server.gpt(server.key("treasury-code"))

        def ask() -> int:
            response = client.chat.completions.with_raw_response
            try:
                return response.create(model=GPT, messages=MESSAGES).status_code
            except Exception as error:  # noqa: BLE001 - the status is what is asked
                return int(getattr(error, "status_code", 0))

        assert ask() == 503
        key = "sk-abcdefghijklmnop0000"
        vendor = f'OPENAI_API_KEY = "{key}"\nOPENAI_BASE_URL = "{vendors.url}/openai/v1"\n'
        _write(file, f'lease = "x"\n[vendors]\n{vendor}')
        _hup(server, "The settings stay as they were.")
        assert ask() == 503
        _write(file, f"lease = 5\n[vendors]\n{vendor}")
        _hup(server, "in effect from the next start: CHANGEOVER_LEASE.")
        assert ask() == 200
        assert "OPENAI_API_KEY" in server.run("credentials", "list")
        _write(file, "")
        _hup(server, "changed: OPENAI_API_KEY, OPENAI_BASE_URL.")
        assert ask() == 503
        assert key not in server.log
