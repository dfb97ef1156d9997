"""Instants as other programs write them: numbers since 1970, in seconds or finer."""

from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800
"""The years 2000 and 2100: a chat's time outside of them is a mistake."""
_FINER = (1, 1_000, 1_000_000, 1_000_000_000)
"""Seconds, and what milli-, micro- and nanoseconds are divided by."""


def instant(given: Any) -> datetime | None:
    """The instant of a number; None for what is none, or no credible one."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    for finer in _FINER:
        if _EARLIEST <= given / finer < _LATEST:
            return _EPOCH + timedelta(microseconds=round(given * 1_000_000 / finer))
    return None
