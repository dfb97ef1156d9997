"""A set of whole numbers from 1 that mostly follow each other, kept as ranges."""

from bisect import bisect_right
from collections.abc import Iterator


class Ranges:
    """Numbers in as much memory as there are holes between them."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self.count = 0

    @property
    def last(self) -> int:
        """The greatest number; 0 when there is none."""
        return self._lasts[-1] if self._lasts else 0

    def add(self, number: int) -> bool:
        """Adds a number; False when it was there already, `ValueError` below 1."""
        if number < 1:
            raise ValueError(f"{number} numbers nothing")
        at = bisect_right(self._firsts, number)
        if at and number <= self._lasts[at - 1]:
            return False
        follows = at > 0 and self._lasts[at - 1] == number - 1
        precedes = at < len(self._firsts) and self._firsts[at] == number + 1
        match follows, precedes:
            case True, True:
                self._lasts[at - 1] = self._lasts.pop(at)
                del self._firsts[at]
            case True, False:
                self._lasts[at - 1] = number
            case False, True:
                self._firsts[at] = number
            case _:
                self._firsts.insert(at, number)
                self._lasts.insert(at, number)
        self.count += 1
        return True

    def add_run(self, first: int, last: int) -> bool:
        """Adds the numbers from `first` to `last`; False when any was there: none is added then."""
        if first < 1 or last < first or self.holds_any(first, last):
            return False
        at = bisect_right(self._firsts, first)
        follows = at > 0 and self._lasts[at - 1] == first - 1
        precedes = at < len(self._firsts) and self._firsts[at] == last + 1
        since = self._firsts[at - 1] if follows else first
        until = self._lasts[at] if precedes else last
        replaced = slice(at - follows, at + precedes)
        self._firsts[replaced], self._lasts[replaced] = [since], [until]
        self.count += last - first + 1
        return True

    def holds_any(self, first: int, last: int) -> bool:
        """Whether any number from `first` to `last` is there."""
        at = bisect_right(self._firsts, last)
        return at > 0 and self._lasts[at - 1] >= first

    def missing(self, last: int) -> Iterator[tuple[int, int]]:
        """The holes from 1 to `last`, each by its first and last number."""
        after = 0
        for first, until in zip(self._firsts, self._lasts, strict=True):
            if first > last:
                break
            if first > after + 1:
                yield after + 1, first - 1
            after = until
        if after < last:
            yield after + 1, last
