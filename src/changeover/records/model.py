"""Retention rules and legal holds: what they are, and which reach a party.

1. A rule is a party's and holds for its parts too, unless they have a rule of their own: the
   nearest counts. Without any, conversations are kept until their owners remove them.
2. A hold is on parties with all their parts. While one reaches a party nothing of its people is
   removed, by anybody, at any time: it beats every rule.
3. Neither follows from an order by itself: an order proposes a hold, and an officer decides.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from changeover.directory.model import Directory
from changeover.directory.rules import ancestors

LONGEST_DAYS = 36_500
LONGEST_NAME = 120
LONGEST_WHY = 2_000


class RetentionRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of the conversations of a party's people.

    They are removed `days` after they were last changed; None: not by time. With
    `staff_may_remove`, their owners may do so before.
    """

    party: str
    days: int | None
    staff_may_remove: bool


class LegalHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hold on parties, or an officer's word that an order needs none (`declined`).

    `order` is the instrument because of which it was begun or declined, if any; `ended_why` is
    said when it ends.
    """

    name: str
    why: str
    parties: tuple[str, ...]
    order: str | None = None
    state: Literal["held", "ended", "declined"] = "held"
    ended_why: str = ""


def rule_for(
    rules: Iterable[RetentionRule], directory: Directory, party: str
) -> RetentionRule | None:
    """The rule of the party, or of the nearest that it is part of."""
    by_party = {rule.party: rule for rule in rules}
    return next((by_party[p] for p in _reaching(directory, party) if p in by_party), None)


def holding(holds: Iterable[LegalHold], directory: Directory, party: str) -> tuple[LegalHold, ...]:
    """The holds that reach the party."""
    reaching = frozenset(_reaching(directory, party))
    return tuple(
        hold for hold in holds if hold.state == "held" and not reaching.isdisjoint(hold.parties)
    )


def _reaching(directory: Directory, party: str) -> tuple[str, ...]:
    """The party and all that it is part of, the nearest first; it may have left the directory."""
    return ancestors(directory, party) if party in directory.parties else (party,)
