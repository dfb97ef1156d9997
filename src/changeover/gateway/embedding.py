"""Applications' calls for embeddings.

No other model takes the place of the one that was asked, whatever the service lets be
replaced: its vectors would lie in another space, and an index that holds both finds
nothing. Where an order bars the model, the index has to be built anew, knowingly.

A host that takes requests in the client's own form gets them as they came but for the
model's name, and its answer goes back so.
"""

import msgspec

from changeover.basics.ids import new_id
from changeover.conversation.embedding import EmbeddingRequest, Embeddings
from changeover.conversation.model import Loss, Usage
from changeover.directory.model import Protocol, Route
from changeover.gateway.answer import Answer
from changeover.gateway.beside import Beside, misread
from changeover.gateway.operations import Done, Read, ToDo
from changeover.gateway.refusal import Refusal
from changeover.wire.errors import ProtocolError
from changeover.wire.operation import EmbeddingCodec, Written
from changeover.wire.operations import embedding_codec, passes


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asked, as it wrote it and as it was read."""

    protocol: Protocol
    body: bytes
    target: str
    request: EmbeddingRequest
    losses: tuple[Loss, ...]

    def passes(self, route: Route) -> bool:
        return passes(self.protocol, route.protocol, route.dialect)


class _Answered(msgspec.Struct, frozen=True):
    """The vectors, and the vendor's bytes that hold them."""

    embeddings: Embeddings
    body: bytes


class EmbeddingCalls:
    """Embeds for applications. One per process."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    async def embed(
        self, protocol: Protocol, presented: str | None, body: bytes, target: str = ""
    ) -> Answer:
        """Serves one call that came in `protocol`, with `target` after its path."""
        call_id = new_id("call")
        client = embedding_codec(protocol)
        assert client is not None
        try:
            key = self._beside.door.authorise(presented, "chat")
            asked = _read(client, protocol, body, target)
            done = await self._beside.operations.perform(
                ToDo(
                    call_id=call_id,
                    service=key.service,
                    slot=key.slot,
                    caller=key.prefix,
                    model=asked.request.model,
                    operation="embed",
                    kind="embedding",
                    write=lambda route, name: _written(client, asked, route, name),
                    read=lambda route, answer: _answered(asked, route, answer),
                )
            )
        except Refusal as refusal:
            return self._beside.refused(protocol, refusal, call_id)
        answer = _told(client, asked, done)
        headers = self._beside.headers(protocol, done)
        return Answer(status=200, headers=headers, body=answer)


def _read(client: EmbeddingCodec, protocol: Protocol, body: bytes, target: str) -> _Asked:
    try:
        request, losses = client.decode_request(body, target)
    except ProtocolError as error:
        raise misread(error) from error
    return _Asked(protocol=protocol, body=body, target=target, request=request, losses=losses)


def _written(client: EmbeddingCodec, asked: _Asked, route: Route, name: str) -> Written | None:
    """The request for a route: as it came where the host takes it so, else translated."""
    if asked.passes(route):
        return client.pass_request(asked.body, asked.target, name)
    vendor = embedding_codec(route.protocol, route.dialect)
    if vendor is None:
        return None
    written = vendor.write(asked.request, name)
    return msgspec.structs.replace(written, losses=(*asked.losses, *written.losses))


def _answered(asked: _Asked, route: Route, answer: bytes) -> Read[_Answered]:
    vendor = embedding_codec(route.protocol, route.dialect)
    assert vendor is not None
    embeddings = vendor.decode_reply(answer, len(asked.request.inputs))
    usage = Usage(input_tokens=embeddings.input_tokens)
    result = _Answered(embeddings, answer)
    return Read(result=result, usage=usage, model=embeddings.model or None)


def _told(client: EmbeddingCodec, asked: _Asked, done: Done[_Answered]) -> bytes:
    """The client's answer; what it says otherwise than the vendor is noted as lost."""
    route, answered = done.served.route, done.result
    if asked.passes(route):
        return client.pass_reply(answered.body, route.model)
    answer, losses = client.encode_reply(asked.request, answered.embeddings, route.model)
    done.attempt.lose(losses)
    return answer
