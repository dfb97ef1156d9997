"""Whom a rescission or a stay reaches: those whom the act that it ends or suspends reached.

*The President of the Agency ordered … . The operation of that direction is suspended*: the
second sentence need not say whom again. The act is the one told before it about the same
vendor; of several the last.
"""

import msgspec

from changeover.intake.discourse import Discourse
from changeover.intake.proposals import Proposal

_ENDING = frozenset({"rescind", "stay"})
_ENDED = frozenset({"prohibit", "designate", "permit", "wind-down"})


def with_reach(proposals: list[Proposal], discourse: Discourse) -> list[Proposal]:
    """The proposals; rescissions and stays that name nobody have the reach of what they act on."""
    found: list[Proposal] = []
    for one in proposals:
        before = _acted_on(one, found, discourse)
        found.append(one if before is None else msgspec.structs.replace(one, whom=before.whom))
    return found


def _acted_on(one: Proposal, before: list[Proposal], discourse: Discourse) -> Proposal | None:
    named = one.whom.parties or one.whom.networks or one.whom.services
    if one.action not in _ENDING or named:
        return None
    about = one.makers(discourse)
    alike = [
        other
        for other in before
        if other.action in _ENDED and other.whom.parties and other.makers(discourse) & about
    ]
    return alike[-1] if alike else None
