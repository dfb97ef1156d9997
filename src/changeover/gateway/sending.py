"""What goes out to a candidate: its client's own bytes, or the request translated.

1. Where client and route speak one protocol, and the route's host speaks it as its own
   vendor does, the bytes pass through, unless the protocol's passage declines them, or
   the route takes the place of another: they were written for that one's model, and this
   one may not take all that it does.
2. Else the canonical request goes, with the seals alone that the route can read.

Where neither can be, the next candidate may speak another protocol.
"""

from collections.abc import Mapping

import msgspec

from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Dialect, Route
from changeover.gateway.flow import Flow, PassedOn, Translated
from changeover.gateway.seals import SealsOfRoute, in_scope
from changeover.gateway.written import Canonical, Unread
from changeover.wire.codec import Codecs
from changeover.wire.passing import Passages, Towards
from changeover.wire.sse import MEDIA_TYPE


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A route, how its host speaks, the host's name of the model, and whether it replaces one."""

    route: Route
    dialect: Dialect | None
    name: str
    replaces: bool = False


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A request in the route's protocol, what of it is lost, and what reads the answer."""

    body: bytes
    target: str
    losses: tuple[Loss, ...]
    flow: Flow
    stream_type: str
    headers: Mapping[str, str] = {}


class Sender:
    """Says requests in routes' protocols."""

    def __init__(self, codec: Codecs, passage: Passages) -> None:
        self._codec = codec
        self._passage = passage

    def sending(self, asked: ChatRequest | Unread, place: Place) -> Sending:
        """The request for a place.

        `Refusal` where the client's own words cannot be translated, `ProtocolError` where
        the place's protocol cannot say them.
        """
        passed = self._passed(asked, place) if isinstance(asked, Unread) else None
        if passed is not None:
            return passed
        canonical = asked.canonical() if isinstance(asked, Unread) else Canonical(request=asked)
        vendor = self._codec(place.route.protocol, place.dialect)
        request, withheld = in_scope(canonical.request, place.route)
        body, losses = vendor.encode_request(request, place.name)
        return Sending(
            body=body,
            target=vendor.target(place.name, stream=request.stream),
            losses=(*canonical.losses, *withheld, *losses),
            flow=Translated(vendor, place.route, canonical.outward, request),
            stream_type=vendor.stream_type,
        )

    def _passed(self, asked: Unread, place: Place) -> Sending | None:
        written, route = asked.written, place.route
        passage = self._passage(route.protocol, place.dialect)
        same = route.protocol == written.client.protocol
        if asked.passing is None or passage is None or not same or place.replaces:
            return None
        seals = SealsOfRoute(written.wrapping, route)
        out = asked.passing.outbound(Towards(model=place.name, shown=route.model, seals=seals))
        if out is None:
            return None
        return Sending(
            body=out.body,
            target=out.target,
            losses=out.losses,
            flow=PassedOn(out.answer, text=written.client.stream_type == MEDIA_TYPE),
            stream_type=written.client.stream_type,
            headers={n: v for n, v in written.headers.items() if n in passage.headers},
        )
