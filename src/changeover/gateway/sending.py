"""What goes out to a candidate: its client's own bytes, or the request translated.

1. Where client and route speak one protocol, and the route's host speaks it as its own
   vendor does, the bytes pass through, unless the protocol's passage declines them.
2. Else the canonical request goes, with the seals alone that the route can read.

`Refusal` where neither can be; the next candidate may speak another protocol.
"""

from collections.abc import Mapping

import msgspec

from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Route
from changeover.gateway.flow import Flow, PassedOn, Translated
from changeover.gateway.seals import SealsOfRoute, in_scope
from changeover.gateway.written import Canonical, Unread
from changeover.wire.codec import Codecs
from changeover.wire.passing import Passages, Towards


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A request in the route's protocol, what of it is lost, and what reads the answer."""

    body: bytes
    target: str
    losses: tuple[Loss, ...]
    flow: Flow
    headers: Mapping[str, str] = {}


class Sender:
    """Says requests in routes' protocols."""

    def __init__(self, codec: Codecs, passage: Passages) -> None:
        self._codec = codec
        self._passage = passage

    def sending(self, asked: "ChatRequest | Unread", route: Route, name: str) -> Sending:
        """The request for a route, whose host knows the model by `name`."""
        passed = self._passed(asked, route, name) if isinstance(asked, Unread) else None
        if passed is not None:
            return passed
        canonical = asked.canonical() if isinstance(asked, Unread) else Canonical(request=asked)
        vendor = self._codec(route.protocol, route.dialect)
        request, withheld = in_scope(canonical.request, route)
        body, losses = vendor.encode_request(request, name)
        return Sending(
            body=body,
            target=vendor.target(name, stream=request.stream),
            losses=(*canonical.losses, *withheld, *losses),
            flow=Translated(vendor, route, canonical.outward),
        )

    def _passed(self, asked: Unread, route: Route, name: str) -> Sending | None:
        written = asked.written
        passage = self._passage(route.protocol, route.dialect)
        same = route.protocol == written.client.protocol
        if asked.passing is None or passage is None or not same:
            return None
        seals = SealsOfRoute(written.wrapping, route)
        towards = Towards(model=name, shown=route.model, seals=seals)
        out = asked.passing.outbound(towards)
        if out is None:
            return None
        return Sending(
            body=out.body,
            target=out.target,
            losses=out.losses,
            flow=PassedOn(out.answer),
            headers={n: v for n, v in written.headers.items() if n in passage.headers},
        )
