"""Reading the settings again: all or nothing, and what needs a restart is told."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.wiring.reloading import Reloading, Take
from changeover.wiring.settings import read_settings

PATIENCE, INSIDE, SMTP = ("CHANGEOVER_PATIENCE", "CHANGEOVER_INSIDE", "CHANGEOVER_SMTP_URL")


class Server:
    """A server's settings in a file, what it took of them and what it said."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "changeover.toml"
        self.said: list[str] = []
        self.took: list[str] = []
        self.refuses = False
        self.write("patience = 60\nport = 1\n")
        standing = read_settings(self.file, {}).environment
        takers: dict[tuple[str, ...], Take] = {("CHANGEOVER_PATIENCE",): self._take}
        self.again = Reloading(
            lambda: read_settings(self.file, {}), standing, takers, self.said.append
        )

    def write(self, text: str) -> None:
        self.file.write_text(text)

    def _take(self, environment: Mapping[str, str]) -> None:
        if self.refuses and environment["CHANGEOVER_PATIENCE"] == "5":
            raise InvalidInputError("It cannot be so.")
        self.took.append(environment.get("CHANGEOVER_PATIENCE", "unset"))


def test_a_change_is_taken_once_and_its_end_too(tmp_path: Path):
    server = Server(tmp_path)
    server.write("patience = 5\nport = 1\n")
    server.again.reload()
    server.again.reload()
    server.write("port = 1\n")
    server.again.reload()
    assert server.took == ["5", "unset"]
    assert server.said[0] == "Settings read again; changed: CHANGEOVER_PATIENCE."
    assert server.said[1] == "Settings read again; changed: none."


def test_what_needs_a_restart_is_named_each_time_and_not_taken(tmp_path: Path):
    server = Server(tmp_path)
    server.write("patience = 60\nport = 2\n")
    for _ in range(2):
        server.again.reload()
    assert server.took == []
    later = "Changed too, and in effect from the next start: CHANGEOVER_PORT."
    assert server.said.count(later) == 2


def test_a_fault_changes_nothing(tmp_path: Path):
    server = Server(tmp_path)
    server.write('patience = 5\nport = "x"\nlease = 0\n')
    server.again.reload()
    assert server.took == []
    assert server.said[0].startswith("2 settings cannot be used.")
    assert "'x' is no whole number" in server.said[1]
    assert server.said[-1] == "The settings stay as they were."


def test_what_is_refused_where_it_is_taken_is_told(tmp_path: Path):
    server = Server(tmp_path)
    server.refuses = True
    server.write("patience = 5\nport = 1\n")
    server.again.reload()
    assert server.said == ["It cannot be so. The settings stay as they were."]
    server.refuses = False
    server.again.reload()
    # Whoever refused may have begun, and was brought back to what stood.
    assert server.took == ["60", "5"]


class Part:
    """A part of a server that goes by one setting, and notes what it is brought to."""

    def __init__(self, variable: str, stands: str = "") -> None:
        self.variable = variable
        self.goes_by = stands
        self.saw: list[dict[str, str]] = []
        self.fails_at: dict[str, Exception] = {}

    def take(self, environment: Mapping[str, str]) -> None:
        self.goes_by = environment.get(self.variable, "")
        self.saw.append(dict(environment))
        if (error := self.fails_at.get(self.goes_by)) is not None:
            raise error


class Parts:
    """Two parts of one server, the second of which can fail midway."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "changeover.toml"
        self.said: list[str] = []
        self.on_word: Callable[[], object] = lambda: None
        self.file.write_text('patience = 60\ninside = "old.example"\nport = 1\n')
        standing = read_settings(self.file, {}).environment
        self.first = Part(PATIENCE, standing[PATIENCE])
        self.second = Part(INSIDE, standing[INSIDE])
        self.again = Reloading(
            lambda: read_settings(self.file, {}),
            standing,
            {(PATIENCE,): self.first.take, (INSIDE,): self.second.take},
            self._say,
        )

    def _say(self, line: str) -> None:
        self.said.append(line)
        self.on_word()

    def change(self) -> None:
        self.file.write_text('patience = 5\ninside = "new.example"\nport = 2\n')

    @property
    def stand(self) -> tuple[str, str]:
        return self.first.goes_by, self.second.goes_by


def test_where_one_part_cannot_take_it_those_that_did_go_back(tmp_path: Path):
    parts = Parts(tmp_path)
    parts.second.fails_at["new.example"] = InvalidInputError("It cannot be so.")
    parts.change()
    parts.again.reload()
    assert parts.stand == ("60", "old.example")
    assert parts.said == ["It cannot be so. The settings stay as they were."]
    parts.second.fails_at.clear()
    parts.again.reload()
    assert parts.stand == ("5", "new.example")


def test_a_part_that_cannot_go_back_is_told_and_the_others_do(tmp_path: Path):
    parts = Parts(tmp_path)
    fault = InvalidInputError("It cannot be so.")
    parts.second.fails_at = {"new.example": fault, "old.example": fault}
    parts.change()
    parts.again.reload()
    assert parts.first.goes_by == "60"
    assert parts.said[0].startswith(f"Start the server again: it could not go back to its {INSIDE}")


def test_what_waits_for_the_next_start_is_shown_as_it_stands(tmp_path: Path):
    parts = Parts(tmp_path)
    parts.change()
    parts.again.reload()
    assert parts.first.saw[-1]["CHANGEOVER_PORT"] == "1"
    assert parts.stand == ("5", "new.example")


async def _signal(parts: Parts) -> None:
    """Sends the signal, and waits until something was said."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    parts.on_word = lambda: loop.call_soon_threadsafe(told.set)
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.wait_for(told.wait(), 5)


async def test_what_the_command_line_gave_stays_for_every_part(tmp_path: Path):
    parts = Parts(tmp_path)
    parts.again.listen({INSIDE, "CHANGEOVER_PORT"})
    parts.change()
    await _signal(parts)
    assert parts.stand == ("5", "old.example")
    assert parts.first.saw[-1][INSIDE] == "old.example"
    assert parts.said == [f"Settings read again; changed: {PATIENCE}."]


async def test_what_nobody_foresaw_is_told_and_undone(tmp_path: Path):
    parts = Parts(tmp_path)
    parts.again.listen(())
    parts.second.fails_at["new.example"] = ZeroDivisionError("by nothing")
    parts.change()
    await _signal(parts)
    assert parts.stand == ("60", "old.example")
    assert parts.said == [
        "The settings were not read again: ZeroDivisionError: by nothing. They stay as they were."
    ]


def test_two_readings_come_one_after_the_other(tmp_path: Path):
    parts = Parts(tmp_path)
    inside, most, go_on = 0, 0, threading.Event()
    lock = threading.Lock()

    def slow(_: Mapping[str, str]) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        go_on.wait(0.3)
        with lock:
            inside -= 1

    standing = read_settings(parts.file, {}).environment
    again = Reloading(
        lambda: read_settings(parts.file, {}), standing, {(PATIENCE,): slow}, parts.said.append
    )
    parts.file.write_text('patience = 5\ninside = "old.example"\nport = 1\n')
    threads = [threading.Thread(target=again.reload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert parts.said.count(f"Settings read again; changed: {PATIENCE}.") == 1


@pytest.mark.parametrize("url", ["smtp://u@h:99999", "smtp://[::1", "smtp://u:secret@h:2x5"])
def test_an_address_of_a_mail_server_that_cannot_be_read_is_told(tmp_path: Path, url: str):
    parts = Parts(tmp_path)
    parts.file.write_text(f'patience = 5\nsmtp_url = "{url}"\nmail_from = "a@b.example"\n')
    parts.again.reload()
    assert parts.stand == ("60", "old.example")
    assert f"{SMTP} is not the address of a mail server." in " ".join(parts.said)
    assert "secret" not in " ".join(parts.said)
