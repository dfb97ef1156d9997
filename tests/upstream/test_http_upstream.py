import asyncio
import gzip
import re
import socket
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import msgspec
import pytest
from aiohttp import web

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.gateway.ports import Outgoing, Upstream, UpstreamError
from changeover.identity.secret import Secret
from changeover.upstream.endpoint import Endpoint
from changeover.upstream.http import HttpUpstream, Ways
from changeover.upstream.inside import Inside
from changeover.upstream.waits import Timeouts

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
KEY = "sk-hidden-0123"
WORDS = "the-client's-words"
ANSWER = "the-vendor's-words"
SHORT = Timeouts(connect=2, first_token=0.2, whole_answer=0.2, between_tokens=0.2, total=2)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def _endpoint(
    base_url: str,
    host: str = "openai",
    protocol: Protocol = "openai-chat",
    *,
    stand_in: bool = False,
) -> Endpoint:
    return Endpoint(
        host=host,
        protocol=protocol,
        base_url=base_url,
        credential=Secret(KEY),
        stand_in=stand_in,
    )


def unhindered(*, written: bool) -> None:
    """A last look that finds nothing."""


def _outgoing(
    host: str = "openai",
    protocol: Protocol = "openai-chat",
    *,
    stream: bool = False,
    body: bytes = WORDS.encode(),
) -> Outgoing:
    return Outgoing(host=host, protocol=protocol, body=body, stream=stream, stand_in=False)


async def _call(
    base_url: str,
    *,
    timeouts: Timeouts = SHORT,
    stream: bool = False,
    largest_answer: int = 100_000,
    proxy: str | None = None,
) -> tuple[int, str, list[bytes]]:
    """Status, content type and body of one call."""
    endpoints = [_endpoint(base_url)]
    ways = Ways(proxy=proxy, inside=Inside(frozenset({"localhost"})))
    async with (
        HttpUpstream(endpoints, timeouts, largest_answer=largest_answer, ways=ways) as upstream,
        upstream.send(_outgoing(stream=stream), unhindered) as incoming,
    ):
        return incoming.status, incoming.content_type, [part async for part in incoming.chunks()]


async def _failure(
    base_url: str,
    *,
    timeouts: Timeouts = SHORT,
    stream: bool = False,
    largest_answer: int = 100_000,
) -> str:
    """What the failure of one call says; checked for what it must not hold."""
    with pytest.raises(UpstreamError) as caught:
        await _call(base_url, timeouts=timeouts, stream=stream, largest_answer=largest_answer)
    failure = caught.value
    assert failure.means
    assert failure.do
    told = "".join(traceback.format_exception(failure)) + repr(failure.__context__)
    assert KEY not in told
    assert WORDS not in told
    assert ANSWER not in told
    return failure.what


def _sends(*parts: bytes, hang: bool = False) -> Talk:
    """A talk that reads a request's head and then sends `parts`."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
        if hang:
            await asyncio.sleep(5)

    return talk


async def test_a_request_arrives_as_its_protocol_asks(serving):
    seen = []

    async def handler(request):
        seen.append((request.method, request.path, dict(request.headers), await request.read()))
        return web.json_response({"ok": True}, headers={"Set-Cookie": "a=b"})

    base_url = await serving(handler)
    endpoints = [_endpoint(base_url), _endpoint(base_url, "anthropic", "anthropic-messages")]
    async with HttpUpstream(endpoints) as upstream:
        for outgoing in (_outgoing(), _outgoing("anthropic", "anthropic-messages", stream=True)):
            async with upstream.send(outgoing, unhindered) as incoming:
                assert (incoming.status, incoming.content_type) == (200, "application/json")
                assert b"".join([part async for part in incoming.chunks()]) == b'{"ok": true}'
    (method, path, headers, body), (_, other_path, other_headers, _) = seen
    assert (method, path, body) == ("POST", "/v1/chat/completions", WORDS.encode())
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Content-Length"] == str(len(body))
    assert other_path == "/v1/messages"
    assert other_headers["x-api-key"] == KEY
    assert "Cookie" not in other_headers


async def test_what_is_reached_and_what_stands_in():
    upstream: Upstream = HttpUpstream(
        [_endpoint("http://127.0.0.1:1", stand_in=True), _endpoint("http://127.0.0.1:1", "aws")]
    )
    assert upstream.reaches("openai", "openai-chat")
    assert not upstream.reaches("openai", "anthropic-messages")
    assert upstream.stands_in("openai")
    assert not upstream.stands_in("aws")
    assert not upstream.stands_in("nobody")


@pytest.mark.parametrize(
    "second",
    [
        _endpoint("http://127.0.0.1:2"),
        _endpoint("http://127.0.0.1:2", protocol="anthropic-messages", stand_in=True),
    ],
)
def test_endpoints_that_contradict_each_other_are_refused(second):
    with pytest.raises(InvalidInputError):
        HttpUpstream([_endpoint("http://127.0.0.1:1"), second])


async def test_endpoints_are_replaced_as_a_whole_and_calls_on_their_way_keep_theirs(serving):
    gate = asyncio.Event()

    def answers(text):
        async def handler(request):
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            await gate.wait()
            await response.write(text)
            return response

        return handler

    old, new = _endpoint(await serving(answers(b"old"))), _endpoint(await serving(answers(b"new")))
    async with HttpUpstream([old], SHORT) as upstream:
        async with upstream.send(_outgoing(stream=True), unhindered) as running:
            upstream.replace([new])
            async with upstream.send(_outgoing(stream=True), unhindered) as next_one:
                gate.set()
                assert [part async for part in running.chunks()] == [b"old"]
                assert [part async for part in next_one.chunks()] == [b"new"]
        upstream.replace([])
        assert not upstream.reaches("openai", "openai-chat")


@pytest.mark.parametrize("left", ["nothing", "another key"])
async def test_a_call_that_was_not_written_yet_does_not_go_to_an_endpoint_that_was_taken_away(
    serving, monkeypatch, left
):
    seen = []

    async def handler(request):
        seen.append(request)
        return web.json_response({})

    endpoint = _endpoint(await serving(handler))
    other = msgspec.structs.replace(endpoint, credential=Secret("another"))
    async with HttpUpstream([endpoint]) as upstream:
        connect = aiohttp.TCPConnector.connect

        async def slowly(*arguments, **more):
            found = await connect(*arguments, **more)
            upstream.replace([] if left == "nothing" else [other])
            return found

        monkeypatch.setattr(aiohttp.TCPConnector, "connect", slowly)
        with pytest.raises(UpstreamError, match="another endpoint meanwhile"):
            async with upstream.send(_outgoing(), unhindered):
                pass
    assert seen == []


async def test_a_call_that_is_journaled_as_a_stand_ins_never_reaches_a_vendor(serving):
    seen = []

    async def handler(request):
        seen.append(request)
        return web.json_response({})

    journaled = msgspec.structs.replace(_outgoing(), stand_in=True)
    async with HttpUpstream([_endpoint(await serving(handler))]) as upstream:
        with pytest.raises(UpstreamError, match="another endpoint meanwhile"):
            async with upstream.send(journaled, unhindered):
                pass
    assert seen == []


async def test_endpoints_that_contradict_each_other_leave_those_that_stood():
    upstream = HttpUpstream([_endpoint("http://127.0.0.1:1")])
    with pytest.raises(InvalidInputError):
        upstream.replace([_endpoint("http://127.0.0.1:2"), _endpoint("http://127.0.0.1:3")])
    assert upstream.reaches("openai", "openai-chat")


async def test_a_host_without_an_endpoint_is_a_failure():
    async with HttpUpstream([]) as upstream:
        with pytest.raises(UpstreamError, match="No endpoint"):
            async with upstream.send(_outgoing(), unhindered):
                pass


async def test_nothing_is_sent_before_it_is_entered():
    with pytest.raises(RuntimeError):
        async with HttpUpstream([_endpoint("http://127.0.0.1:1")]).send(_outgoing(), unhindered):
            pass


async def test_a_stream_arrives_piece_by_piece(serving):
    gate = asyncio.Event()

    async def handler(request):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: 1\n\n")
        await gate.wait()
        await response.write(b"data: 2\n\n")
        return response

    base_url = await serving(handler)
    async with (
        HttpUpstream([_endpoint(base_url)], SHORT) as upstream,
        upstream.send(_outgoing(stream=True), unhindered) as incoming,
    ):
        parts = incoming.chunks()
        assert await anext(parts) == b"data: 1\n\n"
        gate.set()
        assert b"".join([part async for part in parts]) == b"data: 2\n\n"


async def test_an_error_status_is_a_response(serving):
    async def handler(request):
        return web.json_response({"error": {}}, status=529)

    status, _, parts = await _call(await serving(handler))
    assert (status, parts) == (529, [b'{"error": {}}'])


async def test_a_body_of_megabytes_goes_out(serving):
    sizes = []

    async def handler(request):
        sizes.append(len(await request.read()))
        return web.Response()

    base_url = await serving(handler)
    async with (
        HttpUpstream([_endpoint(base_url)]) as upstream,
        upstream.send(_outgoing(body=b"x" * 3_000_000), unhindered) as incoming,
    ):
        assert [part async for part in incoming.chunks()] == []
    assert sizes == [3_000_000]


async def test_a_compressed_answer_is_opened(serving):
    async def handler(request):
        return web.Response(body=gzip.compress(b"{}" * 100), headers={"Content-Encoding": "gzip"})

    _, _, parts = await _call(await serving(handler))
    assert b"".join(parts) == b"{}" * 100


@pytest.mark.parametrize("stream", [True, False])
async def test_a_host_that_hangs_before_its_head(talking, stream):
    base_url = await talking(_sends(hang=True))
    began = time.monotonic()
    assert "did not begin" in await _failure(base_url, stream=stream)
    assert time.monotonic() - began < 1.5


async def test_a_host_that_hangs_in_its_answer(talking):
    base_url = await talking(_sends(HEAD + b"5\r\nhello\r\n", hang=True))
    assert "stopped in its answer" in await _failure(base_url, stream=True)


async def test_a_slow_drip_ends_with_the_total(talking):
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        while True:
            writer.write(b"1\r\nx\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    timeouts = Timeouts(first_token=1, between_tokens=1, total=0.4)
    what = await _failure(await talking(talk), timeouts=timeouts, stream=True)
    assert "longer than a call may take" in what


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([], "without an answer"),
        ([b"\x16\x03\x01 garbage " + ANSWER.encode() + b"\r\n\r\n"], "not HTTP"),
        ([b"HTTP/1.1 OK " + ANSWER.encode() + b"\r\n\r\n"], "not HTTP"),
        ([b"HTTP/1.1 200 OK\r\n" + ANSWER.encode() + b"\r\n\r\n"], "not HTTP"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + ANSWER.encode()], "broke off"),
        ([HEAD + b"5\r\nhello\r\n"], "broke off"),
        ([HEAD, b"zz\r\n" + ANSWER.encode()], "broke off|not HTTP"),
        (
            [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 18\r\n\r\n",
             ANSWER.encode()],
            "broke off",
        ),
    ],
)  # fmt: skip
async def test_garbage_and_early_ends(talking, parts, says):
    assert re.search(says, await _failure(await talking(_sends(*parts))))


async def test_what_came_before_the_end_is_given(talking):
    base_url = await talking(_sends(HEAD + b"5\r\nhello\r\n"))
    async with (
        HttpUpstream([_endpoint(base_url)], SHORT) as upstream,
        upstream.send(_outgoing(stream=True), unhindered) as incoming,
    ):
        parts = incoming.chunks()
        assert await anext(parts) == b"hello"
        with pytest.raises(UpstreamError):
            await anext(parts)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(serving, status):
    seen = []

    async def handler(request):
        seen.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    assert "redirect" in await _failure(await serving(handler))
    assert seen == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    ("stream", "content_type"), [(False, "text/event-stream"), (True, "application/json")]
)
async def test_an_answer_that_is_no_stream_may_not_outgrow_its_bound(serving, stream, content_type):
    async def handler(request):
        return web.Response(
            body=gzip.compress(ANSWER.encode() * 1000),
            headers={"Content-Type": content_type, "Content-Encoding": "gzip"},
        )

    base_url = await serving(handler)
    assert "more than 5000 bytes" in await _failure(base_url, stream=stream, largest_answer=5000)


async def test_a_stream_may_be_longer(serving):
    async def handler(request):
        return web.Response(body=b"x" * 9000, headers={"Content-Type": "text/event-stream"})

    _, _, parts = await _call(await serving(handler), stream=True, largest_answer=5000)
    assert sum(map(len, parts)) == 9000


async def test_leaving_in_the_middle_closes_the_connection(talking):
    closed = asyncio.Event()

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"5\r\nhello\r\n")
        await writer.drain()
        await reader.read()
        closed.set()

    async with HttpUpstream([_endpoint(await talking(talk))]) as upstream:
        async with upstream.send(_outgoing(stream=True), unhindered) as incoming:
            assert await anext(incoming.chunks()) == b"hello"
        await asyncio.wait_for(closed.wait(), 2)


async def test_being_cancelled_closes_the_connection(talking):
    asked, closed = asyncio.Event(), asyncio.Event()

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        closed.set()

    async with HttpUpstream([_endpoint(await talking(talk))]) as upstream:

        async def call() -> None:
            async with upstream.send(_outgoing(), unhindered):
                pass

        task = asyncio.create_task(call())
        await asyncio.wait_for(asked.wait(), 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(closed.wait(), 2)


async def test_a_whole_answer_leaves_the_connection_for_the_next_call(serving):
    peers = set()

    async def handler(request):
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({})

    async with HttpUpstream([_endpoint(await serving(handler))]) as upstream:
        for _ in range(3):
            async with upstream.send(_outgoing(), unhindered) as incoming:
                assert [part async for part in incoming.chunks()] == [b"{}"]
    assert len(peers) == 1


async def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "does not accept" in await _failure(f"http://127.0.0.1:{port}")


async def test_a_name_that_nobody_knows():
    assert "name is not known" in await _failure("http://nobody.invalid")


async def test_a_server_without_encryption_under_https(talking):
    async def talk(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    base_url = await talking(talk)
    assert "encrypted" in await _failure(base_url.replace("http:", "https:"))


async def test_proxies_and_password_files_of_the_environment_are_not_used(
    serving, monkeypatch, tmp_path
):
    seen = []

    async def handler(request):
        seen.append(request.headers["Authorization"])
        return web.json_response({})

    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password word\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    await _call(await serving(handler))
    assert seen == [f"Bearer {KEY}"]


async def test_a_proxy_that_is_set_is_used_for_what_is_not_on_this_machine(serving):
    seen = []

    async def handler(request):
        seen.append(request.raw_path)
        return web.json_response({})

    proxy = await serving(handler)
    await _call("http://vendor.invalid", proxy=proxy)
    await _call(proxy, proxy="http://127.0.0.1:1")
    assert seen == ["http://vendor.invalid/v1/chat/completions", "/v1/chat/completions"]


async def test_the_last_look_comes_after_connecting_and_what_it_raises_leaves_nothing_written(
    serving,
):
    received: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        received.append(request.path)
        return web.json_response({})

    url = await serving(handler)

    class BarredError(Exception):
        pass

    def barred(*, written: bool) -> None:
        raise BarredError

    async with HttpUpstream([_endpoint(url)]) as upstream:
        with pytest.raises(BarredError):
            async with upstream.send(_outgoing(), barred):
                pass
        assert received == []
        # The same pool goes on working.
        async with upstream.send(_outgoing(), unhindered) as incoming:
            assert incoming.status == 200
    assert len(received) == 1


async def test_what_is_raised_when_it_is_written_breaks_the_connection_off():
    ended = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while await reader.read(1000):
                pass
        writer.close()
        ended.set()

    class TooLateError(Exception):
        pass

    looks: list[bool] = []

    def too_late(*, written: bool) -> None:
        looks.append(written)
        if written:
            raise TooLateError

    vendor = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = vendor.sockets[0].getsockname()[1]
    async with vendor, HttpUpstream([_endpoint(f"http://127.0.0.1:{port}")]) as upstream:
        with pytest.raises(TooLateError):
            async with upstream.send(_outgoing(), too_late):
                pass
        await asyncio.wait_for(ended.wait(), 5)
    assert looks == [False, True]


async def test_a_long_body_is_looked_at_again_when_all_of_it_is_written(talking):
    """An order that begins in the middle of the write is found behind it, not before its end."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        begun.set()
        await go_on.wait()
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r")[0]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        writer.write(b"Content-Length: 2\r\n\r\n{}")
        await writer.drain()

    address = await talking(slow)
    bars = False

    def look(*, written: bool) -> None:
        if bars:
            raise LookupError("barred" if written else "unwritten")

    async def call() -> bytes:
        async with (
            HttpUpstream([_endpoint(address)]) as upstream,
            upstream.send(_outgoing(body=b"x" * 2**24), look) as answer,
        ):
            return b"".join([chunk async for chunk in answer.chunks()])

    calling = asyncio.create_task(call())
    await begun.wait()
    bars = True
    go_on.set()
    with pytest.raises(LookupError, match="barred"):
        await calling
