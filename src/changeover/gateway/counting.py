"""Applications' calls that ask how many tokens a request would have.

The model's vendor is asked, through the same decision as for an answer, because counting
shows it the whole conversation. A host whose protocol cannot count is not asked: the
count is estimated here (`conversation/estimating.py`), which is reported as `estimated`. A
model that may not be called is not counted for either, and the refusal is the same.
"""

import msgspec

from changeover.basics.ids import new_id
from changeover.conversation.estimating import estimate
from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Route
from changeover.gateway.answer import Answer, Spoken
from changeover.gateway.beside import Beside, misread
from changeover.gateway.operations import Read, ToDo
from changeover.gateway.refusal import Refusal
from changeover.gateway.seals import in_scope, unwrapped
from changeover.wire.errors import ProtocolError
from changeover.wire.operation import CountingCodec, Written
from changeover.wire.operations import counter, counting_codec
from changeover.wire.sealing import Wrapping

_ESTIMATED = Loss(field="estimated", why="The model's host cannot count; four bytes are a token.")


class CountingCalls:
    """Counts for applications. One per process."""

    def __init__(self, beside: Beside, wrapping: Wrapping) -> None:
        self._beside = beside
        self._wrapping = wrapping

    async def count(
        self, spoken: Spoken, presented: str | None, body: bytes, target: str = ""
    ) -> Answer:
        """Serves one call that came in `spoken`, with `target` after its path."""
        call_id = new_id("call")
        client = counting_codec(*(spoken if isinstance(spoken, tuple) else (spoken, None)))
        assert client is not None
        try:
            key = self._beside.door.authorise(presented, "chat")
            given, losses = _read(client, body, target)
            request, unsealed = unwrapped(given, self._wrapping)
            done = await self._beside.operations.perform(
                ToDo(
                    call_id=call_id,
                    service=key.service,
                    slot=key.slot,
                    caller=key.prefix,
                    model=request.model,
                    operation="count-tokens",
                    kind="chat",
                    write=lambda route, name: _written(request, route, name),
                    read=_counted,
                    losses=(*losses, *unsealed),
                    without=lambda: (estimate(request), _ESTIMATED),
                    only=False,
                )
            )
        except Refusal as refusal:
            return self._beside.refused(spoken, refusal, call_id)
        headers = self._beside.headers(spoken, done)
        return Answer(status=200, headers=headers, body=client.encode_reply(done.result))


def _read(client: CountingCodec, body: bytes, target: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    try:
        return client.decode_request(body, target)
    except ProtocolError as error:
        raise misread(error) from error


def _written(request: ChatRequest, route: Route, name: str) -> Written | None:
    vendor = counter(route.protocol, route.dialect)
    if vendor is None:
        return None
    given, withheld = in_scope(request, route)
    written = vendor.write(given, name)
    return msgspec.structs.replace(written, losses=(*withheld, *written.losses))


def _counted(route: Route, answer: bytes) -> Read[int]:
    vendor = counter(route.protocol, route.dialect)
    assert vendor is not None
    return Read(result=vendor.decode_reply(answer))
