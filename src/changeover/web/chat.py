"""Chatting: `/chat`, `/conversations` and their events.

The events of a conversation are those of its log (`chat.subscription`): stored
ones carry their number as the event's id, pieces of text come at once and carry
none, and a `mark` moves the id once the pieces before it are stored.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.chat.instructions import Instructing, PersonalInstructions
from changeover.chat.model import (
    Chat,
    Conversation,
    Delta,
    Ended,
    News,
    Place,
    Titled,
    Turn,
    TurnSeen,
)
from changeover.chat.new_turns import Again, Message, Sent
from changeover.chat.searching import FoundPage, Searching
from changeover.chat.shelving import Shelving
from changeover.chat.subscription import Sending, Subscription
from changeover.chat.usecases import Chats
from changeover.identity.people import Role
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.events import ServerEvent

STAFF: tuple[Role, ...] = ("staff",)
Skipped = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
Named = Annotated[str, msgspec.Meta(max_length=200)]


class NewConversation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A conversation to begin: there is nothing to say of it yet."""


class NewTitle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A conversation's title."""

    title: Annotated[str, msgspec.Meta(max_length=1000)]


class NewInstructions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the assistant is to know of a person and how it is to answer; "" takes it away."""

    text: str


class NewPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a conversation is kept at hand or out of the way, and in which folder.

    What is left out stays; the folder "" is none.
    """

    pinned: bool | None = None
    archived: bool | None = None
    folder: Named | None = None


class NewTurn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message. `client_id` is the page's own id of it: sent again, it is the same message.

    `model` is what to ask, null for what the service is bound to; `fresh` sends
    no earlier text to the model. It follows the answer `below`, or stands beside the
    message `instead_of` as an edit of it; with neither it follows the newest turn.
    """

    client_id: UUID
    text: str
    model: Named | None = None
    fresh: bool = False
    below: Named | None = None
    instead_of: Named | None = None


class AnswerAgain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer wanted once more; `client_id` and `model` as in a message."""

    client_id: UUID
    model: Named | None = None


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """The turn that gives an answer again."""

    assistant: Turn


class Continuation(msgspec.Struct, frozen=True, kw_only=True):
    """The turn that goes on from a broken answer."""

    assistant: Turn


class Mark(msgspec.Struct, frozen=True):
    """The text so far is stored; only the event's id matters."""


def operations(
    chats: Chats, instructing: Instructing, shelving: Shelving, searching: Searching
) -> list[Operation | Stream]:
    """`/chat` and `/conversations`."""
    desk = _ChatDesk(chats, shelving)
    own = _Instructions(instructing)
    one = "/conversations/{id}"
    return [
        Operation("GET", "/chat", None, Chat, STAFF, desk.open, "What the chat opens with."),
        Operation(
            "GET",
            "/chat/instructions",
            None,
            PersonalInstructions,
            STAFF,
            own.read,
            "One's own instructions to the assistant.",
        ),
        Operation(
            "PUT",
            "/chat/instructions",
            NewInstructions,
            PersonalInstructions,
            STAFF,
            own.change,
            "Change them.",
        ),
        Operation(
            "GET",
            "/chat/search",
            None,
            FoundPage,
            STAFF,
            _Search(searching).find,
            "Titles and turns of one's own conversations that hold the words of `query`.",
            query={"query": str, "skip": Skipped},
        ),
        Operation(
            "POST",
            "/conversations",
            NewConversation,
            Conversation,
            STAFF,
            desk.create,
            "Begin a conversation.",
        ),
        Operation(
            "GET",
            one,
            None,
            Conversation,
            STAFF,
            desk.read,
            "A conversation's newest path, or the one through the turn `through`.",
            query={"through": str},
        ),
        Operation("PATCH", one, NewTitle, Conversation, STAFF, desk.rename, "Rename it."),
        Operation(
            "PUT", one + "/place", NewPlace, Done, STAFF, desk.put, "Pin, archive or file it."
        ),
        Operation(
            "POST",
            one + "/turns",
            NewTurn,
            Sent,
            STAFF,
            desk.send,
            "Send a message and have it answered.",
        ),
        Operation("POST", one + "/stop", Done, Done, STAFF, desk.stop, "Stop the answer."),
        Operation(
            "POST",
            one + "/turns/{turn}/continuation",
            Done,
            Continuation,
            STAFF,
            desk.go_on,
            "Go on from a broken answer.",
        ),
        Operation(
            "POST",
            one + "/turns/{turn}/alternatives",
            AnswerAgain,
            Answering,
            STAFF,
            desk.answer_again,
            "Have an answer given again, beside the one that is there.",
        ),
        Operation(
            "GET",
            one + "/news",
            None,
            News,
            STAFF,
            desk.news,
            "What happened after the event `after`, for who is sent no stream.",
            query={"after": str},
        ),
        Stream(
            one + "/events",
            {"turn": TurnSeen, "delta": Delta, "title": Titled, "end": Ended, "mark": Mark},
            STAFF,
            desk.follow,
            "What happens in a conversation.",
        ),
    ]


class _Instructions:
    def __init__(self, instructing: Instructing) -> None:
        self._instructing = instructing

    async def read(self, caller: Caller, _: None, __: Params) -> PersonalInstructions:
        return await self._instructing.read(caller.account)

    async def change(
        self, caller: Caller, body: NewInstructions, _: Params
    ) -> PersonalInstructions:
        return await self._instructing.change(caller.account, body.text)


class _Search:
    def __init__(self, searching: Searching) -> None:
        self._searching = searching

    async def find(self, caller: Caller, _: None, params: Params) -> FoundPage:
        query, skip = params.get("query", ""), params.get("skip", 0)
        return await self._searching.search(caller.account, query, skip)


class _ChatDesk:
    def __init__(self, chats: Chats, shelving: Shelving) -> None:
        self._chats = chats
        self._shelving = shelving

    async def open(self, caller: Caller, _: None, __: Params) -> Chat:
        return await self._chats.open(caller.account)

    async def create(self, caller: Caller, _: NewConversation, __: Params) -> Conversation:
        return await self._chats.create(caller.account)

    async def read(self, caller: Caller, _: None, params: Params) -> Conversation:
        return await self._chats.read(caller.account, params["id"], params.get("through"))

    async def rename(self, caller: Caller, body: NewTitle, params: Params) -> Conversation:
        return await self._chats.rename(caller.account, params["id"], body.title)

    async def put(self, caller: Caller, body: NewPlace, params: Params) -> Done:
        place = Place(pinned=body.pinned, archived=body.archived, folder=body.folder)
        await self._shelving.put(caller.account, params["id"], place)
        return Done()

    async def send(self, caller: Caller, body: NewTurn, params: Params) -> Sent:
        message = Message(
            client_id=str(body.client_id),
            text=body.text,
            model=body.model,
            fresh=body.fresh,
            below=body.below,
            instead_of=body.instead_of,
        )
        return await self._chats.send(caller.account, params["id"], message)

    async def stop(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._chats.stop(caller.account, params["id"])
        return Done()

    async def go_on(self, caller: Caller, _: Done, params: Params) -> Continuation:
        turn = await self._chats.go_on(caller.account, params["id"], params["turn"])
        return Continuation(assistant=turn)

    async def answer_again(self, caller: Caller, body: AnswerAgain, params: Params) -> Answering:
        wanted = Again(client_id=str(body.client_id), model=body.model)
        turn = await self._chats.answer_again(caller.account, params["id"], params["turn"], wanted)
        return Answering(assistant=turn)

    async def news(self, caller: Caller, _: None, params: Params) -> News:
        return await self._chats.news(caller.account, params["id"], _place(params.get("after")))

    async def follow(self, caller: Caller, _: None, params: Params) -> AsyncIterator[ServerEvent]:
        after = _place(params.get("after"))
        return _Following(await self._chats.follow(caller.account, params["id"], after))


def _place(given: str | None) -> int:
    """The event that a reader saw last; 0 when it saw none."""
    if given is None:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise InvalidInputError(
            f"{given!r} is no event of a conversation.", do="Leave it out to read from the start."
        )
    return int(given)


class _Following:
    """A reader's events for a response, which closes it whether it read any or not."""

    def __init__(self, reader: Subscription) -> None:
        self._reader = reader
        self._events = reader.events()

    def __aiter__(self) -> AsyncIterator[ServerEvent]:
        return self

    async def __anext__(self) -> ServerEvent:
        return _event(await anext(self._events))

    async def aclose(self) -> None:
        self._reader.close()
        await self._events.aclose()


def _event(sending: Sending) -> ServerEvent:
    place = None if sending.id is None else str(sending.id)
    if sending.event is None:
        return ServerEvent("mark", Mark(), place)
    return ServerEvent(str(sending.event.__struct_config__.tag), sending.event, place)
