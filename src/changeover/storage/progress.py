"""Telling how far a long reading or writing is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Takes what is being done, how many bytes of it are, and of how many (0: not known)."""

_STEP = 1 << 20


class Meter:
    """Counts bytes, and tells them every mebibyte and at the end."""

    def __init__(self, progress: Progress, doing: str, total: int = 0) -> None:
        self._progress = progress
        self._doing = doing
        self._total = total
        self._done = self._told = 0

    def add(self, count: int) -> None:
        self._done += count
        if self._done - self._told >= _STEP:
            self.end()

    def end(self) -> None:
        self._told = self._done
        self._progress(self._doing, self._done, self._total)
