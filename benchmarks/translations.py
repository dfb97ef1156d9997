"""One request and one stream in every protocol: what `wire` measures with.

Both begin as a Chat Completions call. A codec writes a client's stream in the form of
its own vendor's, and a vendor's request in that of its clients', so each protocol's bytes
come from its own codec.
"""

from collections.abc import Mapping
from functools import cache

from benchmarks.exchange import STREAMED, streamed_answer
from changeover.conversation.events import Event
from changeover.directory.model import Protocol
from changeover.wire.codec import ReplyContext
from changeover.wire.event_stream import MessageParser
from changeover.wire.registry import codec

BEGUN_IN: Protocol = "openai-chat"
MODEL = "gpt-4.1"
CONTEXT = ReplyContext(
    id="call_benchmark", model="openai/gpt-4.1", created=1_772_000_000, include_usage=True
)
_TARGETS: Mapping[Protocol, str] = {
    "gemini-generate": f"/{MODEL}:streamGenerateContent?alt=sse",
    "bedrock-converse": f"/{MODEL}/converse-stream",
}
_BINARY: Protocol = "bedrock-converse"
_DONE = b"[DONE]"
_DATA = b"data: "


@cache
def request(protocol: Protocol) -> tuple[bytes, str]:
    """The request as a client of `protocol` sends it: its body, and what follows its path."""
    asked, _ = codec(BEGUN_IN).decode_request(STREAMED.body)
    if protocol == BEGUN_IN:
        return STREAMED.body, ""
    body, _ = codec(protocol).encode_request(asked, MODEL)
    return body, _TARGETS.get(protocol, "")


@cache
def stream(protocol: Protocol) -> tuple[bytes, ...]:
    """The stream as the vendor of `protocol` sends it, event by event."""
    if protocol == BEGUN_IN:
        return tuple(streamed_answer())
    encoder = codec(protocol).stream_encoder(CONTEXT)
    pieces = [encoder.encode(event) for event in _events()]
    if protocol == _BINARY:
        return tuple(piece for piece in pieces if piece)
    written = b"".join(pieces)
    return tuple(event + b"\n\n" for event in written.split(b"\n\n") if event)


def payloads(protocol: Protocol) -> list[bytes]:
    """The JSON of each event of the stream."""
    if protocol == _BINARY:
        decoder = MessageParser()
        return [frame.payload for chunk in stream(protocol) for frame in decoder.feed(chunk)]
    lines = [line for event in stream(protocol) for line in event.splitlines()]
    found = [line.removeprefix(_DATA) for line in lines if line.startswith(_DATA)]
    return [payload for payload in found if payload != _DONE]


def _events() -> list[Event]:
    decoder = codec(BEGUN_IN).stream_decoder()
    read = [event for chunk in streamed_answer() for event in decoder.feed(chunk)]
    return [*read, *decoder.close()]
