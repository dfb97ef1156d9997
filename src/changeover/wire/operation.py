"""What a protocol offers beside chat, so that the gateway knows no vendor.

Not every protocol has every operation: where it has none, there is no codec of it.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from changeover.conversation.embedding import EmbeddingRequest, Embeddings
from changeover.conversation.model import ChatRequest, Loss
from changeover.wire.errors import VendorProtocolError


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A request as a host takes it.

    `target` follows the path of the protocol's endpoint; `beside` stands in place of what that
    path has of its protocol, where the operation is posted to a path of its own.
    """

    body: bytes
    target: str = ""
    beside: str = ""
    content_type: str = "application/json"
    losses: tuple[Loss, ...] = ()


_GREATEST = 3.4028234663852886e38


def finite(numbers: Iterable[float]) -> tuple[float, ...]:
    """A vendor's vector, which every protocol can write: of numbers that 32 bits hold."""
    vector = tuple(numbers)
    if not all(-_GREATEST <= number <= _GREATEST for number in vector):
        raise VendorProtocolError("The vendor sent an embedding with a number beyond 32 bits.")
    return vector


class EmbeddingCodec(Protocol):
    """Embeddings in one protocol, both ways."""

    def decode_request(
        self, body: bytes, target: str = ""
    ) -> tuple[EmbeddingRequest, tuple[Loss, ...]]:
        """A client's request and what of it is not carried; `ProtocolError` if refused.

        `target` is what followed the path in the client's address.
        """
        ...

    def write(self, request: EmbeddingRequest, upstream_model: str) -> Written:
        """The vendor's request; `ProtocolError` where the host cannot be asked that."""
        ...

    def decode_reply(self, body: bytes, inputs: int) -> Embeddings:
        """A vendor's vectors for so many inputs; `VendorProtocolError` if they are none."""
        ...

    def encode_reply(
        self, request: EmbeddingRequest, embeddings: Embeddings, model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        """The client's answer under the model's name to show, and what it says otherwise."""
        ...

    def pass_request(self, body: bytes, target: str, upstream_model: str) -> Written:
        """A client's request, read before, as it is but for the model, for a host of its form."""
        ...

    def pass_reply(self, body: bytes, model: str) -> bytes:
        """A vendor's answer, read before, as it is but for the model's name to show."""
        ...


class Counter(Protocol):
    """Counting an input's tokens at a host."""

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        """The vendor's request."""
        ...

    def decode_reply(self, body: bytes) -> int:
        """The count; `VendorProtocolError` if it is none."""
        ...


class CountingCodec(Counter, Protocol):
    """Counting an input's tokens in one protocol, both ways."""

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        """What a client wants counted, and what is left out; `ProtocolError` if refused."""
        ...

    def encode_reply(self, tokens: int) -> bytes:
        """The client's answer."""
        ...
