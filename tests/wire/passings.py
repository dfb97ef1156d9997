"""A passage in tests: seals that tell where they were, and answers passed in pieces."""

from collections.abc import Iterable

from changeover.conversation.events import Event
from changeover.conversation.model import Sealed
from changeover.wire.passing import Passed, PassingReader, Towards

SHOWN, THEIRS = "alpha/one", "their-one-2026"
REDACTED = "D"
"""What the value of redacted reasoning begins with, so that its form is known."""


class Marked:
    """Implements `RouteSeals`: what is wrapped stands after `co1-`, and its words before it."""

    def opened(self, value: str, words: str) -> str | None:
        prefix, _, rest = value.partition("-")
        return rest if prefix == "co1" else None

    def unsealed(self, value: str, words: str) -> Sealed | None:
        opened = self.opened(value, words)
        if opened is None:
            return None
        if opened.startswith(REDACTED):
            return Sealed(form="redacted", value=opened, bound="model")
        return Sealed(form="signature", value=opened, bound="model")

    def wrapped(self, sealed: Sealed, words: str) -> str:
        return f"co1-{sealed.value}"


TOWARDS = Towards(model=THEIRS, shown=SHOWN, seals=Marked())


def passed(reader: PassingReader, pieces: Iterable[bytes]) -> tuple[bytes, list[Event]]:
    """What of a stream's pieces is passed on, and what was told."""
    data = b""
    told: list[Event] = []
    for piece in pieces:
        given = reader.feed(piece)
        if isinstance(given, Passed):
            told += given.told
            given = given.data
        data += given
    reader.close()
    return data, told
