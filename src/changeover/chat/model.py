"""Conversations as people see them, and as they are kept.

A conversation is a tree of turns; its *head* is the newest leaf and its *path*
the turns from the root to the head. Nothing in a turn is changed once it has
left the state `generating`, and `served`, which tells who answered and why, is
set at that same moment and never again.

What people see is made of plain words and names, not of references: a turn must
say who wrote it also when that model, vendor or order has left the directory.
"""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.chat.folders import Folder
from changeover.conversation.model import Part, Role, words_of
from changeover.documents.model import Given, SentPicture
from changeover.orders.decision import Outcome

TurnState = Literal["complete", "generating", "stopped", "cut", "failed", "refused", "interrupted"]
ProblemKind = Literal["refused", "cut", "failed", "stopped", "interrupted", "too-long", "limited"]
Source = Literal["changeover", "chatgpt", "open-webui"]
"""What wrote a file that conversations are imported from."""
Uncarried = Literal[
    "image",
    "audio",
    "video",
    "file",
    "tool",
    "reasoning",
    "instructions",
    "assistant",
    "citation",
    "other",
]


class _Value(msgspec.Struct, frozen=True):
    """Base of the chat's values."""


class OrderRef(_Value, frozen=True, kw_only=True):
    """An order, named: enough for a link to its page."""

    id: str
    title: Bilingual
    issuer_name: Bilingual


class ModelChoice(_Value, frozen=True, kw_only=True):
    """A model that a person may ask for, and what would be answered now.

    `route` is the one that a call would be given, None when all are refused; `order` the one that
    refuses or gives notice; `context` counts tokens; `bound` says that the service's binding
    names the model, `images` that it takes pictures.
    """

    id: str
    name: str
    maker: str
    maker_name: Bilingual
    route: str | None
    outcome: Outcome
    because: str
    explanation: Bilingual
    order: OrderRef | None
    deadline: datetime | None
    knowledge_cutoff: str | None
    context: int
    stand_in: bool
    bound: bool
    images: bool


class Served(_Value, frozen=True, kw_only=True):
    """Who answered and why.

    `version` is the name that the vendor answered under, `replaced` the route that was asked
    for where another model's serves, `losses` the fields that were not carried.
    """

    route: str
    model: str
    model_name: str
    version: str | None
    maker: str
    maker_name: Bilingual
    host: str
    host_name: Bilingual
    stand_in: bool
    requested: str
    replaced: str | None
    ruleset: str
    instruments: tuple[OrderRef, ...]
    why: Bilingual
    losses: tuple[str, ...]
    deadline: datetime | None
    input_tokens: int | None
    output_tokens: int | None
    demonstration: bool


class Problem(_Value, frozen=True, kw_only=True):
    """Why there is no whole answer, in plain words, and what can be done: `instead` are models
    that may be asked now, and `may_continue` says that the kept text can be gone on from."""

    kind: ProblemKind
    words: Bilingual
    order: OrderRef | None = None
    instead: tuple[ModelChoice, ...] = ()
    may_continue: bool = False


class NotCarried(_Value, frozen=True, kw_only=True):
    """What stood in an imported file and did not come along, and how many of it."""

    what: Uncarried
    count: int


class Origin(_Value, frozen=True, kw_only=True):
    """Where a turn comes from that was not said here; a file says all of it, nobody checked it.

    `model` is the name that the file gives the model, `stated` the whole stamp, where another
    Changeover wrote the file, and `said` the file's time. Such a turn is never `served`.
    """

    source: Source
    imported: datetime
    model: str | None = None
    said: datetime | None = None
    stated: Served | None = None
    not_carried: tuple[NotCarried, ...] = ()


class Withheld(_Value, frozen=True, kw_only=True):
    """What did not go to the model, since content of its data class may not: passages of the
    named collections, and earlier answers. `order` is the one that says so, if one does."""

    data_class: str
    order: OrderRef | None
    passages: int
    answers: int
    collections: tuple[str, ...]


class Turn(_Value, frozen=True, kw_only=True):
    """What one side said, as people see it; `origin` where that was not here.

    `instructed` is whether the person's own instructions went along to the model, `given`
    are the passages of files that did, and `withheld` is what did not. `pictures` are those of a
    message, `unseen` the names of those that an answer was not given.
    """

    id: str
    parent: str | None
    role: Role
    created: datetime
    state: TurnState
    text: str
    served: Served | None
    problem: Problem | None
    instructed: bool = False
    origin: Origin | None = None
    given: Given | None = None
    withheld: tuple[Withheld, ...] = ()
    pictures: tuple[SentPicture, ...] = ()
    unseen: tuple[str, ...] = ()


class Seam(_Value, frozen=True, kw_only=True):
    """The mark before the turn `before`, where another model took over."""

    before: str
    from_model: str
    from_maker_name: Bilingual
    to_model: str
    to_maker_name: Bilingual
    carried: Bilingual
    not_carried: Bilingual
    order: OrderRef | None


class ConversationLine(_Value, frozen=True, kw_only=True):
    """A conversation in a list; `turns` counts all of them, on every branch.

    A person keeps those at hand that are `pinned`, and out of the way those that are
    `archived`: they are as they were, and can be written in.
    """

    id: str
    title: str
    changed: datetime
    turns: int
    pinned: bool = False
    archived: bool = False
    folder: str | None = None


class Place(_Value, frozen=True, kw_only=True):
    """Where a conversation is to be in its owner's list; None leaves it as it is.

    The folder "" is none: it takes the conversation out of the one that it is in.
    """

    pinned: bool | None = None
    archived: bool | None = None
    folder: str | None = None


class Branching(_Value, frozen=True, kw_only=True):
    """A place where several turns hang: a message and its edits, or an answer given again.

    `below` is the turn before them, None at the beginning; `turns` are oldest first.
    """

    below: str | None
    turns: tuple[str, ...]


class Conversation(_Value, frozen=True, kw_only=True):
    """A path of a conversation, oldest turn first, as of the stored event `last_event`.

    `head` is the path's last turn; `newest` says that the path is the newest of all, where the
    conversation goes on by itself; `branchings` are those of the whole tree. The text of a turn
    that is `generating` reaches exactly to `last_event`: who follows the events after it misses
    nothing and gets nothing twice.
    """

    id: str
    title: str
    service: str
    head: str | None
    newest: bool
    turns: tuple[Turn, ...]
    branchings: tuple[Branching, ...]
    seams: tuple[Seam, ...]
    last_event: int
    generating: str | None
    temporary_until: datetime | None = None


class Chat(_Value, frozen=True, kw_only=True):
    """What the chat page opens with."""

    service: str
    service_name: Bilingual
    now: datetime
    zone: str
    default_model: ModelChoice
    models: tuple[ModelChoice, ...]
    conversations: tuple[ConversationLine, ...]
    folders: tuple[Folder, ...]


# What is kept


class StoredConversation(_Value, frozen=True, kw_only=True):
    """A conversation without its turns; one with an end is temporary.

    One that its owner `removed` can be brought back for a while, and is nowhere else meanwhile.
    """

    id: str
    account: str
    service: str
    title: str
    created: datetime
    changed: datetime
    temporary_until: datetime | None = None
    removed: datetime | None = None


class StoredTurn(_Value, frozen=True, kw_only=True):
    """A turn as kept, with what people are not shown.

    `client_id` is the sender's own name for a user's turn, or for an answer that was
    asked for again. `fresh` says that no
    earlier text went to the model, `cause` is the order because of which this
    model answered, where one was. The events of a turn that is `generating`
    come after the event `since`; `start` names the process that writes it.
    `instructed` is whether the person's instructions went to the model, `given` which passages
    of files, `withheld` what did not. `content` are the data classes of what the answer was given
    of, beside the service's own. `pictures` and `unseen` are as in `Turn`.
    """

    id: str
    conversation: str
    parent: str | None
    role: Role
    created: datetime
    state: TurnState
    parts: tuple[Part, ...]
    served: Served | None = None
    problem: Problem | None = None
    client_id: str | None = None
    fresh: bool = False
    cause: OrderRef | None = None
    since: int = 0
    start: str | None = None
    instructed: bool = False
    origin: Origin | None = None
    given: Given | None = None
    withheld: tuple[Withheld, ...] = ()
    content: tuple[str, ...] = ()
    pictures: tuple[SentPicture, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return words_of(self.parts)

    def shown(self) -> Turn:
        """The turn as people see it."""
        return Turn(
            id=self.id,
            parent=self.parent,
            role=self.role,
            created=self.created,
            state=self.state,
            text=self.text,
            served=self.served,
            problem=self.problem,
            instructed=self.instructed,
            origin=self.origin,
            given=self.given,
            withheld=self.withheld,
            pictures=self.pictures,
            unseen=self.unseen,
        )


# What happens in a conversation


class TurnSeen(_Value, frozen=True, kw_only=True, tag_field="kind", tag="turn"):
    """A turn appeared, or changed its state; `turn` is the whole of it."""

    turn: Turn


class Delta(_Value, frozen=True, kw_only=True, tag_field="kind", tag="delta"):
    """More text of a turn. `at` is where it begins, in UTF-16 code units.

    That is how JavaScript counts: a page that holds n units of the turn skips
    the first `n - at` units of `text`, and never has fewer than `at`.
    """

    turn: str
    text: str
    at: int

    @property
    def end(self) -> int:
        return self.at + units(self.text)


class Titled(_Value, frozen=True, kw_only=True, tag_field="kind", tag="title"):
    """The conversation has a new title."""

    title: str


class Ended(_Value, frozen=True, kw_only=True, tag_field="kind", tag="end"):
    """A turn is no longer generating."""

    turn: str
    state: TurnState


ChatEvent = TurnSeen | Delta | Titled | Ended


class News(_Value, frozen=True, kw_only=True):
    """What a conversation's log has after a reader's place, as far as the event `last_event`."""

    events: tuple[ChatEvent, ...]
    last_event: int


class StoredEvent(_Value, frozen=True, kw_only=True):
    """An event of a conversation's log; `seq` counts from 1 in each conversation."""

    seq: int
    event: ChatEvent


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def after_units(text: str, count: int) -> str:
    """`text` without its first `count` UTF-16 code units; a pair that is cut stays whole."""
    if text.isascii():
        return text[count:]
    left = 0
    for index, character in enumerate(text):
        if left >= count:
            return text[index:]
        left += 2 if character > "\uffff" else 1
    return ""
