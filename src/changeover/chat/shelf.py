"""Conversations with their turns, as the store holds them at one instant."""

from collections.abc import Sequence

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.chat import problems
from changeover.chat.folders import Folder
from changeover.chat.model import (
    ChatEvent,
    Conversation,
    ConversationLine,
    Ended,
    StoredConversation,
    StoredTurn,
    TurnSeen,
)
from changeover.chat.ports import ChatWork
from changeover.chat.progress import grown
from changeover.chat.seams import seams
from changeover.chat.tree import branchings, end_through, head_of, path_to


class Loaded(msgspec.Struct, frozen=True):
    """A conversation with all its turns, the last event's number, and its owner's instructions."""

    conversation: StoredConversation
    turns: tuple[StoredTurn, ...]
    last_event: int
    instructions: str = ""

    @property
    def path(self) -> tuple[StoredTurn, ...]:
        return path_to(self.turns, head_of(self.turns))

    def named(self, turn: str) -> StoredTurn:
        """The turn of an id; `NotFoundError`."""
        found = next((one for one in self.turns if one.id == turn), None)
        if found is None:
            raise NotFoundError(f"There is no turn {turn} in this conversation.")
        return found

    def up_to(self, turn: str) -> "Loaded":
        """The same with the path to a turn alone; `NotFoundError`."""
        return msgspec.structs.replace(self, turns=path_to(self.turns, self.named(turn)))

    def shown(self, through: str | None = None) -> Conversation:
        """The conversation as people see it: its newest path, or the one through a turn."""
        head = head_of(self.turns)
        end = head if through is None else end_through(self.turns, self.named(through))
        path = path_to(self.turns, end)
        writing = [turn.id for turn in path if turn.state == "generating"]
        return Conversation(
            id=self.conversation.id,
            title=self.conversation.title,
            service=self.conversation.service,
            head=path[-1].id if path else None,
            newest=end is head,
            turns=tuple(turn.shown() for turn in path),
            branchings=branchings(self.turns),
            seams=seams(path),
            last_event=self.last_event,
            generating=writing[-1] if writing else None,
            temporary_until=self.conversation.temporary_until,
        )


def kept_by(
    work: ChatWork, account: str
) -> tuple[tuple[ConversationLine, ...], tuple[Folder, ...]]:
    """An account's conversations, the last changed first, and its folders."""
    return tuple(work.conversations.lines(account)), tuple(work.folders.of(account))


def owned(work: ChatWork, account: str, conversation: str) -> StoredConversation:
    """The account's own conversation; `NotFoundError` for another's too."""
    found = work.conversations.get(conversation)
    if found.account != account or found.removed is not None:
        raise NotFoundError(f"There is no conversation {conversation}.")
    return found


def load(work: ChatWork, account: str, conversation: str) -> Loaded:
    """The account's conversation; a turn that is generating has its text so far."""
    found = owned(work, account, conversation)
    turns = tuple(
        _grown(work, turn) if turn.state == "generating" else turn
        for turn in work.conversations.turns(conversation)
    )
    last = work.chat_events.last(conversation)
    return Loaded(found, turns, last, work.instructions.of(account))


def interrupt(work: ChatWork, turn: StoredTurn) -> Sequence[ChatEvent]:
    """Ends a turn that nobody writes any more: what arrived is kept and can be gone on from.

    Nothing happens when it has ended meanwhile.
    """
    kept = _grown(work, turn)
    ended = msgspec.structs.replace(
        kept, state="interrupted", problem=problems.interrupted(kept=bool(kept.text))
    )
    if not work.conversations.settle(ended):
        return ()
    return TurnSeen(turn=ended.shown()), Ended(turn=ended.id, state=ended.state)


def _grown(work: ChatWork, turn: StoredTurn) -> StoredTurn:
    return grown(turn, work.chat_events.after(turn.conversation, turn.since))
