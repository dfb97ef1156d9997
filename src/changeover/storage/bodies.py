"""What of a turn only the chat understands, as its row keeps it."""

import msgspec

from changeover.chat.model import OrderRef, Origin, Problem, Withheld
from changeover.conversation.model import Part, words_of
from changeover.documents.model import Given, SentPicture


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a turn stands in its body."""

    parts: tuple[Part, ...]
    problem: Problem | None = None
    fresh: bool = False
    cause: OrderRef | None = None
    since: int = 0
    instructed: bool = False
    origin: Origin | None = None
    given: Given | None = None
    withheld: tuple[Withheld, ...] = ()
    content: tuple[str, ...] = ()
    pictures: tuple[SentPicture, ...] = ()
    unseen: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(Body)


def decode_body(body: bytes) -> Body:
    """A turn's body; `msgspec.DecodeError` for what is none."""
    return _decoder.decode(body)


def words_of_body(body: bytes) -> str:
    """The words of a turn, from its body; `msgspec.DecodeError` for what is none."""
    return words_of(decode_body(body).parts)
