"""What a file holds, before any of it is kept."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.chat.model import (
    NotCarried,
    Origin,
    Problem,
    Served,
    Source,
    TurnState,
    Uncarried,
)
from changeover.conversation.model import Role


class UnreadableFileError(InvalidInputError):
    """A file, or an entry in it, that holds no conversation that can be read."""

    code = "unreadable_file"


class FoundTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A turn in a file; `said` is when, where the file tells it credibly.

    `stated` and `origin` are what another Changeover's file says of who answered.
    """

    id: str
    parent: str | None
    role: Role
    text: str
    said: datetime | None
    state: TurnState = "complete"
    model: str | None = None
    stated: Served | None = None
    problem: Problem | None = None
    fresh: bool = False
    instructed: bool = False
    origin: Origin | None = None
    not_carried: tuple[NotCarried, ...] = ()


class FoundConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in a file, each turn after the one that it follows.

    `id` is its name there, `head` the turn that the file's reader stood at, and
    `not_carried` all that is left behind, in its turns and beside them.
    """

    source: Source
    id: str
    title: str
    created: datetime | None
    changed: datetime | None
    head: str | None
    turns: tuple[FoundTurn, ...]
    not_carried: tuple[NotCarried, ...]

    @property
    def digest(self) -> str:
        """The same for the same conversation in the same state, whatever file it comes in."""
        said = [(turn.id, turn.parent, turn.role, turn.text) for turn in self.turns]
        encoded = msgspec.json.encode((self.source, self.id, said))
        return hashlib.sha256(encoded).hexdigest()


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a file that is no conversation, and why."""

    title: str
    why: str


def listed(counts: Mapping[Uncarried, int]) -> tuple[NotCarried, ...]:
    """Counts of what is left behind, as a list."""
    return tuple(NotCarried(what=what, count=count) for what, count in counts.items() if count)


def all_of(*parts: tuple[NotCarried, ...]) -> tuple[NotCarried, ...]:
    """Several such lists as one."""
    counts: Counter[Uncarried] = Counter()
    for part in parts:
        for one in part:
            counts[one.what] += one.count
    return listed(counts)
