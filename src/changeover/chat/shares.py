"""Sharing: others of one's party read what was said up to a turn, until a date.

A share names a turn, and shows the path to it. Turns that have ended are never changed, so what is
shared is what its owner saw; what is said later, and what stands on other branches, is not in it.

Who reads it is signed in, and in the party or one of its parts at that moment. It ends at its date,
or at once when its owner ends it or the owner's account is disabled. Who may read it is then told
that it ended, and everybody else is told what they would be told of one that never was.
"""

from datetime import date, datetime
from typing import Protocol

import msgspec

from changeover.basics.errors import ConflictError
from changeover.basics.text import Bilingual

MOST_DAYS = 366


class StoredShare(msgspec.Struct, frozen=True, kw_only=True):
    """A share as kept; `by` is its owner's name.

    `ended` is when its owner ended it, or else when the owner's account was disabled.
    """

    id: str
    conversation: str
    account: str
    by: str
    party: str
    up_to: str
    until: datetime
    ended: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it may be read."""
        return self.ended is None and now < self.until


class NewShare(msgspec.Struct, frozen=True, kw_only=True):
    """The turn up to which it is shared, and the last day on which it may be read."""

    up_to: str
    last_day: date


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share as its owner sees it."""

    id: str
    conversation: str
    title: str
    party_name: Bilingual
    up_to: str
    until: datetime


class ShareEndedError(ConflictError):
    """A share that could be read, and no longer can."""

    code = "share-ended"


class Shares(Protocol):
    """What people share."""

    def add(self, share: StoredShare, at: datetime) -> None:
        """Keeps a new one."""
        ...

    def get(self, share: str) -> StoredShare | None:
        """The share, whether or not it ended."""
        ...

    def of(self, account: str) -> list[StoredShare]:
        """The account's own, ended ones too, the last begun first."""
        ...

    def end(self, share: str, at: datetime | None) -> None:
        """Ends it; None takes that back."""
        ...
