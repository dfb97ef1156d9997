from collections.abc import Iterator

import pytest

from tests.postgres import PostgresServer
from tests.replicas.cluster import Cluster


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="trouble the replicas at full length")


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the tests here are to run at full length (`make chaos`)."""
    return bool(request.config.getoption("--long", default=False))


@pytest.fixture(scope="package")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer
) -> Iterator[Cluster]:
    """Four replicas on a database of their own."""
    with Cluster(tmp_path_factory.mktemp("cluster"), postgres.empty()) as running:
        running.begin_all(["a", "b", "c", "d"])
        yield running
