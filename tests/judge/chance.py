"""What worlds are drawn from: a source of chance, and a small grid of instants."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from changeover.basics.text import Bilingual

T0 = datetime(2026, 1, 1, tzinfo=UTC)
GRID = tuple(T0 + timedelta(days=10 * n) for n in range(12))
PURPOSES = ("work", "play")
ASSURANCES = ("no-retention", "in-country")
ATTRIBUTES = ("citizen", "cleared")
MOMENT = timedelta(microseconds=1)

T = TypeVar("T")


class Chance:
    """What is drawn of chance, in the words of the world."""

    def __init__(self, source: random.Random) -> None:
        self._source = source

    def likely(self, share: float) -> bool:
        return self._source.random() < share

    def count(self, least: int, most: int) -> int:
        return self._source.randint(least, most)

    def one(self, of: Sequence[T]) -> T:
        return self._source.choice(of)

    def some(self, of: Sequence[T], most: int = 2) -> tuple[T, ...]:
        """One or more of them, each once, in any order."""
        return tuple(self._source.sample(list(of), self.count(1, min(most, len(of)))))

    def maybe(self, of: Sequence[T], share: float, most: int = 2) -> tuple[T, ...]:
        return self.some(of, most) if of and self.likely(share) else ()

    def instant(self) -> datetime:
        """Mostly on the grid, now and then a few hours after it."""
        at = self.one(GRID)
        return at + timedelta(hours=6) if self.likely(0.06) else at

    def instant_or_none(self, share: float) -> datetime | None:
        return self.instant() if self.likely(share) else None


def named(text: str) -> Bilingual:
    return Bilingual(en=text, fr=text)
