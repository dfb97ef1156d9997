"""Embeddings that Changeover itself asks for, such as those of documents.

They take the same way as an application's (`embedding`), with its decisions, its journal and its
two looks at the rules; the ledger names the account of whoever brought or asks what is embedded.
No other model takes the place of the one that is named.
"""

from collections.abc import Sequence

import msgspec

from changeover.basics.ids import new_id
from changeover.conversation.embedding import EmbeddingInput, EmbeddingRequest, Embeddings
from changeover.conversation.model import Text, Usage
from changeover.directory.model import Route
from changeover.gateway.operations import Operations, Read, ToDo
from changeover.gateway.serving import Serving
from changeover.wire.operation import Written
from changeover.wire.operations import embedding_codec

_TASKS = {False: "RETRIEVAL_DOCUMENT", True: "RETRIEVAL_QUERY"}
"""Whether it is a question: as Gemini calls it, which alone wants to be told."""


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """Texts to be embedded by a model through a service's slot.

    `account` is whose they are, `content` the data classes of what they are taken from.
    """

    service: str
    slot: str
    account: str
    model: str
    texts: Sequence[str]
    question: bool = False
    content: tuple[str, ...] = ()


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """The vectors in the texts' order, the model that made them, and its vendor's name of it."""

    vectors: tuple[tuple[float, ...], ...]
    model: str
    version: str


class OwnEmbedding:
    """Has texts embedded."""

    def __init__(self, serving: Serving) -> None:
        self._operations = Operations(serving)

    async def embed(self, wanted: Embedding) -> Embedded:
        """The vectors. Raises `refusal.Refusal` when there are none to be had."""
        done = await self._operations.perform(
            ToDo(
                call_id=new_id("call"),
                service=wanted.service,
                slot=wanted.slot,
                caller=wanted.account,
                model=wanted.model,
                operation="embed",
                kind="embedding",
                write=lambda route, name: _written(wanted, route, name),
                read=lambda route, answer: _read(wanted, route, answer),
                content=wanted.content,
            )
        )
        vectors = done.result.vectors
        return Embedded(vectors=vectors, model=done.served.route.model, version=done.model)


def _written(wanted: Embedding, route: Route, name: str) -> Written | None:
    vendor = embedding_codec(route.protocol, route.dialect)
    if vendor is None:
        return None
    task = _TASKS[wanted.question] if route.protocol == "gemini-generate" else None
    inputs = tuple(EmbeddingInput(parts=(Text(text=text),), task=task) for text in wanted.texts)
    return vendor.write(EmbeddingRequest(model=wanted.model, inputs=inputs), name)


def _read(wanted: Embedding, route: Route, answer: bytes) -> Read[Embeddings]:
    vendor = embedding_codec(route.protocol, route.dialect)
    assert vendor is not None
    embeddings = vendor.decode_reply(answer, len(wanted.texts))
    usage = Usage(input_tokens=embeddings.input_tokens)
    return Read(result=embeddings, usage=usage, model=embeddings.model or None)
