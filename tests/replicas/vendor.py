"""A vendor in a process of its own, which keeps a log of what reached it by its own clock.

Run as `python -m tests.replicas.vendor LOG`. It speaks four protocols under
`/{host}/v1/…` and one under `/{host}/model/…`, fast and without a model: what it does with a call is written in the
last message of the call, in words such as `mark=one-017 seconds=2`. A host whose name
begins with `failing` answers 503. The log is one line of JSON a call, written when the
request was read to its end and before any answer to it. Lines of two numbers tell of the
process itself: that it could not run for so many microseconds, up to an instant.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from changeover.standin.amazon import framed
from tests.end_to_end.running import ROOT, environment

PIECES = 20
_TICK, _STALL = 0.005, 0.01


class Received(NamedTuple):
    """A call as it arrived, in microseconds since 1970 of the vendor's clock.

    `streamed` is whether its answer comes in pieces, for which the vendor counts more tokens.
    """

    at: int
    host: str
    model: str
    mark: str
    streamed: bool = False


class Vendor:
    """The process, from a `with` block's begin to its end."""

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self._log = folder / "vendor.log"
        self._log.touch()

    @property
    def calls(self) -> list[Received]:
        """All that it received so far, oldest first."""
        return [Received(*line) for line in self._lines() if len(line) > 2]

    def stalled(self, since: int, to: int) -> int:
        """The longest time, in microseconds, for which its machine did not let it run then."""
        stalls = [line for line in self._lines() if len(line) == 2]
        return max((took for at, took in stalls if since <= at <= to + took), default=0)

    def _lines(self) -> list[list[Any]]:
        text, _, _ = self._log.read_text().rpartition("\n")
        return [json.loads(line) for line in text.splitlines()]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.replicas.vendor", str(self._log)],
            env=environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the vendor did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)


async def _serve(log: Path) -> None:
    with log.open("a", buffering=1) as lines:

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    path, body = await _request(reader)
                    at = time.time_ns() // 1_000
                    host, words = path.split("/")[1], _words(body)
                    streamed = bool(body.get("stream"))
                    told = [at, host, _model(path, body), words.get("mark", ""), streamed]
                    lines.write(json.dumps(told) + "\n")
                    async for piece in _answer(host, path, body, float(words.get("seconds", 0))):
                        writer.write(piece)
                        await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=500)
        port = server.sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201 - whoever started it reads it
        while True:
            began = time.monotonic()
            await asyncio.sleep(_TICK)
            late = time.monotonic() - began - _TICK
            if late > _STALL:
                told = [_now(), int(late * 1e6)]
                lines.write(json.dumps(told) + "\n")


def _now() -> int:
    return time.time_ns() // 1_000


async def _request(reader: asyncio.StreamReader) -> tuple[str, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines if line)
    if fields.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(fields["content-length"]))
    return first.split()[1], json.loads(body)


def _model(path: str, body: Mapping[str, Any]) -> str:
    """The model, which two protocols name in the address."""
    if "/model/" in path:
        return path.split("/")[3]
    return body.get("model") or path.rpartition("/")[2].partition(":")[0]


def _words(body: Mapping[str, Any]) -> Mapping[str, str]:
    """The settings in the last message."""
    said = body.get("messages") or body.get("contents") or body["input"]
    last = said if isinstance(said, str) else said[-1]
    content = last if isinstance(last, str) else last.get("content") or last["parts"]
    text = content if isinstance(content, str) else " ".join(part["text"] for part in content)
    return dict(word.split("=", 1) for word in text.split() if "=" in word)


async def _answer(
    host: str, path: str, body: Mapping[str, Any], seconds: float
) -> AsyncIterator[bytes]:
    if host.startswith("failing"):
        yield _whole("503 Service Unavailable", {"error": {"message": "overloaded", "type": "x"}})
        return
    model = _model(path, body)
    spoken = path.partition("/v1")[2].partition("/")[2].partition("/")[0]
    whole, streamed = _SPOKEN[spoken or "model"]
    if not (body.get("stream") or ":stream" in path or path.endswith("-stream")):
        await asyncio.sleep(seconds)
        yield _whole("200 OK", whole(model))
        return
    kind = b"text/event-stream" if spoken else b"application/vnd.amazon.eventstream"
    yield b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ntransfer-encoding: chunked\r\n\r\n" % kind
    begin, piece, end = streamed(model)
    yield _chunked(begin)
    for _ in range(PIECES if seconds else 2):
        await asyncio.sleep(seconds / PIECES)
        yield _chunked(piece)
    yield _chunked(end) + b"0\r\n\r\n"


def _whole(status: str, said: Any) -> bytes:
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def _chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _message(model: str) -> Any:
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": model,
        "content": [{"type": "text", "text": "Noted."}], "stop_reason": "end_turn",
        "stop_sequence": None, "usage": {"input_tokens": 5, "output_tokens": 2},
    }  # fmt: skip


def _messages(model: str) -> tuple[bytes, bytes, bytes]:
    started = {**_message(model), "content": [], "stop_reason": None}
    block = {"type": "text", "text": ""}
    begin = _event("message_start", message=started)
    begin += _event("content_block_start", index=0, content_block=block)
    delta = {"type": "text_delta", "text": "noted "}
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    end = _event("content_block_stop", index=0)
    end += _event("message_delta", delta=stop, usage={"output_tokens": 9})
    return begin, _event("content_block_delta", index=0, delta=delta), end + _event("message_stop")


def _event(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def _completion(model: str) -> Any:
    said = {"role": "assistant", "content": "Noted.", "refusal": None}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": model,
        "choices": [{"index": 0, "message": said, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7},
    }  # fmt: skip


def _chunks(model: str) -> tuple[bytes, bytes, bytes]:
    def chunk(delta: Any, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        said = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": model}
        return f"data: {json.dumps({**said, 'choices': [choice]})}\n\n".encode()

    begin, piece = chunk({"role": "assistant", "content": ""}), chunk({"content": "noted "})
    return begin, piece, chunk({}, "stop") + b"data: [DONE]\n\n"


def _response(model: str) -> Any:
    part = {"type": "output_text", "text": "Noted.", "annotations": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    usage = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
    return {
        "id": "resp_1", "object": "response", "created_at": 0, "model": model,
        "status": "completed", "output": [{**item, "content": [part]}], "usage": usage,
    }  # fmt: skip


def _responses(model: str) -> tuple[bytes, bytes, bytes]:
    whole = _response(model)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "in_progress"}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": []}
    begin = _event("response.created", sequence_number=0, response=begun)
    begin += _event("response.output_item.added", output_index=0, item={**item, "content": []})
    begin += _event("response.content_part.added", **place, part=part)
    piece = _event("response.output_text.delta", **place, delta="noted ", logprobs=[])
    return begin, piece, _event("response.completed", response={**whole, "output": []})


def _generated(model: str, text: str = "Noted.", finish: str | None = "STOP") -> Any:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": text}]}}
    if finish is not None:
        candidate["finishReason"] = finish
    usage = {"promptTokenCount": 5, "candidatesTokenCount": 2}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model}


def _generating(model: str) -> tuple[bytes, bytes, bytes]:
    def piece(text: str, finish: str | None = None) -> bytes:
        return f"data: {json.dumps(_generated(model, text, finish))}\r\n\r\n".encode()

    return piece("noted "), piece("noted "), piece("noted.", "STOP")


def _conversed(_model: str) -> Any:
    message = {"role": "assistant", "content": [{"text": "Noted."}]}
    return {"output": {"message": message}, "stopReason": "end_turn", **_COUNTED}


_COUNTED = {
    "usage": {"inputTokens": 5, "outputTokens": 2, "totalTokens": 7},
    "metrics": {"latencyMs": 1},
}


def _conversing(_model: str) -> tuple[bytes, bytes, bytes]:
    index = {"contentBlockIndex": 0}
    piece = framed("contentBlockDelta", {**index, "delta": {"text": "noted "}})
    end = framed("contentBlockStop", index) + framed("messageStop", {"stopReason": "end_turn"})
    return framed("messageStart", {"role": "assistant"}), piece, end + framed("metadata", _COUNTED)


_SPOKEN: Mapping[str, tuple[Callable[[str], Any], Callable[[str], tuple[bytes, bytes, bytes]]]] = {
    "messages": (_message, _messages),
    "chat": (_completion, _chunks),
    "responses": (_response, _responses),
    "models": (_generated, _generating),
    "model": (_conversed, _conversing),
}


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
