from collections.abc import Iterator

import pytest

from tests.end_to_end.running import Server
from tests.end_to_end.vendors import Vendors


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    with Vendors() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Iterator[Server]:
    """A demonstration that a module's tests share, with the module's stand-ins as vendors."""
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, "--stand-in-url", vendors.url) as running:
        yield running
