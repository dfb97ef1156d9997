"""Applications' calls for embeddings.

No other model takes the place of the one that was asked, whatever the service lets be
replaced: its vectors would lie in another space, and an index that holds both finds
nothing. Where an order bars the model, the index has to be built anew, knowingly.
"""

from changeover.basics.ids import new_id
from changeover.conversation.embedding import EmbeddingRequest, Embeddings
from changeover.conversation.model import Loss, Usage
from changeover.directory.model import Protocol, Route
from changeover.gateway.answer import Answer
from changeover.gateway.beside import Beside, misread
from changeover.gateway.operations import Read, ToDo
from changeover.gateway.refusal import Refusal
from changeover.wire.errors import ProtocolError
from changeover.wire.operation import EmbeddingCodec, Written
from changeover.wire.operations import embedding_codec


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
            request, losses = _read(client, body, target)
            done = await self._beside.operations.perform(
                ToDo(
                    call_id=call_id,
                    service=key.service,
                    slot=key.slot,
                    caller=key.prefix,
                    model=request.model,
                    operation="embed",
                    kind="embedding",
                    write=lambda route, name: _written(request, route, name),
                    read=lambda route, answer: _answered(request, route, answer),
                    losses=losses,
                )
            )
        except Refusal as refusal:
            return self._beside.refused(protocol, refusal, call_id)
        answer, more = client.encode_reply(request, done.result, done.served.route.model)
        done.attempt.lose(more)
        headers = self._beside.headers(protocol, done)
        return Answer(status=200, headers=headers, body=answer)


def _read(
    client: EmbeddingCodec, body: bytes, target: str
) -> tuple[EmbeddingRequest, tuple[Loss, ...]]:
    try:
        return client.decode_request(body, target)
    except ProtocolError as error:
        raise misread(error) from error


def _written(request: EmbeddingRequest, route: Route, name: str) -> Written | None:
    vendor = embedding_codec(route.protocol, route.dialect)
    return None if vendor is None else vendor.write(request, name)


def _answered(request: EmbeddingRequest, route: Route, answer: bytes) -> Read[Embeddings]:
    vendor = embedding_codec(route.protocol, route.dialect)
    assert vendor is not None
    embeddings = vendor.decode_reply(answer, len(request.inputs))
    usage = Usage(input_tokens=embeddings.input_tokens)
    return Read(result=embeddings, usage=usage, model=embeddings.model or None)
