"""Real servers on 127.0.0.1: one of any application, one that sends just the bytes it is given."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
from aiohttp import web

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _talking(talk: Talk) -> AsyncIterator[str]:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def _application(handler) -> AsyncIterator[str]:
    application = web.Application(client_max_size=2**25)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def talking():
    """`await talking(talk)`: the address of a server whose every connection is `talk`'s."""
    async with AsyncExitStack() as stack:
        yield lambda talk: stack.enter_async_context(_talking(talk))


@pytest.fixture
async def serving():
    """`await serving(handler)`: the address of an aiohttp application of one handler."""
    async with AsyncExitStack() as stack:
        yield lambda handler: stack.enter_async_context(_application(handler))
