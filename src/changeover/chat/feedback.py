"""What people say of answers: whether one helped, and a few words if they like.

It is for those who choose models and write instructions: they see ratings and words by model, and
not who said them. It goes with its answer: where that is removed, it is removed too.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

LONGEST_WORDS = 2_000
Rating = Literal["helpful", "not-helpful"]


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What its reader says of an answer."""

    turn: str
    rating: Rating
    words: str = ""


class ModelFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """How many answers of a model were rated since an instant, and how."""

    model: str
    model_name: str
    maker: str
    helpful: int
    not_helpful: int


class SaidOfAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Words about an answer of a model, from somebody in a party."""

    at: datetime
    party: str
    model: str
    model_name: str
    rating: Rating
    words: str


class Feedbacks(Protocol):
    """What people say of answers; one word on each answer, the last one counts."""

    def put(self, account: str, feedback: Feedback, at: datetime) -> None:
        """Keeps it in the place of what was said of that turn."""
        ...

    def remove(self, turn: str) -> None:
        """Takes back what was said of a turn."""
        ...

    def of(self, conversation: str) -> list[Feedback]:
        """What was said of a conversation's turns."""
        ...

    def by_model(self, since: datetime) -> Sequence[ModelFeedback]:
        """What was said since then, by the model that answered, the most rated first."""
        ...

    def words(self, since: datetime, most: int) -> Sequence[SaidOfAnswer]:
        """What was said in words since then, the newest first."""
        ...
