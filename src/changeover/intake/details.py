"""What a sentence adds to an act that was told before: *The order was signed on Friday.*

Such a sentence has no act of its own. Its subject is the order, the exemption or the ban
that was just spoken of, and it tells the day on which that was decided or takes effect, or
how long it lasts.
"""

from datetime import date
from itertools import pairwise

import msgspec

from changeover.intake.discourse import Discourse
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.proposals import Proposal
from changeover.intake.times import Time, count
from changeover.intake.timing import When
from changeover.intake.words import fold

_TEXTS = (
    Op.INSTRUMENT, Op.COMMAND, Op.BAN, Op.WAIVE, Op.PERMIT, Op.SUSPEND, Op.RESCIND, Op.AGREEMENT,
)  # fmt: skip
_DEFINITE = frozenset(
    {"the", "this", "its", "his", "her", "their", "le", "la", "l", "ce", "cet", "cette", "sa",
     "son", "elle"}
)  # fmt: skip
_LASTING = ("last", "expire", "lapse", "run", "dure", "expire", "court", "courra")
_ITSELF = frozenset({"this", "the present", "present", "présent", "présente", "ce", "cet", "cette"})
_COMING = frozenset({"force", "effect", "vigueur", "effet"})
_PUBLISHING = ("publi", "gazett", "notif", "affich")
_SUBJECT = 5
"""Words from the beginning within which the subject stands."""


def with_details(last: Proposal, items: list[Item], today: date | None) -> Proposal:
    """The act that was told last, with what a sentence after it says of its times."""
    times = [item.time for item in items if item.time is not None]
    denied = any(item.has(Op.NOT, Op.NO_MORE, Op.NO) for item in items)
    if len(times) != 1 or denied or not _speaks_of_it(items):
        return last
    lasting = any(item.text.lower().startswith(_LASTING) for item in items)
    coming = any(fold(item.text) in _COMING for item in items)
    when = _when(last.when, times[0], today, lasting=lasting, coming=coming)
    return msgspec.structs.replace(last, when=when)


def in_force(items: list[Item], discourse: Discourse) -> When | None:
    """From when on a text says of itself that it is in force: *This order takes effect on …*.

    A day after its publication is one that the text does not tell.
    """
    times = [i.time for i in items if i.time is not None and not discourse.is_own_date(i.time)]
    begins = [time for time in times if time.bearing == "from"]
    if not _speaks_of_itself(items):
        return None
    if not times and any(fold(item.text) in _COMING for item in items):
        told = any(fold(item.text).startswith(_PUBLISHING) for item in items)
        return When(unresolved="publication") if told else None
    if len(begins) != 1 or len(times) > 1:
        return None
    day = begins[0].resolve(discourse.dated, ahead=True)
    span = (begins[0].start, begins[0].end)
    if day is None:
        return None
    return When(since=day, since_named=True, effective=True, since_span=span)


def with_force(proposals: list[Proposal], force: When | None) -> list[Proposal]:
    """The acts of a text that are in force from a day that it gives for the whole of it."""
    if force is None:
        return proposals
    return [
        one
        if one.nature != "act" or one.when.since_named
        else msgspec.structs.replace(
            one,
            when=msgspec.structs.replace(
                one.when,
                since=force.since,
                since_named=force.since_named,
                effective=force.effective,
                since_span=force.since_span,
                unresolved=force.unresolved,
            ),
        )
        for one in proposals
    ]


def _speaks_of_itself(items: list[Item]) -> bool:
    """Whether the subject is the text itself: *This order*, *… du présent arrêté, qui*."""
    for place, (before, item) in enumerate(pairwise(items)):
        itself = before.text.lower() in _ITSELF
        if itself and (item.noun(Op.INSTRUMENT, Op.AGREEMENT) or item.capital):
            following = items[place + 2 : place + 4]
            return place <= _SUBJECT or any(one.has(Op.WHO) for one in following)
    return False


def _speaks_of_it(items: list[Item]) -> bool:
    """Whether the subject is a definite text: *The exemption*, *Cette mesure*."""
    for before, item in pairwise(items[:_SUBJECT]):
        if item.noun(*_TEXTS) and before.text.lower() in _DEFINITE:
            return True
        if item.verb:
            return False
    return False


def _when(when: When, time: Time, today: date | None, *, lasting: bool, coming: bool) -> When:
    span = (time.start, time.end)
    ends = lasting or time.bearing == "until"
    if ends and when.until is None and when.deadline is None:
        if time.period is not None:
            until = count(when.since, time.period) if when.since is not None else None
        else:
            until = time.resolve(today, ahead=True)
        return msgspec.structs.replace(when, until=until, until_span=span)
    day = None if ends or time.period is not None else time.resolve(today)
    if coming and time.period is not None and today is not None:
        day = count(today, time.period)  # *takes effect 60 days after this judgment*
    if day is None or (when.since_named and time.bearing != "from" and not coming):
        return when
    return msgspec.structs.replace(
        when,
        since=day,
        since_named=True,
        effective=coming or time.bearing == "from",
        since_span=span,
        unresolved=None,
    )
