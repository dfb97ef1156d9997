"""The databases that tests run on: a file of SQLite, and a real PostgreSQL server.

Property tests have no deadline per example: it would measure the machine's load. Where they do not
say otherwise they look at few examples, other ones in each run; `make fuzz` has them look at many
(`--hypothesis-profile searching`).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres import PostgresServer


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--gguf",
        type=Path,
        help="a chat model in GGUF for the tests of llama.cpp's server, instead of the small one "
        "that they bring",
    )


settings.register_profile("brief", deadline=None, max_examples=30)
settings.register_profile("searching", deadline=None, max_examples=1000)
settings.load_profile("brief")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The tests' own server; started for the first test that asks for it."""
    server = PostgresServer()
    server.begin()
    yield server
    server.end()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """A new database on the server, its schema the newest."""
    return postgres.new()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database, on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/changeover.db"
    url: str = request.getfixturevalue("postgres_url")
    return url
