"""Heads without end, clients that drip, and requests that can be read in two ways."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from changeover.web import bounded
from changeover.web.server import Listening

seen: list[str] = []
written: list[int] = []


async def _take(request: Request) -> Response:
    seen.append(request.url.path)
    try:
        body = await request.body()
    except ClientDisconnect:
        return Response()
    return PlainTextResponse(f"{len(body)} bytes")


async def _think(request: Request) -> Response:
    """Reads the body, if there is one, only after a while, and answers after as long again."""
    await asyncio.sleep(0.8)
    body = await request.body()
    await asyncio.sleep(0.8)
    return PlainTextResponse(f"{len(body)} bytes")


async def _slow(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b"piece"
            await asyncio.sleep(0.1)

    return StreamingResponse(pieces())


async def _long(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(4000):
            written.append(number)
            yield b"x" * 65_536

    return StreamingResponse(pieces())


@pytest.fixture
async def port() -> AsyncIterator[int]:
    seen.clear()
    written.clear()
    app = Starlette(
        routes=[
            Route("/slow", _slow),
            Route("/think", _think, methods=["GET", "POST"]),
            Route("/long", _long),
            Route("/{path:path}", _take, methods=["GET", "POST"]),
        ]
    )
    bound = socket.create_server(("127.0.0.1", 0))
    listening = Listening([(app, bound)])
    running = asyncio.create_task(listening.run())
    await listening.started()
    yield bound.getsockname()[1]
    listening.stop()
    await running


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(bounded, "BODY_SECONDS", 0.3)


async def _say(port: int, *pieces: bytes, pause: float = 0.0) -> str:
    """All that is answered until the connection ends, or nothing more comes for two seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    with contextlib.suppress(ConnectionError, TimeoutError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        while piece := await asyncio.wait_for(reader.read(65_536), 2):
            got += piece
        got += b"<closed>"
    writer.close()
    return got.decode()


HEAD = b"POST /first HTTP/1.1\r\nHost: here\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        HEAD + b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + HIDDEN,
        HEAD + b"Content-Length: 0, 40\r\n\r\n" + HIDDEN,
        HEAD + b"Content-Length: +5\r\n\r\nhello" + HIDDEN,
        HEAD + b"Content-Length : 0\r\n\r\n" + HIDDEN,
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
        HEAD + b"X: a\r\n Content-Length: 40\r\n\r\n" + HIDDEN,
        HEAD + b"X: a\rContent-Length: 40\r\n\r\n" + HIDDEN,
        HEAD + b"X: a\x00b\r\n\r\n" + HIDDEN,
        HEAD.replace(b"\r\n", b"\n") + b"\n" + HIDDEN,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;\nx\r\nhello\r\n0\r\n\r\n" + HIDDEN,
    ],
)
async def test_what_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    port: int, request_: bytes
):
    answered = await _say(port, request_)
    assert answered.startswith("HTTP/1.1 400 ")
    assert answered.endswith("<closed>")
    assert answered.count("HTTP/1.1") == 1
    assert "/hidden" not in seen


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"X: " + b"a" * bounded.GREATEST_HEAD + b"\r\n\r\n",
        HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(bounded.MOST_HEADERS + 1)) + b"\r\n",
        b"GET /" + b"a" * bounded.GREATEST_HEAD + b" HTTP/1.1\r\nHost: here\r\n\r\n",
        HEAD + b"X: " + b"a" * 3_000_000,
    ],
    ids=["a long header", "many headers", "a long address", "a header without end"],
)
async def test_a_head_that_is_too_large_is_refused(port: int, head: bytes):
    answered = await _say(port, head)
    assert answered == "" or answered.startswith("HTTP/1.1 431 ")
    assert seen == []


async def test_a_head_within_the_bounds_is_read(port: int):
    many = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 200) for n in range(190))
    answered = await _say(
        port, HEAD + many + b"Content-Length: 5\r\nConnection: close\r\n\r\nhello"
    )
    assert answered.endswith("5 bytes<closed>")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "pieces",
    [
        (b"",),
        (b"GET / HT",),
        tuple(bytes([each]) for each in HEAD),
        (HEAD + b"Content-Length: 100\r\n\r\n",),
        (HEAD + b"Content-Length: 100\r\n\r\n", *[b"x"] * 30),
    ],
    ids=["nothing", "half a head", "a head that drips", "no body", "a body that drips"],
)
async def test_a_client_that_drips_is_sent_away(port: int, pieces: tuple[bytes, ...]):
    answered = await asyncio.wait_for(_say(port, *pieces, pause=0.05), 4)
    # What was written after the end may have reset the connection before the words were read.
    assert answered == "" or re.match(r"HTTP/1\.1 408 .*<closed>$", answered, re.DOTALL)


@pytest.mark.usefixtures("hasty")
async def test_a_long_answer_and_a_body_that_comes_are_waited_for(port: int):
    slow = b"GET /slow HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    assert (await _say(port, slow)).count("piece") == 8
    behind = b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n\r\n"
    assert (await _say(port, behind)).count("piece") == 8
    body = [b"y" * 2048] * 10
    head = HEAD + b"Content-Length: 20480\r\nConnection: close\r\n\r\n"
    assert (await _say(port, head, *body, pause=0.1)).endswith("20480 bytes<closed>")


@pytest.mark.usefixtures("hasty")
async def test_a_connection_that_is_kept_serves_again_after_a_while(port: int):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(HIDDEN)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"200 OK" in head
        await reader.readexactly(7)
        await asyncio.sleep(0.5)
    writer.close()


LAST = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
THINK = b"POST /think HTTP/1.1\r\nHost: here\r\n"


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "behind", [b"\r\n", b"GET /n", LAST], ids=["a line end", "half a head", "a request"]
)
async def test_what_comes_behind_a_request_does_not_end_it(port: int, behind: bytes):
    answered = await _say(port, THINK + b"Content-Length: 5\r\n\r\nhello", behind, pause=0.05)
    assert answered.startswith("HTTP/1.1 200 ")
    assert "5 bytes" in answered
    # A head that was never whole is answered only behind the answer to the first request.
    assert answered.count("HTTP/1.1 408") == (behind == b"GET /n")


@pytest.mark.usefixtures("hasty")
async def test_a_line_end_after_an_answer_does_not_begin_a_request(port: int):
    first = await _say(port, HIDDEN, b"\r\n", pause=0.1)
    assert first.startswith("HTTP/1.1 200 ")
    assert first.endswith("0 bytes<closed>")
    assert "408" not in first


@pytest.mark.usefixtures("hasty")
async def test_a_client_that_was_told_to_wait_is_waited_for(port: int):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(THINK + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    # Told so shortly before a look, it still has its whole time for the body.
    await asyncio.sleep(0.2)
    writer.write(b"hello")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    writer.close()


@pytest.mark.usefixtures("hasty")
async def test_a_client_that_says_nothing_after_it_may_go_on_is_sent_away(port: int):
    head = THINK + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    answered = await asyncio.wait_for(_say(port, head), 4)
    assert answered.startswith("HTTP/1.1 100 ")
    assert "HTTP/1.1 408 " in answered
    assert answered.endswith("<closed>")


def _reader(port: int, path: bytes) -> socket.socket:
    """A client that asked, with as little room for the answer as a kernel gives."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    client.settimeout(5)
    client.connect(("127.0.0.1", port))
    client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: here\r\n\r\n")
    client.setblocking(False)
    return client


async def test_what_a_client_does_not_read_is_not_written_on_and_it_is_let_go(
    port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bounded, "TAKE_SECONDS", 1.0)
    client = await asyncio.to_thread(_reader, port, b"/long")
    await asyncio.sleep(0.4)
    held = len(written)
    # The kernels hold some megabytes of 260; the server itself holds 64 KB and a piece.
    assert held < 200
    await asyncio.sleep(0.3)
    assert len(written) == held
    await asyncio.sleep(2)
    client.setblocking(True)
    got = 0
    with contextlib.suppress(ConnectionError):
        while piece := await asyncio.to_thread(client.recv, 65_536):
            got += len(piece)
    client.close()
    assert got < 65_536 * 200


async def test_a_client_that_reads_slowly_is_served_on(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounded, "TAKE_SECONDS", 0.2)
    client = await asyncio.to_thread(_reader, port, b"/long")
    loop, got, until = asyncio.get_running_loop(), 0, asyncio.get_running_loop().time() + 1.5
    while loop.time() < until:
        got += len(await loop.sock_recv(client, 65_536))
        await asyncio.sleep(0.01)
    assert got > 100_000
    assert len(written) < 4000
    client.close()
