"""A message and the turns that it makes in a conversation."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.ids import new_id
from changeover.chat.model import StoredTurn, Turn
from changeover.chat.shelf import Loaded
from changeover.chat.tree import answer_to, path_to
from changeover.conversation.model import Text
from changeover.documents.model import SentPicture

_LEAST = timedelta(microseconds=1)
"""What instants are kept to."""


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person writes. `model` None takes what the service is bound to.

    `client_id` is the page's own name for it; `fresh` sends no earlier text. It
    follows the answer `below`, or stands beside the message `instead_of` as an edit of
    it; with neither it follows the newest turn.
    """

    client_id: str
    text: str
    model: str | None = None
    fresh: bool = False
    below: str | None = None
    instead_of: str | None = None


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """An answer wanted once more, under the page's own name for it; `model` as in `Message`."""

    client_id: str
    model: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """A message as kept, and the turn that answers it."""

    user: Turn
    assistant: Turn


def sent_before(loaded: Loaded, client_id: str) -> Sent | None:
    """What a message was made before, under its client's id."""
    user = next((turn for turn in loaded.turns if turn.client_id == client_id), None)
    answer = None if user is None else answer_to(loaded.turns, user)
    return None if user is None or answer is None else Sent(user.shown(), answer.shown())


def again_before(loaded: Loaded, client_id: str) -> StoredTurn | None:
    """The answer that was begun under a client's id."""
    named = (turn for turn in loaded.turns if turn.client_id == client_id)
    return next((turn for turn in named if turn.role == "assistant"), None)


def asked_for(loaded: Loaded, turn: str) -> tuple[StoredTurn, ...]:
    """The path that an answer answers. `NotFoundError`, `InvalidInputError`."""
    answer = loaded.named(turn)
    if answer.role != "assistant":
        raise InvalidInputError(
            "Only an answer can be given again.", do="Name the answer, or edit the message."
        )
    before = path_to(loaded.turns, answer)[:-1]
    if not before:
        raise InvalidInputError(
            "Nothing stands before this answer that could be answered again.",
            do="Write a message instead.",
        )
    return before


def place(loaded: Loaded, message: Message) -> tuple[StoredTurn, ...]:
    """The path that a message goes behind. `NotFoundError`, `InvalidInputError`."""
    if message.below is not None and message.instead_of is not None:
        raise InvalidInputError(
            "A message cannot both follow a turn and stand instead of one.",
            do="Name one of `below` and `instead_of`.",
        )
    if message.instead_of is not None:
        edited = loaded.named(message.instead_of)
        if edited.role != "user":
            raise InvalidInputError(
                "An answer cannot be edited.", do="Edit the message before it, or have it again."
            )
        return path_to(loaded.turns, edited)[:-1]
    if message.below is not None:
        before = loaded.named(message.below)
        if before.role != "assistant":
            raise InvalidInputError(
                "A message follows an answer.", do="Edit the message that you named instead."
            )
        return path_to(loaded.turns, before)
    return loaded.path


def question(
    loaded: Loaded,
    message: Message,
    path: Sequence[StoredTurn],
    now: datetime,
    pictures: tuple[SentPicture, ...] = (),
) -> StoredTurn:
    """The turn that a message makes behind a path, with the pictures that go with it."""
    return StoredTurn(
        id=new_id("turn"),
        conversation=loaded.conversation.id,
        parent=path[-1].id if path else None,
        role="user",
        created=_after(loaded.turns, now),
        state="complete",
        parts=(Text(text=message.text),),
        client_id=message.client_id,
        fresh=message.fresh,
        pictures=pictures,
    )


def answer(loaded: Loaded, parent: StoredTurn, now: datetime, start: str) -> StoredTurn:
    """The turn that the process `start` will write below another."""
    return StoredTurn(
        id=new_id("turn"),
        conversation=parent.conversation,
        parent=parent.id,
        role="assistant",
        created=_after((*loaded.turns, parent), now),
        state="generating",
        parts=(),
        since=loaded.last_event,
        start=start,
        instructed=bool(loaded.instructions),
    )


def _after(turns: Sequence[StoredTurn], now: datetime) -> datetime:
    """When a new turn comes: after all that are there, whoever's clock they had.

    So the order of their creation is the order in which they came, also while a clock stands.
    """
    return max([now, *(turn.created + _LEAST for turn in turns)])
