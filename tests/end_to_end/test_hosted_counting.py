"""Counts of models that clouds host: asked of the cloud in its own way, for every client."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.clouds import ROUTES, cloud_server, cloud_vendors
from tests.end_to_end.running import Server
from tests.matrix.upstreams import SERVICE
from tests.matrix.vendors import Vendors

ASKED: Any = [{"role": "user", "content": "The lighthouse keeper counts the boats."}]
COUNTING = [way for way in ROUTES if way != "azure"]


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    with cloud_vendors() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Iterator[Server]:
    with cloud_server(tmp_path_factory.mktemp("counting"), vendors) as running:
        yield running


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key(SERVICE)


@pytest.mark.parametrize("way", COUNTING)
def test_a_host_that_counts_is_asked(server: Server, key: str, way: str):
    claude = server.claude(key)
    raw = claude.messages.with_raw_response.count_tokens(
        model=ROUTES[way], messages=ASKED, system="You help."
    )
    assert raw.parse().input_tokens == 10
    assert raw.headers["changeover-route"] == ROUTES[way]
    assert "changeover-losses" not in raw.headers
    told = server.call_of(raw.headers["changeover-call"])
    assert (told["operation"], told["result"]) == ("count-tokens", "answered")


def test_azure_is_not_asked(server: Server, key: str):
    raw = server.claude(key).messages.with_raw_response.count_tokens(
        model=ROUTES["azure"], messages=ASKED
    )
    assert raw.headers["changeover-losses"] == "estimated"
