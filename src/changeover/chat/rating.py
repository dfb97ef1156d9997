"""What people do with feedback: say it, change it, take it back."""

from collections.abc import Sequence

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.chat.feedback import LONGEST_WORDS, Feedback
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent
from changeover.chat.ports import ChatWork
from changeover.chat.shelf import owned
from changeover.identity.people import Account


class FeedbackGiving:
    """Keeps what people say of answers in their own conversations."""

    def __init__(self, log: EventLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def of(self, account: Account, conversation: str) -> list[Feedback]:
        """What one said of a conversation's answers; `NotFoundError`."""

        def read(work: ChatWork) -> list[Feedback]:
            owned(work, account.id, conversation)
            return work.feedback.of(conversation)

        return await self._log.read(read)

    async def give(self, account: Account, conversation: str, feedback: Feedback) -> Feedback:
        """Says it of an answer; `NotFoundError`, `ConflictError`, `InvalidInputError`."""
        words = feedback.words.strip()
        if len(words) > LONGEST_WORDS:
            raise InvalidInputError(
                f"What is said of an answer has at most {LONGEST_WORDS} characters, "
                f"and this has {len(words)}.",
                means="It was not kept; it is still in its field.",
            )
        kept = Feedback(turn=feedback.turn, rating=feedback.rating, words=words)
        now = self._clock.now()

        def give(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            _answer(work, account, conversation, kept.turn)
            work.feedback.put(account.id, kept, now)
            return None, ()

        await self._log.write(conversation, give)
        return kept

    async def take_back(self, account: Account, conversation: str, turn: str) -> None:
        """Takes back what was said of an answer; `NotFoundError`."""

        def take_back(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            _answer(work, account, conversation, turn)
            work.feedback.remove(turn)
            return None, ()

        await self._log.write(conversation, take_back)


def _answer(work: ChatWork, account: Account, conversation: str, turn: str) -> None:
    owned(work, account.id, conversation)
    found = next((one for one in work.conversations.turns(conversation) if one.id == turn), None)
    if found is None:
        raise NotFoundError(f"There is no turn {turn} in this conversation.")
    if found.served is None:
        raise ConflictError(
            "Only what a model answered here can be rated.", means="Nothing was kept."
        )
