"""Malformed requests: bytes that are no HTTP, and bodies that are no request, from a seed."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

PATHS = (
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/messages",
    "/v1/embeddings",
    "/v1/messages/count_tokens",
    "/v1beta/models/one:generateContent",
    "/v1beta/models/one:streamGenerateContent",
    "/model/one/converse",
    "/v1/audio/transcriptions",
    "/api/session",
)
_BODY: dict[str, Any] = {
    "model": "one",
    "max_tokens": 5,
    "stream": False,
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    "input": "Hi",
    "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
}
_STRANGE: Sequence[Any] = (
    None, True, -1, 0, 2**63, 1e308, "", "\u0000", "\ud7ff", "é" * 300, [], {}, [[]], [{}],
    {"a": {"b": []}}, "data:image/png;base64,", "co1.x", [None], "../..", "%s%n",
)  # fmt: skip
_PIECES = (b"\r\n", b"\n", b"\x00", b": ", b"\xff\xfe", b" ", b"chunked", b"-1", b"HTTP/9.9", b"\r")


def requests(seed: int, count: int, key: str) -> Iterator[tuple[bytes, bool]]:
    """So many requests, each malformed in a way of its own; the same from the same seed.

    With each, whether it is whole as HTTP, so that an answer must come.
    """
    draw = random.Random(seed)
    for _ in range(count):
        whole = draw.random() < 0.5
        yield _of_json(draw, key) if whole else _of_bytes(draw, key), whole


def _of_bytes(draw: random.Random, key: str) -> bytes:
    """A sound request with bytes cut out, doubled, or put in."""
    found = bytearray(_written(draw, json.dumps(_BODY).encode(), key))
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(found) or 1)
        match draw.randrange(4):
            case 0:
                del found[at : at + draw.randint(1, 20)]
            case 1:
                found[at:at] = draw.choice(_PIECES)
            case 2:
                found[at:at] = found[at : at + 30]
            case _:
                found[at : at + 1] = bytes([draw.randrange(256)])
    return bytes(found)


def _of_json(draw: random.Random, key: str) -> bytes:
    """A request in which values have given way to strange ones."""
    body = json.loads(json.dumps(_BODY))
    for _ in range(draw.randint(1, 3)):
        _put(draw, body)
    text = json.dumps(body).encode()
    if draw.random() < 0.2:
        text = text[: draw.randrange(len(text))]
    return _written(draw, text, key)


def _put(draw: random.Random, body: dict[str, Any]) -> None:
    place: Any = body
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        at = draw.choice(keys)
        if isinstance(place[at], dict | list) and place[at] and draw.random() < 0.7:
            place = place[at]
            continue
        place[at] = json.loads(json.dumps(draw.choice(_STRANGE)))
        return


def _written(draw: random.Random, body: bytes, key: str) -> bytes:
    lines = [
        f"POST {draw.choice(PATHS)} HTTP/1.1",
        "Host: here",
        f"Authorization: Bearer {key if draw.random() < 0.8 else 'co_x_y'}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def fuzz(url: str, seed: int, count: int, key: str, at_once: int = 16) -> Counter[str]:
    """Sends them, and counts how each ended: by its status, `closed`, or `lost`."""
    ended: Counter[str] = Counter()
    waiting = iter(requests(seed, count, key))
    host, port = urlsplit(url).hostname, urlsplit(url).port

    async def send_on() -> None:
        for request, whole in waiting:
            ended[await _sent((str(host), int(port or 0)), request, whole=whole)] += 1

    await asyncio.gather(*(send_on() for _ in range(at_once)))
    return ended


async def _sent(place: tuple[str, int], request: bytes, *, whole: bool) -> str:
    reader, writer = await asyncio.open_connection(*place)
    line = b""
    try:
        writer.write(request)
        if not whole:
            # What claims to be longer than it is would be waited for: this is all.
            writer.write_eof()
        line = await asyncio.wait_for(reader.readline(), 30)
    except ConnectionError:
        pass
    finally:
        writer.close()
    if line.startswith(b"HTTP/1.1 "):
        return line[9:12].decode()
    return "lost" if whole else "closed"
