"""A message and the turns that it makes in a conversation."""

from datetime import datetime

import msgspec

from changeover.basics.ids import new_id
from changeover.chat.model import StoredTurn, Turn
from changeover.chat.shelf import Loaded
from changeover.chat.tree import answer_to
from changeover.conversation.model import Text


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person writes. `model` None takes what the service is bound to.

    `client_id` is the page's own name for it; `fresh` sends no earlier text.
    """

    client_id: str
    text: str
    model: str | None = None
    fresh: bool = False


class Sent(msgspec.Struct, frozen=True):
    """A message as kept, and the turn that answers it."""

    user: Turn
    assistant: Turn


def sent_before(loaded: Loaded, client_id: str) -> Sent | None:
    """What a message was made before, under its client's id."""
    user = next((turn for turn in loaded.turns if turn.client_id == client_id), None)
    answer = None if user is None else answer_to(loaded.turns, user)
    return None if user is None or answer is None else Sent(user.shown(), answer.shown())


def question(loaded: Loaded, message: Message, now: datetime) -> StoredTurn:
    """The turn that a message makes, below the head."""
    path = loaded.path
    return StoredTurn(
        id=new_id("turn"),
        conversation=loaded.conversation.id,
        parent=path[-1].id if path else None,
        role="user",
        created=_next(loaded, now),
        state="complete",
        parts=(Text(text=message.text),),
        client_id=message.client_id,
        fresh=message.fresh,
    )


def answer(loaded: Loaded, parent: StoredTurn, now: datetime, start: str) -> StoredTurn:
    """The turn that the process `start` will write below another."""
    return StoredTurn(
        id=new_id("turn"),
        conversation=parent.conversation,
        parent=parent.id,
        role="assistant",
        created=max(parent.created, _next(loaded, now)),
        state="generating",
        parts=(),
        since=loaded.last_event,
        start=start,
    )


def _next(loaded: Loaded, now: datetime) -> datetime:
    """When a new turn comes: never before those that are there, whoever's clock they had."""
    return max([now, *(turn.created for turn in loaded.turns)])
