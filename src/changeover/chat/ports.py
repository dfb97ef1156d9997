"""What the chat needs from outside: a place to keep conversations, and models to ask."""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

from changeover.chat.feedback import Feedbacks
from changeover.chat.finding import Hit, Term
from changeover.chat.folders import Folders
from changeover.chat.imported import ImportedConversations
from changeover.chat.model import (
    ChatEvent,
    ConversationLine,
    Place,
    StoredConversation,
    StoredEvent,
    StoredTurn,
)
from changeover.chat.prompts import Prompts
from changeover.chat.removed_store import RemovedConversations
from changeover.chat.shares import Shares
from changeover.chat.temporary_store import TemporaryConversations
from changeover.conversation.events import Event
from changeover.documents.model import StoredFile
from changeover.documents.picturing import Picture
from changeover.documents.ports import Offload
from changeover.documents.searching import Searched, Seeking
from changeover.gateway.conversing import Asking
from changeover.gateway.exchange import ServedBy
from changeover.ledger.ports import LedgerQueue

__all__ = [
    "Alive",
    "Asking",
    "ChatEvents",
    "ChatStore",
    "ChatWork",
    "Conversations",
    "Instructions",
    "ModelAnswer",
    "Models",
    "Offload",
    "Search",
    "ServedBy",
    "Sources",
]


class Conversations(Protocol):
    """Conversations and their turns. A turn that is settled is never changed."""

    def add(self, conversation: StoredConversation) -> None:
        """Keeps a new conversation."""
        ...

    def get(self, conversation: str) -> StoredConversation:
        """The conversation; `NotFoundError`."""
        ...

    def lock(self, conversations: Collection[str]) -> None:
        """Returns when no other unit of work has these; they are this one's to its end.

        Each statement after it sees what those before committed.
        """
        ...

    def lines(self, account: str) -> list[ConversationLine]:
        """The account's conversations, the last changed first; none that is temporary."""
        ...

    def rename(self, conversation: str, title: str, *, instead_of: str | None = None) -> bool:
        """Gives it a title (only where it has the title `instead_of`, if that is given)."""
        ...

    def shelve(self, conversation: str, at: datetime, place: Place) -> None:
        """Puts it where it is to be in its owner's list; what the place leaves open stays."""
        ...

    def touch(self, conversation: str, at: datetime) -> None:
        """Says that it changed."""
        ...

    def turns(self, conversation: str) -> list[StoredTurn]:
        """All turns, each after its parent's creation: by creation, then by id."""
        ...

    def add_turn(self, turn: StoredTurn) -> None:
        """Keeps a new turn; `ConflictError` when its client's id stands already."""
        ...

    def settle(self, turn: StoredTurn) -> bool:
        """Ends a `generating` turn: state, parts, served, problem and cause, once.

        False, and nothing is changed, when it is not generating (any more).
        """
        ...

    def over(self, turns: Collection[str]) -> frozenset[str]:
        """Which of these turns stand and are not generating any more."""
        ...

    def generating(self) -> list[StoredTurn]:
        """The turns of all conversations that are `generating`."""
        ...


class ChatEvents(Protocol):
    """Each conversation's log of events. It only grows; who appends has it locked."""

    def append(self, conversation: str, at: datetime, events: Sequence[ChatEvent]) -> int:
        """Adds the events in order and returns the last one's `seq`."""
        ...

    def after(self, conversation: str, seq: int, limit: int | None = None) -> list[StoredEvent]:
        """The first `limit` events (all, when None) that come after `seq`, in order."""
        ...

    def last(self, conversation: str) -> int:
        """The last event's `seq`; 0 when there is none."""
        ...

    def newest(self, conversations: Collection[str]) -> dict[str, int]:
        """The last event's `seq` of each of these that stands."""
        ...


class Instructions(Protocol):
    """What people tell their assistant about themselves and how to answer."""

    def of(self, account: str) -> str:
        """The account's text; "" where there is none."""
        ...

    def put(self, account: str, text: str, at: datetime) -> None:
        """Replaces it; "" takes it away."""
        ...


class Search(Protocol):
    """An account's own conversations by the words of their titles and turns (`chat.finding`).

    None that is temporary is found.

    A title is found as soon as it is kept, a turn as soon as it is not generating any more.
    """

    def count(self, account: str, terms: Sequence[Term]) -> int:
        """How many titles and turns hold all terms; there must be one."""
        ...

    def hits(self, account: str, terms: Sequence[Term], skip: int, limit: int) -> list[Hit]:
        """Those after the first `skip`: the best first, and of equals the newest."""
        ...


class Alive(Protocol):
    """Which processes serve."""

    def starts(self) -> frozenset[str]:
        """The starts of all other processes whose lease lasts; none where none can be."""
        ...


class ChatWork(Protocol):
    """One unit of work."""

    @property
    def conversations(self) -> Conversations: ...

    @property
    def chat_events(self) -> ChatEvents: ...

    @property
    def instructions(self) -> Instructions: ...

    @property
    def folders(self) -> Folders: ...

    @property
    def prompts(self) -> Prompts: ...

    @property
    def temporaries(self) -> TemporaryConversations: ...

    @property
    def removed(self) -> RemovedConversations: ...

    @property
    def feedback(self) -> Feedbacks: ...

    @property
    def queue(self) -> LedgerQueue: ...

    @property
    def shares(self) -> Shares: ...

    @property
    def search(self) -> Search: ...

    @property
    def alive(self) -> Alive: ...

    @property
    def imported(self) -> ImportedConversations: ...

    def notify(self, channel: Literal["chat"], payload: str) -> None:
        """Has every process told (under 8,000 bytes) when the work commits, this one too."""
        ...


class ChatStore(Protocol):
    """Opens units of work. They block: never on the event loop's thread."""

    def begin(self, *, alone: bool) -> AbstractContextManager[ChatWork]:
        """A work that commits on leaving and is undone by an exception.

        One that is not `alone` runs beside those of other processes.
        """
        ...

    def reading(self) -> AbstractContextManager[ChatWork]:
        """A work that reads one state."""
        ...


class ModelAnswer(Protocol):
    """An answer that has begun. Whoever takes it must close it, read or not."""

    @property
    def served(self) -> ServedBy: ...

    @property
    def losses(self) -> tuple[str, ...]: ...

    def events(self) -> AsyncGenerator[Event]:
        """The events as they come; an answer that breaks off ends with `Failed`."""
        ...

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs."""
        ...


class Sources(Protocol):
    """Searches the files of conversations, and of the collections that they ask."""

    async def search(self, who: Seeking, questions: Sequence[str]) -> Searched:
        """What fits the last of the questions; nothing where there are no files."""
        ...


class Pictures(Protocol):
    """The pictures of conversations."""

    async def all(self, conversation: str) -> list[StoredFile]:
        """Those that were read, the earliest first."""
        ...

    async def ready(self, conversation: str, files: Collection[str]) -> dict[str, Picture]:
        """Those of these files that still stand in the conversation, ready for a model."""
        ...


class Models(Protocol):
    """Asks models, through the decision that every call goes through."""

    async def ask(self, asking: Asking) -> ModelAnswer:
        """The answer, begun; `gateway.refusal.Refusal` when there is none to be had."""
        ...
