"""What people say of answers, in the database."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select

from changeover.basics.instants import from_microseconds, microseconds
from changeover.chat.feedback import Feedback, ModelFeedback, Rating, SaidOfAnswer
from changeover.storage.schema import account, turn
from changeover.storage.schema import feedback as table

_RATINGS: dict[Rating, int] = {"helpful": 1, "not-helpful": -1}
_NAMES: dict[int, Rating] = {number: name for name, number in _RATINGS.items()}


class _Served(msgspec.Struct, frozen=True):
    """Of what answered, what is told with its ratings."""

    model: str
    model_name: str
    maker: str


_served = msgspec.json.Decoder(_Served)


class SqlFeedback:
    """Implements `chat.feedback.Feedbacks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, owner: str, feedback: Feedback, at: datetime) -> None:
        self.remove(feedback.turn)
        row = {
            "turn": feedback.turn,
            "account": owner,
            "rating": _RATINGS[feedback.rating],
            "words": feedback.words,
            "at": microseconds(at),
        }
        self._connection.execute(insert(table).values(row))

    def remove(self, name: str) -> None:
        self._connection.execute(delete(table).where(table.c.turn == name))

    def of(self, conversation: str) -> list[Feedback]:
        rows = self._connection.execute(
            select(table.c.turn, table.c.rating, table.c.words)
            .join(turn, turn.c.id == table.c.turn)
            .where(turn.c.conversation == conversation)
            .order_by(table.c.turn)
        )
        return [
            Feedback(turn=name, rating=_NAMES[rating], words=words) for name, rating, words in rows
        ]

    def by_model(self, since: datetime) -> Sequence[ModelFeedback]:
        counted: Counter[tuple[_Served, int]] = Counter(self._rated(since))
        models = {served for served, _ in counted}
        found = [
            ModelFeedback(
                model=served.model,
                model_name=served.model_name,
                maker=served.maker,
                helpful=counted[served, 1],
                not_helpful=counted[served, -1],
            )
            for served in models
        ]
        return sorted(found, key=lambda one: (-one.helpful - one.not_helpful, one.model))

    def words(self, since: datetime, most: int) -> Sequence[SaidOfAnswer]:
        rows = self._connection.execute(
            select(table.c.at, account.c.party, turn.c.served, table.c.rating, table.c.words)
            .join(turn, turn.c.id == table.c.turn)
            .join(account, account.c.id == table.c.account)
            .where(table.c.at >= microseconds(since), table.c.words != "")
            .order_by(table.c.at.desc(), table.c.turn.desc())
            .limit(most)
        )
        return [
            SaidOfAnswer(
                at=from_microseconds(at),
                party=party,
                model=served.model,
                model_name=served.model_name,
                rating=_NAMES[rating],
                words=words,
            )
            for at, party, body, rating, words in rows
            for served in [_served.decode(body)]
        ]

    def _rated(self, since: datetime) -> Iterator[tuple[_Served, int]]:
        rows = self._connection.execute(
            select(turn.c.served, table.c.rating)
            .join(turn, turn.c.id == table.c.turn)
            .where(table.c.at >= microseconds(since))
        )
        for body, rating in rows:
            yield _served.decode(body), rating
