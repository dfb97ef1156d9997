"""Embeddings that Changeover itself asks for in a person's name, as its search does.

They take the way of an application's: the same decision, journal and looks at the rules. The
ledger names an account where it would name a key.
"""

import msgspec

from changeover.basics.ids import new_id
from changeover.conversation.embedding import EmbeddingInput, EmbeddingRequest, Embeddings
from changeover.conversation.model import Text, Usage
from changeover.directory.model import Route
from changeover.gateway.operations import Operations, Read, ToDo
from changeover.gateway.serving import Serving
from changeover.wire.operation import Written
from changeover.wire.operations import embedding_codec


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """Texts to be embedded through a service's slot, for the account of a person."""

    service: str
    slot: str
    account: str
    model: str
    texts: tuple[str, ...]


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """The vectors, in the order of the texts, and the directory's model that gave them."""

    model: str
    vectors: tuple[tuple[float, ...], ...]


class Embedder:
    """Embeds on behalf of people."""

    def __init__(self, serving: Serving) -> None:
        self._operations = Operations(serving)

    async def embed(self, wanted: Embedding) -> Embedded:
        """The vectors. Raises `refusal.Refusal` when there are none to be had."""
        request = EmbeddingRequest(
            model=wanted.model,
            inputs=tuple(EmbeddingInput(parts=(Text(text=text),)) for text in wanted.texts),
        )
        done = await self._operations.perform(
            ToDo(
                call_id=new_id("call"),
                service=wanted.service,
                slot=wanted.slot,
                caller=wanted.account,
                model=wanted.model,
                operation="embed",
                kind="embedding",
                write=lambda route, name: _written(request, route, name),
                read=lambda route, answer: _read(request, route, answer),
            )
        )
        return Embedded(model=done.served.route.model, vectors=done.result.vectors)


def _written(request: EmbeddingRequest, route: Route, name: str) -> Written | None:
    vendor = embedding_codec(route.protocol, route.dialect)
    return None if vendor is None else vendor.write(request, name)


def _read(request: EmbeddingRequest, route: Route, answer: bytes) -> Read[Embeddings]:
    vendor = embedding_codec(route.protocol, route.dialect)
    assert vendor is not None
    embeddings = vendor.decode_reply(answer, len(request.inputs))
    usage = Usage(input_tokens=embeddings.input_tokens)
    return Read(result=embeddings, usage=usage, model=embeddings.model or None)
