"""Applications' calls that ask how many tokens a request would have.

The model's vendor is asked, through the same decision as for an answer, because counting
shows it the whole conversation. A host whose protocol cannot count is not asked: the
count is estimated here (`conversation/estimating.py`), which is reported as `estimated`. A
model that may not be called is not counted for either, and the refusal is the same.
"""

from changeover.basics.ids import new_id
from changeover.conversation.estimating import estimate
from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Protocol, Route
from changeover.gateway.answer import Answer, refused
from changeover.gateway.door import Door
from changeover.gateway.headers import reply_headers
from changeover.gateway.operations import Operations, Read, ToDo
from changeover.gateway.refusal import Refusal
from changeover.gateway.serving import Serving
from changeover.wire.codec import Codecs
from changeover.wire.errors import ProtocolError
from changeover.wire.operation import CountingCodec, Written
from changeover.wire.operations import counting_codec

_ESTIMATED = Loss(field="estimated", why="The model's host cannot count; four bytes are a token.")


class CountingCalls:
    """Counts for applications. One per process."""

    def __init__(self, serving: Serving, door: Door, codec: Codecs) -> None:
        self._serving = serving
        self._operations = Operations(serving)
        self._door = door
        self._codec = codec

    async def count(
        self, protocol: Protocol, presented: str | None, body: bytes, target: str = ""
    ) -> Answer:
        """Serves one call that came in `protocol`, with `target` after its path."""
        call_id = new_id("call")
        client = counting_codec(protocol)
        assert client is not None
        try:
            key = self._door.authorise(presented, "chat")
            request, losses = _read(client, body, target)
            done = await self._operations.perform(
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
                    losses=losses,
                    without=lambda: (estimate(request), _ESTIMATED),
                    only=False,
                )
            )
        except Refusal as refusal:
            return refused(self._codec(protocol), refusal, call_id)
        headers = reply_headers(
            self._serving.ruleset(), done.served, done.attempt.lost, model=done.model
        )
        return Answer(status=200, headers=headers, body=client.encode_reply(done.result))


def _read(client: CountingCodec, body: bytes, target: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    try:
        return client.decode_request(body, target)
    except ProtocolError as error:
        raise Refusal(error.status, error.code, str(error)) from error


def _written(request: ChatRequest, route: Route, name: str) -> Written | None:
    vendor = counting_codec(route.protocol, route.dialect)
    return None if vendor is None else vendor.write(request, name)


def _counted(route: Route, answer: bytes) -> Read[int]:
    vendor = counting_codec(route.protocol, route.dialect)
    assert vendor is not None
    return Read(result=vendor.decode_reply(answer))
