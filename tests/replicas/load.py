"""Callers, in a process of their own: each sends one call after the other and notes what it got.

Run as `python -m tests.replicas.load`, which reads what to do from its standard input and
goes on until that is closed. Connections are kept. Each result is a line of JSON in a file.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from uuid import uuid4

import aiohttp
import msgspec
from botocore.eventstream import EventStreamBuffer

from tests.end_to_end.running import ROOT, environment

Way = Literal[
    "openai",
    "openai-stream",
    "anthropic",
    "anthropic-stream",
    "responses",
    "responses-stream",
    "gemini",
    "gemini-stream",
    "converse",
    "converse-stream",
    "chat",
]
WAYS: tuple[Way, ...] = ("openai", "openai-stream", "anthropic", "anthropic-stream")
_LIMIT = 30


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who calls `urls` in turn, by `ways` in turn, under marks of its own.

    `model` is the word before the number in the names that are asked for. `seconds` is how
    long the vendor takes, `pause` how long is waited between two calls. For the chat, `key`
    is a login and its password, parted by a colon.
    """

    urls: tuple[str, ...]
    key: str
    marks: tuple[int, ...]
    ways: tuple[Way, ...] = WAYS
    model: str = "one"
    seconds: float = 0.0
    pause: float = 0.005


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a call. Instants are microseconds since 1970.

    `status` is None where no answer came. `said` is the kind of an error, `whole` whether
    the answer had its proper end in the protocol, `last` when its last piece came.
    """

    url: str
    way: Way
    mark: str
    began: int
    ended: int
    status: int | None = None
    call: str = ""
    said: str = ""
    whole: bool = False


class Load:
    """The process, from a `with` block's begin to its end; `outcomes` may be read at any time."""

    def __init__(self, folder: Path, callers: Sequence[Caller]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"load-{time.monotonic_ns()}.jsonl"
        self._file.touch()
        self._callers = callers
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def outcomes(self) -> list[Outcome]:
        text, _, _ = self._file.read_text().rpartition("\n")
        return [msgspec.json.decode(line, type=Outcome) for line in text.splitlines()]

    def __enter__(self) -> Self:
        """Returns when callers got answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.replicas.load", str(self._file)],
            env=environment(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(self._callers) + b"\n")
        self._process.stdin.flush()
        end = time.monotonic() + _LIMIT
        while len(self.outcomes) < len(self._callers) and time.monotonic() < end:
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets the calls under way come to their end."""
        assert self._process is not None
        try:
            self._process.communicate(timeout=_LIMIT + 10)
        finally:
            self._process.kill()
            self._process.wait()
        assert kind is not None or self._process.returncode == 0


async def _run(file: Path, callers: Sequence[Caller]) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, stopping.set)
    with file.open("a", buffering=1) as lines:
        async with asyncio.TaskGroup() as group:
            for caller in callers:
                group.create_task(_call_on(caller, stopping, lines))


async def _call_on(caller: Caller, stopping: asyncio.Event, lines: Any) -> None:
    number = caller.marks[0]
    timeout = aiohttp.ClientTimeout(total=_LIMIT)
    cookies = aiohttp.CookieJar(unsafe=True)  # it would keep none of an address
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=cookies) as session:
        while not stopping.is_set():
            url = caller.urls[number % len(caller.urls)]
            way = caller.ways[(number // len(caller.urls)) % len(caller.ways)]
            mark = f"{caller.model}-{caller.marks[number % len(caller.marks)]:03}"
            number += 1
            began = _now()
            said: dict[str, Any] = {"whole": False}
            try:
                await _one(session, caller, (url, way, mark), said)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                said["said"] = type(error).__name__
            outcome = Outcome(url=url, way=way, mark=mark, began=began, ended=_now(), **said)
            lines.write(msgspec.json.encode(outcome).decode() + "\n")
            await asyncio.sleep(caller.pause if outcome.status == 200 else caller.pause + 0.02)


async def _one(
    session: aiohttp.ClientSession,
    caller: Caller,
    place: tuple[str, Way, str],
    said: dict[str, Any],
) -> None:
    url, way, mark = place
    text = f"mark={mark} seconds={caller.seconds}"
    if way == "chat":
        await _chat(session, caller, url, said, text)
        return
    path, body = _asked(way, mark, text)
    headers = {"x-api-key": caller.key}
    async with session.post(url + path, json=body, headers=headers) as answer:
        said |= {"status": answer.status, "call": answer.headers.get("changeover-call", "")}
        if answer.status == 200 and way.endswith("stream"):
            events = _framed if way == "converse-stream" else _events
            async for kind, data in events(answer):
                _take(kind, data, said)
        else:
            told = await answer.json(content_type=None)
            said["whole"] = answer.status == 200
            said["said"] = "" if answer.status == 200 else _kind(told)


def _asked(way: Way, mark: str, text: str) -> tuple[str, dict[str, Any]]:
    """Where a way of calling is sent to, and what."""
    streamed = way.endswith("stream")
    messages = [{"role": "user", "content": text}]
    match way.removesuffix("-stream"):
        case "gemini":
            method = "streamGenerateContent?alt=sse" if streamed else "generateContent"
            contents = [{"role": "user", "parts": [{"text": text}]}]
            return f"v1beta/models/{mark}:{method}", {"contents": contents}
        case "converse":
            said = [{"role": "user", "content": [{"text": text}]}]
            return f"model/{mark}/{way}", {"messages": said}
        case "responses":
            return "v1/responses", {"model": mark, "input": text, "stream": streamed}
        case "anthropic":
            body = {"model": mark, "messages": messages, "max_tokens": 50, "stream": streamed}
            return "v1/messages", body
        case _:
            return "v1/chat/completions", {"model": mark, "messages": messages, "stream": streamed}


async def _chat(
    session: aiohttp.ClientSession, caller: Caller, url: str, said: dict[str, Any], text: str
) -> None:
    """A person on the page: a new conversation, a message, and its answer, which brings a title."""
    if not session.headers:
        login, _, password = caller.key.partition(":")
        body = {"login": login, "password": password}
        async with session.post(f"{url}api/session", json=body) as answer:
            session.headers["x-csrf-token"] = (await answer.json())["csrf"]
    async with session.post(f"{url}api/conversations", json={}) as answer:
        conversation = f"{url}api/conversations/{(await answer.json())['id']}"
    turn = {"client_id": str(uuid4()), "text": text}
    async with session.post(f"{conversation}/turns", json=turn) as answer:
        said["status"] = answer.status
    while not said["whole"]:
        async with session.get(conversation) as answer:
            last = (await answer.json())["turns"][-1]
        said |= {"whole": last["state"] != "generating", "said": last["state"]}
        await asyncio.sleep(0.02)


async def _events(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str]]:
    """The events of a stream that came whole: name and data."""
    kind = ""
    async for line in answer.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, value
            kind = ""


async def _framed(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str]]:
    """The messages of a binary stream, as Amazon's own SDK takes them apart."""
    buffer = EventStreamBuffer()
    async for chunk in answer.content.iter_any():
        buffer.add_data(chunk)
        for message in buffer:
            kind = message.headers.get(":event-type", "exception")
            yield str(kind), message.payload.decode()


def _take(kind: str, data: str, said: dict[str, Any]) -> None:
    """Notes the end of a stream: its own or that of an error, in any protocol."""
    if kind == "exception":
        said |= {"whole": True, "said": json.loads(data)["message"]}
    elif kind in {"message_stop", "response.completed", "metadata"} or data == "[DONE]":
        said["whole"] = True
    elif kind in {"error", "response.failed"} or data.startswith('{"error"'):
        told = json.loads(data)
        said |= {"whole": True, "said": _kind(told.get("response") or told)}
    elif '"finishReason"' in data:
        said["whole"] = True


def _kind(told: Any) -> str:
    """What kind of error it is, from any protocol's body; it may stand in its words."""
    if "reason" in told:
        return str(told["reason"])
    error = told["error"]
    if isinstance(error.get("details"), list):
        return str(error["details"][0]["reason"]).lower()
    words = f"{error.get('type')}: {error.get('message')}"
    return words if error.get("code") in {None, "server_error"} else str(error["code"])


def _now() -> int:
    return time.time_ns() // 1_000


if __name__ == "__main__":
    told = sys.stdin.buffer.readline()
    asyncio.run(_run(Path(sys.argv[1]), msgspec.json.decode(told, type=list[Caller])))
