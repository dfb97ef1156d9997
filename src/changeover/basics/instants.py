"""Instants as whole microseconds.

An instant is a timezone-aware `datetime` in UTC. Decisions count in whole
microseconds since 1970, because comparing integers is what a decision does
most.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z; exact, unlike `timestamp()`."""
    since = instant - EPOCH
    return since.days * _DAY + since.seconds * 1_000_000 + since.microseconds


def from_microseconds(count: int) -> datetime:
    """The instant so many microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(microseconds=count)
