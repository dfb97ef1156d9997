"""Amazon's SDK, and stand-ins that a server reaches through clouds."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
from botocore.config import Config

from tests.end_to_end.running import OFFICER, Server
from tests.matrix.upstreams import Upstream, names_by_host, write_directory
from tests.matrix.vendors import Vendors

CONVERSE = Upstream(
    name="converse",
    model="anthropic/claude-opus-4-5",
    host="aws",
    protocol="bedrock-converse",
    pinned="us.anthropic.claude-opus-4-5-20251101-v1:0",
)
UPSTREAMS = {CONVERSE.name: CONVERSE}
ROUTES = {
    "converse": CONVERSE.route,
    "invoke": "anthropic/claude-sonnet-4-5@aws",
    "vertex": "anthropic/claude-sonnet-4-5@google",
    "azure": "openai/gpt-4.1@microsoft",
    "messages": "anthropic/claude-sonnet-4-5@anthropic",
}
"""Routes to call by name, each reached in another way."""


@contextmanager
def cloud_vendors(service_accounts: Mapping[str, str] | None = None) -> Iterator[Vendors]:
    with Vendors(names_by_host(UPSTREAMS), service_accounts) as vendors:
        yield vendors


@contextmanager
def cloud_server(folder: Path, vendors: Vendors, **environment: str) -> Iterator[Server]:
    """A server whose directory has a route to each cloud, in each of its protocols."""
    directory = folder / "directory"
    directory.mkdir()
    write_directory(directory, UPSTREAMS)
    options = ("--stand-in-url", vendors.url, "--patience", "10")
    with Server(folder / "server", *options, demo=True, **environment) as server:
        server.run("apply", str(directory), "--by", OFFICER)
        yield server


@contextmanager
def amazon(url: str, **variables: str) -> Iterator[Any]:
    """Amazon's own SDK, unchanged, as somebody sets it up with variables of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}
    config = Config(retries={"total_max_attempts": 1}, read_timeout=30)
    with mock.patch.dict(os.environ, {**plain, **nowhere, **variables}, clear=True):
        client = boto3.Session(region_name="eu-west-1").client(
            "bedrock-runtime", endpoint_url=url, config=config
        )
        yield client
        client.close()
