"""What reconciling needs from outside: somewhere to add up more lines than memory holds."""

from collections.abc import Iterator
from typing import Protocol

from changeover.evidence.reconciling.buckets import Buckets
from changeover.evidence.reconciling.model import Counted, Line


class Lines(Protocol):
    """Lines of all sources, each once."""

    def add(self, line: Line) -> None:
        """Keeps a line."""
        ...

    def span(self) -> tuple[int, int, int] | None:
        """The first instant, the end, and the longest span of a line; None without lines."""
        ...

    def hosts(self) -> frozenset[str]:
        """The hosts that lines are about."""
        ...

    def counted(self, buckets: Buckets) -> Iterator[Counted]:
        """The sums by host and bucket in the window; of two lines of one id the greater counts."""
        ...

    def duplicates(self) -> int:
        """How many lines had an id that another had."""
        ...
