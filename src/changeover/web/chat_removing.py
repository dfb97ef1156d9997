"""Removing conversations and bringing them back; what one says of answers."""

import msgspec

from changeover.chat.feedback import Feedback, Rating
from changeover.chat.rating import FeedbackGiving
from changeover.chat.removing import MayRemove, Removing
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF


class NewFeedback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether an answer helped, and a few words about it if one likes."""

    rating: Rating
    words: str = ""


class ConversationFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """What one said of a conversation's answers."""

    feedback: tuple[Feedback, ...]


def removing_operations(removing: Removing) -> list[Operation | Stream]:
    """`/removed-conversations`, and removing one."""
    desk = _RemovingDesk(removing)
    one = "/conversations/{id}"
    return [
        Operation(
            "GET",
            "/removed-conversations",
            None,
            MayRemove,
            STAFF,
            desk.standing,
            "Whether one may remove conversations, and what one removed.",
        ),
        Operation("DELETE", one, Done, Done, STAFF, desk.remove, "Remove it, for a while."),
        Operation("POST", one + "/return", Done, Done, STAFF, desk.bring_back, "Bring it back."),
    ]


def feedback_operations(giving: FeedbackGiving) -> list[Operation | Stream]:
    """What one says of answers."""
    desk = _FeedbackDesk(giving)
    all_ = "/conversations/{id}/feedback"
    one = all_ + "/{turn}"
    return [
        Operation(
            "GET", all_, None, ConversationFeedback, STAFF, desk.all, "What one said of answers."
        ),
        Operation("PUT", one, NewFeedback, Feedback, STAFF, desk.give, "Say it of an answer."),
        Operation("DELETE", one, Done, Done, STAFF, desk.take_back, "Take it back."),
    ]


class _RemovingDesk:
    def __init__(self, removing: Removing) -> None:
        self._removing = removing

    async def standing(self, caller: Caller, _: None, __: Params) -> MayRemove:
        return await self._removing.standing(caller.account)

    async def remove(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._removing.remove(caller.account, params["id"])
        return Done()

    async def bring_back(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._removing.bring_back(caller.account, params["id"])
        return Done()


class _FeedbackDesk:
    def __init__(self, giving: FeedbackGiving) -> None:
        self._giving = giving

    async def all(self, caller: Caller, _: None, params: Params) -> ConversationFeedback:
        found = await self._giving.of(caller.account, params["id"])
        return ConversationFeedback(feedback=tuple(found))

    async def give(self, caller: Caller, body: NewFeedback, params: Params) -> Feedback:
        said = Feedback(turn=params["turn"], rating=body.rating, words=body.words)
        return await self._giving.give(caller.account, params["id"], said)

    async def take_back(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._giving.take_back(caller.account, params["id"], params["turn"])
        return Done()
