from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chat.world import World, database_store, running


@pytest_asyncio.fixture(params=["fake", "sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A running chat, over each store."""
    if request.param == "fake":
        async with running(World()) as world:
            yield world
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with database_store(url) as store:
        async with running(World(store)) as world:
            yield world


@pytest_asyncio.fixture
async def fast() -> AsyncIterator[World]:
    """A running chat over the fake store alone."""
    async with running(World()) as world:
        yield world
