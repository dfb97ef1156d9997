"""The keys, conversations and calls that an order touches, over an installation's database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from changeover.chat.feedback import ModelFeedback, SaidOfAnswer
from changeover.orders.ports import CallMade
from changeover.storage.calls import RouteVolume
from changeover.storage.database import Database


class RecordedCalls:
    """Implements `orders.ports.CallsMade`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def made(self, since: datetime, until: datetime) -> Iterable[CallMade]:
        with self._database.reading() as work:
            return work.calls.made(since, until)


class RecordedKeys:
    """Implements `orders.ports.ServiceKeys`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def valid(self, services: Iterable[str], at: datetime) -> Mapping[str, int]:
        with self._database.reading() as work:
            return work.reached.keys(services, at)


class RecordedConversations:
    """Implements `orders.ports.ServiceConversations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def with_turns_of(self, models: Iterable[str]) -> Mapping[str, int]:
        with self._database.reading() as work:
            return work.reached.conversations(models)


class RecordedVolumes:
    """How much services called routes, from the record of calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, instant: datetime) -> Iterable[RouteVolume]:
        with self._database.reading() as work:
            return work.calls.volumes(instant)

    def weekly(self, makers: Iterable[str], since: datetime) -> Iterable[tuple[str, int, int]]:
        with self._database.reading() as work:
            return work.calls.weekly(makers, since)


class RecordedFeedback:
    """What people said of answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_model(self, since: datetime) -> Sequence[ModelFeedback]:
        with self._database.reading() as work:
            return work.feedback.by_model(since)

    def words(self, since: datetime, most: int) -> Sequence[SaidOfAnswer]:
        with self._database.reading() as work:
            return work.feedback.words(since, most)
