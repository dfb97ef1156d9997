"""What the processes that serve the same conversations tell each other.

A signal says where to look, never what is there: who hears it reads the store. So
one that comes twice or late does no harm, and for those that are lost everybody
looks by themselves every few seconds (`recovery`).
"""

from collections.abc import Collection, Iterator

import msgspec

_AT_ONCE = 100


class Grown(msgspec.Struct, frozen=True, kw_only=True, tag_field="told", tag="grown"):
    """The process `start` has stored events of these conversations."""

    start: str
    conversations: tuple[str, ...]


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag_field="told", tag="stop"):
    """Whoever writes this turn shall stop."""

    conversation: str
    turn: str


_decoder: msgspec.json.Decoder[Grown | Stop] = msgspec.json.Decoder(Grown | Stop)


def payloads(start: str, conversations: Collection[str]) -> Iterator[str]:
    """Signals that these have grown, each short enough to be sent."""
    names = sorted(conversations)
    for first in range(0, len(names), _AT_ONCE):
        yield payload(Grown(start=start, conversations=tuple(names[first : first + _AT_ONCE])))


def payload(told: Grown | Stop) -> str:
    """A signal as it is sent."""
    return msgspec.json.encode(told).decode()


def heard(text: str) -> Grown | Stop | None:
    """A signal that came; None when some were missed, or are of a kind not known here."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError:
        return None
