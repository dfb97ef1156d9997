"""Applications' calls for sound and pictures, in OpenAI's protocol.

They are carried where the model's host speaks that protocol too, and refused by name elsewhere.
The body goes as it came but for the model's name, and what the vendor answers comes back
as it came; an order that cuts breaks the body off.
"""

from typing import Literal

import msgspec

from changeover.basics.ids import new_id
from changeover.directory.model import ModelKind, Protocol, Route
from changeover.gateway.answer import Answer
from changeover.gateway.beside import Beside, misread
from changeover.gateway.model import Operation
from changeover.gateway.operations import Read, ToDo
from changeover.gateway.refusal import Refusal
from changeover.wire.errors import ProtocolError
from changeover.wire.openai_chat.media import Media, counted
from changeover.wire.operation import Written

_SPOKEN: tuple[Protocol, ...] = ("openai-chat", "openai-responses")
MediaPath = Literal[
    "/audio/speech",
    "/audio/transcriptions",
    "/audio/translations",
    "/images/generations",
    "/images/edits",
]


class _Asks(msgspec.Struct, frozen=True):
    operation: Operation
    kind: ModelKind


MEDIA: dict[MediaPath, _Asks] = {
    "/audio/speech": _Asks("speak", "audio"),
    "/audio/transcriptions": _Asks("transcribe", "audio"),
    "/audio/translations": _Asks("translate-speech", "audio"),
    "/images/generations": _Asks("draw", "image"),
    "/images/edits": _Asks("edit-image", "image"),
}


class MediaCalls:
    """Has sound and pictures made for applications. One per process."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    async def make(
        self, path: MediaPath, presented: str | None, body: bytes, content_type: str
    ) -> Answer:
        """Serves one call that was posted at `path`, below `/v1`."""
        call_id = new_id("call")
        asks = MEDIA[path]
        try:
            key = self._beside.door.authorise(presented, "chat")
            media = _read(body, content_type)
            flow = await self._beside.operations.pass_on(
                ToDo(
                    call_id=call_id,
                    service=key.service,
                    slot=key.slot,
                    caller=key.prefix,
                    model=media.model,
                    operation=asks.operation,
                    kind=asks.kind,
                    write=lambda route, name: _written(media, path, route, name),
                    read=_answered,
                    only=False,
                )
            )
        except Refusal as refusal:
            return self._beside.refused("openai-chat", refusal, call_id)
        headers = self._beside.headers("openai-chat", flow)
        return Answer(status=200, headers=headers, stream=flow, media_type=flow.media_type)


def _read(body: bytes, content_type: str) -> Media:
    try:
        return Media(body, content_type)
    except ProtocolError as error:
        raise misread(error) from error


def _written(media: Media, path: MediaPath, route: Route, name: str) -> Written | None:
    return media.write(path, name) if route.protocol in _SPOKEN else None


def _answered(_route: Route, answer: bytes) -> Read[bytes]:
    return Read(result=answer, usage=counted(answer))
