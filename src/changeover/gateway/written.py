"""What an application asks, in its own bytes.

Where a route speaks the same protocol, they pass through. Only where it speaks another one
is the request read whole and said in canonical form, and only then is refused what another
protocol cannot be asked; so it is read when a candidate first needs it.
"""

from collections.abc import Mapping

import msgspec

from changeover.conversation.model import ChatRequest, Loss
from changeover.gateway.refusal import Refusal
from changeover.gateway.seals import Outward, outward, unwrapped
from changeover.wire.codec import Codec
from changeover.wire.errors import ProtocolError
from changeover.wire.passing import Passage, PassingRequest
from changeover.wire.sealing import Wrapping


class Canonical(msgspec.Struct, frozen=True, kw_only=True):
    """A request in canonical form, what of it that lost, and how its answer leaves."""

    request: ChatRequest
    losses: tuple[Loss, ...] = ()
    outward: Outward | None = None


def thinks(request: ChatRequest) -> bool:
    """Whether the model is asked to reason."""
    return request.thinking is not None and request.thinking.effort != "none"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes that came in a client's protocol; `target` followed its path.

    `passage` is the protocol's, where it has one.
    """

    client: Codec
    passage: Passage | None
    wrapping: Wrapping
    body: bytes
    target: str = ""
    headers: Mapping[str, str] = {}

    def canonical(self) -> Canonical:
        """The request in canonical form; `Refusal` for what cannot be said in it."""
        try:
            request, losses = self.client.decode_request(self.body, self.target)
        except ProtocolError as error:
            raise Refusal(error.status, error.code, str(error), field=error.field) from error
        request, unsealed = unwrapped(request, self.wrapping)
        return Canonical(
            request=request,
            losses=(*losses, *unsealed),
            outward=outward(self.wrapping, self.client.protocol, asked=thinks(request)),
        )


class Unread:
    """A request that is asked by its model's name; it is read when it must be translated."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.passing: PassingRequest | None = None
        self._canonical: Canonical | None = None
        if written.passage is None:
            found = self.canonical().request
            self.model, self.stream = found.model, found.stream
            return
        try:
            self.passing = written.passage.read(written.body, written.target)
        except ProtocolError as error:
            raise Refusal(error.status, error.code, str(error), field=error.field) from error
        self.model, self.stream = self.passing.model, self.passing.stream

    def canonical(self) -> Canonical:
        """The request in canonical form, read once; `Refusal`."""
        if self._canonical is None:
            self._canonical = self.written.canonical()
        return self._canonical
