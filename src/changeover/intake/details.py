"""What a sentence adds to an act that was told before: *The order was signed on Friday.*

Such a sentence has no act of its own. Its subject is the order, the exemption or the ban
that was just spoken of, and it tells the day on which that was decided or takes effect, or
how long it lasts.
"""

from datetime import date
from itertools import pairwise

import msgspec

from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.proposals import Proposal
from changeover.intake.times import Time, count
from changeover.intake.timing import When

_TEXTS = (
    Op.INSTRUMENT, Op.COMMAND, Op.BAN, Op.WAIVE, Op.PERMIT, Op.SUSPEND, Op.RESCIND, Op.AGREEMENT,
)  # fmt: skip
_DEFINITE = frozenset(
    {"the", "this", "its", "his", "her", "their", "le", "la", "l", "ce", "cet", "cette", "sa",
     "son", "elle"}
)  # fmt: skip
_LASTING = ("last", "expire", "lapse", "run", "dure", "expire", "court", "courra")
_ITSELF = frozenset({"this", "the present", "present", "présent", "présente", "ce", "cet", "cette"})
_SUBJECT = 5
"""Words from the beginning within which the subject stands."""


def with_details(last: Proposal, items: list[Item], today: date | None) -> Proposal:
    """The act that was told last, with what a sentence after it says of its times."""
    times = [item.time for item in items if item.time is not None]
    if len(times) != 1 or not _speaks_of_it(items):
        return last
    lasting = any(item.text.lower().startswith(_LASTING) for item in items)
    when = _when(last.when, times[0], today, lasting=lasting)
    return msgspec.structs.replace(last, when=when)


def entering_into_force(
    proposals: list[Proposal], items: list[Item], today: date | None
) -> list[Proposal]:
    """The acts of a text that says of itself from when on it is in force: *This order …*."""
    times = [item.time for item in items if item.time is not None]
    if len(times) != 1 or times[0].bearing != "from" or not _speaks_of_itself(items):
        return proposals
    day = times[0].resolve(today, ahead=True)
    if day is None:
        return proposals
    span = (times[0].start, times[0].end)
    return [
        one
        if one.nature != "act" or one.when.since_named
        else msgspec.structs.replace(
            one,
            when=msgspec.structs.replace(
                one.when, since=day, since_named=True, effective=True, since_span=span
            ),
        )
        for one in proposals
    ]


def _speaks_of_itself(items: list[Item]) -> bool:
    """Whether the subject is the text itself: *This order*, *Le présent arrêté*."""
    for before, item in pairwise(items[: _SUBJECT + 2]):
        itself = before.text.lower() in _ITSELF
        if itself and (item.noun(Op.INSTRUMENT, Op.AGREEMENT) or item.capital):
            return True
    return False


def _speaks_of_it(items: list[Item]) -> bool:
    """Whether the subject is a definite text: *The exemption*, *Cette mesure*."""
    for before, item in pairwise(items[:_SUBJECT]):
        if item.noun(*_TEXTS) and before.text.lower() in _DEFINITE:
            return True
        if item.verb:
            return False
    return False


def _when(when: When, time: Time, today: date | None, *, lasting: bool) -> When:
    span = (time.start, time.end)
    ends = lasting or time.bearing == "until"
    if ends and when.until is None and when.deadline is None:
        if time.period is not None:
            until = count(when.since, time.period) if when.since is not None else None
        else:
            until = time.resolve(today, ahead=True)
        return msgspec.structs.replace(when, until=until, until_span=span)
    day = None if ends or time.period is not None else time.resolve(today)
    if day is None or (when.since_named and time.bearing != "from"):
        return when
    return msgspec.structs.replace(
        when,
        since=day,
        since_named=True,
        effective=time.bearing == "from",
        since_span=span,
        unresolved=None,
    )
