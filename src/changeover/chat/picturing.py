"""The pictures of a conversation: which go with a message, and to which models.

* A picture goes with the first message that is sent after it came, and stays with it: it is
  among what every later answer on that path is given. An edited message keeps its own.
* A model is sent pictures where the directory says that it takes them, the newest `MOST` of a
  path. Where it takes none, where there are more, or where one was taken away, words stand in
  its place, and the answer tells which pictures it was not given.
* Until then a picture is named by its file: its bytes are kept once, beside the conversation.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from changeover.chat.context import SCHEME
from changeover.chat.model import StoredTurn
from changeover.chat.new_turns import Message
from changeover.chat.ports import Pictures
from changeover.chat.shelf import Loaded
from changeover.conversation.model import ChatRequest, Image, Part, Text
from changeover.conversation.model import Turn as Said
from changeover.documents.model import SentPicture
from changeover.documents.picturing import Picture

MOST = 20


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A request with the pictures that its model is given, and the names of those it is not."""

    request: ChatRequest
    unseen: tuple[str, ...]


async def going(pictures: Pictures, loaded: Loaded, message: Message) -> tuple[SentPicture, ...]:
    """The pictures that go with a message: those that went with none, and an edited one's own."""
    sent = {one.file for turn in loaded.turns for one in turn.pictures}
    edited = {
        one.file for turn in loaded.turns if turn.id == message.instead_of for one in turn.pictures
    }
    every = await pictures.all(loaded.conversation.id)
    return tuple(
        SentPicture(file=file.id, name=file.name)
        for file in every
        if file.id in edited or file.id not in sent
    )


async def seen(
    pictures: Pictures, request: ChatRequest, path: Sequence[StoredTurn], *, takes: bool
) -> Seen:
    """The request with pictures in place of their files' names, if the model `takes` any."""
    wanted = [name for turn in request.turns for name in _files(turn.parts)]
    if not wanted:
        return Seen(request=request, unseen=())
    some = wanted[-MOST:] if takes else []
    ready = await pictures.ready(path[0].conversation, some) if some else {}
    names = {one.file: one.name for turn in path for one in turn.pictures}
    turns = tuple(
        Said(role=turn.role, parts=tuple(_shown(part, ready, names) for part in turn.parts))
        for turn in request.turns
    )
    unseen = dict.fromkeys(names[name] for name in wanted if name not in ready)
    return Seen(request=msgspec.structs.replace(request, turns=turns), unseen=tuple(unseen))


def _files(parts: Iterable[Part]) -> list[str]:
    return [
        part.url.removeprefix(SCHEME)
        for part in parts
        if isinstance(part, Image) and part.url.startswith(SCHEME)
    ]


def _shown(part: Part, ready: Mapping[str, Picture], names: Mapping[str, str]) -> Part:
    for name in _files((part,)):
        found = ready.get(name)
        if found is None:
            return Text(text=f"[The picture {names[name]} stood here. It is not shown to you.]\n")
        return Image(media_type=found.media_type, data=found.data)
    return part
