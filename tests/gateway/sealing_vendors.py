"""Vendors that reason, seal what they reasoned, and refuse what they did not seal.

They and their clients speak the canonical values themselves, as JSON, so that these tests
are about seals and about no protocol.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec

from changeover.conversation.events import Event, Failed, unfold
from changeover.conversation.model import (
    ChatRequest,
    Loss,
    Part,
    Reasoning,
    Reply,
    ReplyPart,
    Sealed,
    Text,
)
from changeover.directory.model import Model, Protocol
from changeover.gateway.ports import Look, Outgoing
from changeover.wire.codec import ReplyContext
from tests.gateway.worlds import Arriving

_event = msgspec.json.Decoder(Event)


_PLAIN = Loss(field="reasoning", why="Only what was sealed is taken back.")


class _Lines:
    """Events to lines and back."""

    def feed(self, data: bytes) -> list[Event]:
        return [_event.decode(line) for line in data.splitlines()]

    def close(self) -> list[Event]:
        return []

    def encode(self, event: Event) -> bytes:
        return msgspec.json.encode(event) + b"\n"


class Canonical:
    """Implements `Codec` without any protocol."""

    path = "/canonical"
    stream_type = "text/event-stream"

    def __init__(self, protocol: Protocol = "openai-chat", dialect: object = None) -> None:
        self.protocol: Protocol = protocol

    def target(self, upstream_model: str, *, stream: bool) -> str:
        return ""

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        return msgspec.json.decode(body, type=ChatRequest), ()

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        turns = tuple(
            msgspec.structs.replace(turn, parts=tuple(p for p in turn.parts if not _plain(p)))
            for turn in request.turns
        )
        sent = msgspec.structs.replace(request, model=upstream_model, turns=turns)
        plain = any(_plain(part) for turn in request.turns for part in turn.parts)
        return msgspec.json.encode(sent), (_PLAIN,) if plain else ()

    def decode_reply(self, body: bytes) -> list[Event]:
        return unfold(msgspec.json.decode(body, type=Reply))

    def stream_decoder(self) -> _Lines:
        return _Lines()

    def decode_error(self, status: int, body: bytes) -> Failed:
        return Failed(kind="refused", message=body.decode())

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes:
        return msgspec.json.encode(reply)

    def stream_encoder(self, context: ReplyContext) -> _Lines:
        return _Lines()

    def encode_error(
        self, status: int, kind: str, message: str, request_id: str, field: str | None = None
    ) -> bytes:
        return f"{kind}: {message}".encode()

    def encode_models(self, models: Iterable[Model]) -> bytes:
        return b"[]"


class Sealing:
    """Implements `Upstream`: every host reasons, and takes back only what its model sealed."""

    def __init__(self) -> None:
        self.received: list[tuple[str, ChatRequest]] = []

    def reaches(self, host: str, protocol: str) -> bool:
        return True

    def stands_in(self, host: str) -> bool:
        return False

    @asynccontextmanager
    async def send(self, outgoing: Outgoing, last_look: Look) -> AsyncIterator[Arriving]:
        last_look(written=False)
        last_look(written=True)
        request = msgspec.json.decode(outgoing.body, type=ChatRequest)
        self.received.append((outgoing.host, request))
        wrong = [part for part in reasoning(request) if not _sealed_by(request.model, part)]
        if wrong:
            yield Arriving([b"Invalid `signature` in `thinking` block"], status=400)
            return
        events = unfold(_answer(request))
        if outgoing.stream:
            yield Arriving([_Lines().encode(event) for event in events])
        else:
            yield Arriving([msgspec.json.encode(_answer(request))])


def reasoning(request: ChatRequest) -> list[Reasoning]:
    return [part for turn in request.turns for part in turn.parts if isinstance(part, Reasoning)]


def _plain(part: Part) -> bool:
    return isinstance(part, Reasoning) and part.sealed is None


def signature(model: str, words: str) -> str:
    return hashlib.sha256(f"{model}: {words}".encode()).hexdigest()


def _sealed_by(model: str, part: Reasoning) -> bool:
    return part.sealed is not None and part.sealed.value == signature(model, part.text)


def _answer(request: ChatRequest) -> Reply:
    words = f"{request.model} thinks of turn {len(request.turns)}."
    sealed = Sealed(form="signature", value=signature(request.model, words), bound="model")
    parts: tuple[ReplyPart, ...] = (Reasoning(text=words, sealed=sealed), Text(text="Done. "))
    return Reply(id="r", model=request.model, parts=parts, stop="end")
