"""The limits in force, in memory: what every call is looked up in."""

from collections.abc import Iterable, Sequence

from changeover.metering.limits import Limit
from changeover.metering.taking import Subjects


class LimitBook:
    """Implements `meter.Limited`. One per process; replaced as a whole."""

    def __init__(self, limits: Iterable[Limit] = ()) -> None:
        self._of: dict[tuple[str, str], tuple[Limit, ...]] = {}
        self._replaced = 0
        self.replace(limits)

    def replace(self, limits: Iterable[Limit]) -> None:
        """Puts these in force instead of those that were, if they are others."""
        found: dict[tuple[str, str], tuple[Limit, ...]] = {}
        for limit in limits:
            of = (limit.subject, limit.named)
            found[of] = (*found.get(of, ()), limit)
        if found != self._of:
            self._of = found
            self._replaced += 1

    @property
    def replaced(self) -> int:
        return self._replaced

    @property
    def any(self) -> bool:
        return bool(self._of)

    def over(self, subjects: Subjects) -> Sequence[Limit]:
        of = self._of
        return [limit for subject in subjects for limit in of.get(subject, ())]
