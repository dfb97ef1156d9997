"""Vendors that misbehave and clients that do: what is answered, refused, lost, and well again.

`make chaos` runs it at full length and prints the table; `make test` a short form of it.
"""

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.bad_days.fuzz import fuzz
from tests.bad_days.site import CHAT, Row, Site, standing, told
from tests.bad_days.vendor import FAULTS, Fault, says_too_little

WORST_WAIT = 6.0
GROWTH = 100.0
SEED = 20261127
FORMS = tuple((service, stream) for service in ("strict", "lenient") for stream in (False, True))
SHORT = (("strict", True), ("lenient", False))


@pytest.fixture(scope="module")
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long", default=False))


@pytest.fixture(scope="module")
def table() -> Iterator[list[Row]]:
    rows: list[Row] = []
    yield rows
    sys.stdout.write("\n" + told(rows))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with standing(tmp_path_factory.mktemp("bad-days")) as found:
        yield found


def well_again(site: Site) -> float:
    """Seconds until a call is answered by the vendor that had failed."""
    began = time.monotonic()
    while site.call("strict").outcome != "answered":
        assert time.monotonic() < began + 20
    return time.monotonic() - began


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_vendor_that_misbehaves_costs_no_call_that_another_could_serve(
    site: Site, table: list[Row], fault: Fault, *, long: bool
):
    row = Row(fault.__name__.replace("_", " "))
    table.append(row)
    before = site.memory
    site.vendor.faults["alpha"] = fault
    try:
        judged = [
            (service, stream, site.call(service, stream=stream))
            for service, stream in (FORMS * 3 if long else SHORT)
        ]
    finally:
        site.vendor.faults.clear()
    row.ended.update(each.outcome for _, _, each in judged)
    row.memory = site.memory - before
    assert [each for *_, each in judged if each.outcome == "lost"] == []
    assert max(each.seconds for *_, each in judged) < WORST_WAIT
    if fault is not says_too_little:
        # A vendor whose stream ends inside its length has said it all, as far as anybody can see.
        assert {each.outcome for service, _, each in judged if service == "strict"} == {"refused"}
    whole = [each for service, stream, each in judged if service == "lenient" and not stream]
    assert {each.outcome for each in whole} == {"answered"}
    assert row.memory < GROWTH
    row.recovered = well_again(site)
    assert site.unexpected == []


def test_every_call_is_in_the_ledger(site: Site):
    sent = len(site.vendor.calls)
    deadline = time.monotonic() + 10
    # A try that found no connection is there too.
    while (tried := sum(c["result"] != "refused" for c in site.server.ledger_calls())) < sent:
        assert time.monotonic() < deadline, (tried, sent)
        time.sleep(0.1)


async def slow_clients(url: str, count: int) -> list[asyncio.StreamWriter]:
    """Connections that have begun a head or a body, and say no more."""
    parts = urlsplit(url)
    writers = []
    for number in range(count):
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: here\r\n"
        body = b"Content-Length: 100000\r\n\r\n{"
        writer.write(head + (body if number % 2 else b"X-Slow: "))
        await writer.drain()
        writers.append(writer)
    return writers


def test_clients_that_drip_keep_nobody_else_waiting(site: Site, table: list[Row], *, long: bool):
    row = Row("slow-loris clients")
    table.append(row)
    before = site.memory

    async def meanwhile() -> None:
        writers = await slow_clients(site.server.url, 1000 if long else 200)
        judged = [await asyncio.to_thread(site.call) for _ in range(20)]
        row.ended.update(each.outcome for each in judged)
        row.memory = site.memory - before
        assert max(each.seconds for each in judged) < 2
        for writer in writers:
            writer.close()
        ends = (writer.wait_closed() for writer in writers)
        await asyncio.gather(*ends, return_exceptions=True)

    asyncio.run(meanwhile())
    assert row.ended == {"answered": 20}
    assert row.memory < GROWTH
    row.recovered = well_again(site)


def chunked(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield b" " * 1024 * 1024


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_bodies_of_50_megabytes_are_refused_without_being_held(
    site: Site, table: list[Row], *, told: bool, long: bool
):
    row = Row(f"50 MB bodies, length {'told' if told else 'untold'}")
    table.append(row)
    before = site.memory
    for _ in range(20 if long else 3):
        headers = {"authorization": f"Bearer {site.keys['strict']}"}
        content = b" " * (50 * 1024 * 1024) if told else chunked(50)
        url = site.server.url.rstrip("/") + CHAT
        status = 413
        # The server closes while the body is on its way; the answer may be lost with that.
        with contextlib.suppress(httpx2.WriteError, httpx2.ReadError):
            status = httpx2.post(url, content=content, headers=headers, timeout=20).status_code
        assert status == 413
        row.ended["refused"] += 1
    row.memory = site.memory - before
    assert row.memory < GROWTH
    row.recovered = well_again(site)


def test_malformed_requests_are_refused_and_harm_nobody(
    site: Site, table: list[Row], *, long: bool
):
    row = Row("malformed requests")
    table.append(row)
    before = site.memory
    count = 100_000 if long else 2_000

    async def both() -> None:
        fuzzing = asyncio.create_task(fuzz(site.server.url, SEED, count, site.keys["strict"]))
        while not fuzzing.done():
            judged = await asyncio.to_thread(site.call)
            row.ended["lost" if judged.outcome != "answered" else "answered"] += 1
            await asyncio.sleep(0.05)
        ended = await fuzzing
        assert sum(ended.values()) == count
        assert ended["lost"] == 0, ended
        # 501 says by name what is not carried; any other would be a fault of the server's own.
        assert [status for status in ended if status[0] == "5" and status != "501"] == [], ended
        row.ended["refused"] = sum(
            many
            for status, many in ended.items()
            if status[0] == "4" or status in {"501", "closed"}
        )

    asyncio.run(both())
    row.memory = site.memory - before
    assert row.ended["lost"] == 0
    assert row.memory < GROWTH
    row.recovered = well_again(site)
    assert site.unexpected == []


def test_nothing_listens_any_more_where_clients_left(site: Site):
    """The connections of all that misbehaved are closed."""
    deadline = time.monotonic() + 40
    port = urlsplit(site.server.url).port
    while (left := _established(site.server.process.pid, int(port or 0))) > 5:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)
    with socket.create_connection(("127.0.0.1", int(port or 0)), 2):
        assert site.call().outcome == "answered"


def _established(pid: int, port: int) -> int:
    """Connections to the port that the process has, as the kernel tells."""
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)
