"""The load generator against the fast upstream, in one loop, without timing anything."""

import asyncio

import pytest
from benchmarks.exchange import STREAMED, WHOLE, Exchange, IncompleteError
from benchmarks.load import System, full, paced
from benchmarks.upstream import Vendor


@pytest.fixture
async def upstream():
    server = await asyncio.get_running_loop().create_server(Vendor, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield System(name="upstream", port=port, key="none", pid=1)


@pytest.mark.parametrize("exchange", [WHOLE, STREAMED], ids=lambda exchange: exchange.name)
async def test_every_call_is_answered_completely(upstream: System, exchange: Exchange) -> None:
    calls, _ = await full(upstream, exchange, connections=3, seconds=0.05)
    assert calls >= 3


@pytest.mark.parametrize("exchange", [WHOLE, STREAMED], ids=lambda exchange: exchange.name)
async def test_paced_calls_are_as_many_as_were_due(upstream: System, exchange: Exchange) -> None:
    latencies = await paced(upstream, exchange, rate=100, connections=4, seconds=0.1)
    assert len(latencies) == 10
    assert min(latencies) > 0


async def test_an_incomplete_answer_ends_the_measurement(upstream: System) -> None:
    wrong = Exchange(name="wrong", path=WHOLE.path, body=WHOLE.body, stream=False, end=b"missing")
    with pytest.raises(IncompleteError, match="wrong"):
        await full(upstream, wrong, connections=1, seconds=0.05)
