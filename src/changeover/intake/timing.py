"""When an act stands, ends or winds down, from the times that its sentence names.

It stands from the date of effect if one is named, else from the day of the act,
else from that of its announcement. How long an ending has is its wind-down; how
long a ban or a permission has is its end.
"""

from datetime import date

import msgspec

from changeover.intake.acts import Deed
from changeover.intake.items import Item
from changeover.intake.lexicon import Form, Op
from changeover.intake.model import Period
from changeover.intake.scene import Scene, Span, told_from
from changeover.intake.times import Time, count

_TEXTS = (Op.INSTRUMENT, Op.COMMAND, Op.BAN, Op.PAPER, Op.WAIVE, Op.PERMIT, Op.DESIGNATE)
_DATING = frozenset({"of", "dated", "from", "du", "de", "daté", "datée", "datant"})
_BY_MEANS = frozenset({"by", "in", "under", "through", "par", "dans"})
_NEAR = 8
"""How many words before a date the text may stand that it is the date of."""


class When(msgspec.Struct, frozen=True):
    """Resolved days, the period or deadline of a wind-down, and where each was read."""

    since: date | None = None
    since_named: bool = False
    effective: bool = False
    until: date | None = None
    deadline: date | None = None
    period: Period | None = None
    since_span: Span | None = None
    until_span: Span | None = None
    unresolved: str | None = None


def when(scene: Scene, deed: Deed, *, ahead: bool) -> When:
    """The act's times, resolved; `ahead` where a bare weekday looks forward."""
    clause = scene.clauses[deed.clause]
    before, after = _phrases_before(scene, deed.clause), _phrases_after(scene, deed)
    positions = [*clause.positions, *after, *before]
    own = [t for p in positions if (t := _bearing_time(scene, p)) is not None]
    spoken = [
        t for v in scene.voices if deed.clause in v.governs for t in v.times
        if not scene.discourse.is_own_date(t)
    ]  # fmt: skip
    today = scene.discourse.dated
    result = _since(own, spoken, today, ahead=ahead)
    recalled = _text_day(scene, deed) if result.since is None else None
    if recalled is not None:
        result = When(since=recalled, since_named=True)
    elif result.since is None and (
        deed.told or _long_past(scene, deed) or any(map(_is_vague, own))
    ):
        result = When(unresolved="past")
    for time in own:
        if time.bearing == "until":
            day = time.resolve(today, ahead=True)
            result = _deadline(result, deed, day, None, time)
        elif time.period is not None and time.bearing != "past":
            day = count(result.since, time.period) if result.since else None
            result = _deadline(result, deed, day, time.period, time)
    return result


def _text_day(scene: Scene, deed: Deed) -> date | None:
    """The day of the text by which it was done.

    *the order of 2 June by which X was barred*, *by an order signed on 2 June, he barred X*.
    """
    before = scene.items[: told_from(scene, deed) if deed.told else deed.head.position]
    if deed.told:
        texts = [n for n, item in enumerate(before) if item.noun(*_TEXTS)]
    else:
        means = [n for n, item in enumerate(before) if item.has(Op.BY) or item.text in _BY_MEANS]
        texts = [n for n in means if any(item.noun(*_TEXTS) for item in before[n + 1 : n + 4])]
    if not texts and not (deed.told and scene.discourse.formal):
        return None
    after = [item.time for item in before[texts[-1] if texts else 0 :]]
    times = [t for t in after if t is not None and t.bearing in {"at", "from"}]
    own = [time for time in times if not scene.discourse.is_own_date(time)]
    return own[0 if texts else -1].resolve(scene.discourse.dated) if own else None


def _is_vague(time: Time) -> bool:
    """*in May*, *last year*: nobody can tell the day."""
    return time.bearing == "past" and time.period is None


def _long_past(scene: Scene, deed: Deed) -> bool:
    """*had barred*, *avait interdit*: done before what is told, on a day that is not told."""
    verb = deed.head.governor if deed.head.command is not None else deed.head.predicate
    if verb is None:
        return False
    words = {scene.items[p].text.lower() for p in range(verb.first, verb.index)}
    return bool(words & {"had", "avait", "avaient"})


def _phrases_before(scene: Scene, index: int) -> list[int]:
    """Positions of what leads into a sentence: *In a note of Tuesday, officials were told …*."""
    before = scene.clauses[:index]
    leads = before and not any(p.finite for clause in before for p in clause.predicates)
    return [p for clause in before for p in clause.positions] if leads else []


def _phrases_after(scene: Scene, deed: Deed) -> list[int]:
    """Positions of what follows a clause without a verb of its own: *under the rules, from May*.

    Time to wind down is given by the text that is named there: *under an order signed on Monday*.
    """
    positions: list[int] = []
    for clause in scene.clauses[deed.clause + 1 :]:
        verbs = any(p.finite or deed.head.op is not Op.GRADUAL for p in clause.predicates)
        if verbs or clause.opener not in {Op.AFTER, None}:
            break
        positions += clause.positions
    return positions


def _bearing_time(scene: Scene, position: int) -> Time | None:
    """The time at a position, but for the document's own date and the date of a text.

    In *the order of 2 June is suspended* the date says which order, not when it is suspended.
    """
    time = scene.items[position].time
    if time is None or scene.discourse.is_own_date(time):
        return None
    before = scene.items[max(0, position - _NEAR) : position]
    names_text = bool(before) and (before[-1].text.lower() in _DATING or _done_before(before))
    if names_text and time.bearing in {"at", "from"} and any(i.noun(*_TEXTS) for i in before):
        return None
    return time


def _done_before(before: list[Item]) -> bool:
    """*the injunction entered on 12 June*: a participle that says of a text when it was made."""
    texts = [n for n, item in enumerate(before) if item.noun(*_TEXTS)]
    if not texts or any(item.has(Op.BE, Op.HAVE) for item in before[texts[-1] :]):
        return False
    after = before[texts[-1] + 1 :]
    return any(
        Form.PARTICIPLE in item.forms and not item.has(Op.RESCIND, Op.SUSPEND) for item in after
    )


def _since(own: list[Time], spoken: list[Time], today: date | None, *, ahead: bool) -> When:
    effective = [t for t in own if t.bearing == "from"]
    points = [t for t in own if t.bearing == "at" and t.period is None]
    for time, forward in (
        *((t, True) for t in effective),
        *((t, ahead) for t in points),
        *((t, False) for t in spoken if t.bearing in {"at", "from"} and t.period is None),
    ):
        day = time.resolve(today, ahead=forward)
        if day is not None:
            return When(
                since=day,
                since_named=True,
                effective=time.bearing == "from",
                since_span=(time.start, time.end),
            )
        return When(unresolved=f"{time.start}:{time.end}")
    return When()


def _deadline(
    result: When, deed: Deed, day: date | None, period: Period | None, time: Time
) -> When:
    """A time that an ending has is its wind-down; a ban's or a permit's is its end."""
    span = (time.start, time.end)
    winds = deed.head.op in {Op.CEASE, Op.GRADUAL} or deed.action == "wind-down"
    if winds or (time.bearing == "within" and deed.action == "prohibit"):
        return msgspec.structs.replace(result, deadline=day, period=period, until_span=span)
    return msgspec.structs.replace(result, until=day, until_span=span)
