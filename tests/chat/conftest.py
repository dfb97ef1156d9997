from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chat.world import World, database_store, running


@pytest_asyncio.fixture(params=["fake", "sqlite"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A running chat, over each store."""
    if request.param == "fake":
        async with running(World()) as world:
            yield world
        return
    with database_store(tmp_path) as store:
        async with running(World(store)) as world:
            yield world


@pytest_asyncio.fixture
async def fast() -> AsyncIterator[World]:
    """A running chat over the fake store alone."""
    async with running(World()) as world:
        yield world
