"""Reading the settings again: all or nothing, and what needs a restart is told."""

from collections.abc import Mapping
from pathlib import Path

from changeover.basics.errors import InvalidInputError
from changeover.wiring.reloading import Reloading, Take
from changeover.wiring.settings import read_settings


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
        if self.refuses:
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
    assert server.took == ["5"]
