"""When: the times that a text names, and the document's own date.

A weekday in a report of what happened is the last such day up to the
document's date; with *next* or *prochain*, or in a text that orders or
announces, the first one after it. A day without a year is the one nearest to the
document's date. Periods are counted by `basics.calendars`: months on the
calendar, business days from Monday to Friday (holidays are a person's matter).
"""

import calendar
import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from changeover.basics.calendars import add_months
from changeover.intake.model import Period
from changeover.intake.words import fold

Bearing = Literal["at", "from", "until", "within", "for", "past"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier", "february feb fevrier", "march mar mars", "april apr avril",
            "may mai", "june jun juin", "july jul juillet", "august aug aout",
            "september sept sep septembre", "october oct octobre", "november nov novembre",
            "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi", "tuesday mardi", "wednesday mercredi", "thursday jeudi",
            "friday vendredi", "saturday samedi", "sunday dimanche",
        )
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    name: number
    for number, names in {
        1: "one a un une", 2: "two deux", 3: "three trois", 4: "four quatre", 5: "five cinq",
        6: "six", 7: "seven sept", 8: "eight huit", 9: "nine neuf", 10: "ten dix",
        11: "eleven onze", 12: "twelve douze", 14: "fourteen quatorze", 15: "fifteen quinze",
        18: "eighteen dix-huit", 20: "twenty vingt", 24: "vingt-quatre", 30: "thirty trente",
        45: "quarante-cinq", 60: "sixty soixante", 90: "ninety quatre-vingt-dix",
        100: "cent", 120: "cent-vingt", 180: "cent-quatre-vingts",
    }.items()
    for name in names.split()
}  # fmt: skip
_DAYS_PER = {"day": 1, "jour": 1, "week": 7, "semaine": 7}
_MONTHS_PER = {"month": 1, "mois": 1, "year": 12, "an": 12, "annee": 12}

_MONTH = "|".join(sorted((m for m in _MONTHS), key=len, reverse=True))
_DAY_WORD = "|".join(_WEEKDAYS)
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True)).replace("-", "[- ]")
_UNTIL = (
    r"until|till|through|by|up to(?: and including)?|on or before|no later than|"
    r"not later than|before|expir(?:es|ing|e) (?:on|le)|"
    r"jusqu['’ ]?(?:au|a|en)|d['’]ici(?: au| a)?|au plus tard|avant"
)
_FROM = (
    r"effective(?: as of| from| on)?|as of|as from|from|starting(?: on| from)?|"
    r"beginning(?: on)?|with effect from|tak(?:es?|ing) effect(?: on)?|after|apres le|"
    r"on and (?:from|after)|a dater d[ue]|a compter d[ue]|a partir d[ue]|des|a effet du|"
    r"(?:avec|prend|prendra) effet(?: au| le| a compter du)?|"
    r"(?:entre|entrera) en vigueur|(?:enters?|comes?) into (?:force|effect)(?: on)?"
)
_DATE = (
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})(?!\d)|"
    rf"(?P<d1>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?P<m1>{_MONTH})\b\.?(?:,? (?P<y1>\d{{4}}))?|"
    rf"(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y2>\d{{4}}))?"
)
_WEEKDAY = (
    rf"(?P<next>next |this coming )?(?:last |this )?(?P<day>{_DAY_WORD})\b"
    r"(?P<after> prochain| next)?(?: dernier| last)?"
)
_POINT = re.compile(
    rf"\b(?:(?:(?P<until>{_UNTIL})|(?P<from>{_FROM})|on|le|ce|au|since|depuis) )?"
    r"(?:(?:on|the|le|la) )?"
    rf"(?:(?:{_DAY_WORD}),? (?:the |le )?)?"
    rf"(?:{_DATE}|{_WEEKDAY})"
)
_LENGTH = re.compile(
    rf"\b(?:(?:(?P<until>until|by|no later than|not later than|au plus tard|d['’]ici|within|over|"
    rf"in|sous|dans|sur|en|au cours d[e']s?|"
    rf"dans (?:un|le) delai (?:de|d['’]))|(?P<for>for|during|pendant|durant)|"
    rf"(?P<past>past|last|depuis|since|for the (?:past|last)|il y a)) ?)?"
    rf"(?:(?:the|a|an|un|une|les|next|prochains?|period of|periode de|maximum of|maximum de) )*"
    rf"(?P<count>\d{{1,3}}|{_NUMBER})(?: \(\w+\))?[- ]"
    rf"(?P<rule>business |working |calendar |court )?"
    rf"(?P<unit>days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|annees?)\b"
    rf"(?P<fr> ouvrables?| ouvres?| calendaires?)?(?P<ago> ago| earlier| plus tot)?"
)
_NOW = re.compile(
    r"\b(?:(?P<now>effective immediately|with immediate effect|immediately|at once|forthwith|today|"
    r"avec effet immediat|a effet immediat|immediatement|sans delai|sur-le-champ|aujourd['’]hui)|"
    r"(?P<yesterday>yesterday|hier)|(?P<tomorrow>tomorrow|demain))\b"
)
_OPENS = re.compile(r"\b(?:from|between|du|entre le) (?:the )?$")
_CLOSES = re.compile(r"\s*(?:to|and|until|au|et le|jusqu['’ ]?au)?\s*")
_UP_TO = ("to", "until", "au", "jusqu", "and", "et le")
_SAME = re.compile(
    r"\b(?:(?P<from>from|as of|as from|a compter de|a partir de|des)|on|at|by|a|le)"
    r" (?:that|the same|said|this latter|cette|cette meme|ce meme|la meme|ladite)"
    r" (?:date|day|jour)\b"
)
"""*on that date*, *à compter de cette même date*."""
_END = re.compile(
    rf"\b(?:(?:until|till|by|before|jusqu['’ ]?a|d['’]ici(?: a)?|avant|au plus tard|"
    rf"(?P<at>at|from|a)) )"
    rf"(?:the |la )?(?:end of|fin(?: de| du)?) (?:the |l['’]|le |du )?"
    rf"(?:(?P<year>year|annee)|(?P<month>{_MONTH})(?: (?P<of>\d{{4}}))?)\b"
)
"""*by the end of the year*, *d'ici à la fin de juin 2026*."""
_VAGUE = re.compile(
    rf"\b(?:(?:in|en|au mois de|since|depuis|last|early in|late in|debut|fin) (?:{_MONTH})"
    rf"(?: \d{{4}})?\b(?! \d)|last (?:year|month|week|spring|summer|autumn|fall|winter)|"
    r"l['’]an(?:nee)? dernier(?:e)?|le mois dernier|la semaine derniere|l['’]annee derniere)"
)
"""*in May*, *last year*: a time, and no day."""
_LABEL = re.compile(
    r"^[\s>*#_-]*(?:dated?|le|fait le|published|publie le|issued)\b[\s:*_]*", re.IGNORECASE
)
_MADE = re.compile(
    r"\b(?:this|present) \w+ (?:is|was|est|a ete) (?:made|signed|concluded|conclue?|signee?) ?$|"
    r"^(?:done|fait|signed|given|donne) [^.]{1,60}$"
)
"""*This Amendment is made on*, *Fait à Paris, en deux exemplaires, le*: what comes is its date."""
_FIRST, _LAST = 40, 8
_TOP, _LONG = 600, 160
"""Characters within which a bare date stands, and that its line has at most."""
"""Lines at the end among which a place and a date may stand."""
_FROM_PLACE = re.compile(r"^\W*[a-z][a-z' ()-]{1,40}, (?:le |this )?$")
"""*Québec, le 3 mars 2027*: a line of a place and a date says when the text was made."""
_ANOTHERS = re.compile(
    r"\b(?:agreement|contract|act|law|letter|marche|contrat|loi|lettre|convention|decret)"
    r"(?: n\S* ?\S+)? (?:of|dated|du) ?$"
)
"""*the Master Services Agreement of*: what comes is another text's date."""


class Time(msgspec.Struct, frozen=True):
    """A time that the text names, and how it bears on what is said.

    A point has `day` or a `weekday` still to be resolved; a length has `period`. `same` is the
    day named last before it: *on that date*.
    """

    start: int
    end: int
    bearing: Bearing
    day: date | None = None
    weekday: int | None = None
    coming: bool = False
    yearless: bool = False
    period: Period | None = None
    offset: int | None = None
    same: bool = False

    def resolve(self, today: date | None, *, ahead: bool = False) -> date | None:
        """The day meant, given the document's date; `ahead` looks forward for a weekday."""
        if self.day is not None:
            return self._in_its_year(self.day, today)
        if today is None:
            return None
        if self.offset is not None:
            return _shift(today, self.offset)
        if self.weekday is None:
            return None
        if ahead or self.coming:
            return _shift(today, (self.weekday - today.weekday() - 1) % 7 + 1)
        return _shift(today, -((today.weekday() - self.weekday) % 7))

    def _in_its_year(self, day: date, today: date | None) -> date | None:
        if not self.yearless:
            return day
        return _coming(day, today) if self.bearing == "until" else _nearest(day, today)


def find_times(text: str, start: int, end: int) -> list[Time]:
    """The times named in `text[start:end]`, in order, never overlapping."""
    folded = fold_aligned(text[start:end])
    found = sorted(
        [
            *(time for match in _NOW.finditer(folded) for time in _now(match, start)),
            *(time for match in _LENGTH.finditer(folded) for time in _length(match, start)),
            *(time for match in _POINT.finditer(folded) for time in _point(match, start)),
            *(_end(match, start) for match in _END.finditer(folded)),
            *(_same(match, start) for match in _SAME.finditer(folded)),
            *(
                Time(start + match.start(), start + match.end(), "past")
                for match in _VAGUE.finditer(folded)
            ),
        ],
        key=lambda time: (time.start, -time.end),
    )
    kept: list[Time] = []
    for time in found:
        if not kept or time.start >= kept[-1].end:
            kept.append(time)
    return _ranges(kept, folded, start)


def _ranges(times: list[Time], folded: str, base: int) -> list[Time]:
    """*du 1er avril au 31 décembre 2027*: the first day begins and the second ends."""
    for place, (first, last) in enumerate(pairwise(times)):
        between = folded[first.end - base : last.start - base]
        joined = folded[first.end - base : last.end - base].lstrip().startswith(_UP_TO)
        days = first.day is not None and last.day is not None
        # The word before a day that is itself one is within its span.
        opened = _OPENS.search(folded[: first.start - base]) or first.bearing == "from"
        if not (days and joined and opened and _CLOSES.fullmatch(between)):
            continue
        day = first.day
        if day is not None and last.day is not None and first.yearless and not last.yearless:
            day = day.replace(year=last.day.year - (day.replace(year=last.day.year) > last.day))
        times[place] = msgspec.structs.replace(
            first, bearing="from", day=day, yearless=first.yearless and last.yearless
        )
        times[place + 1] = msgspec.structs.replace(last, bearing="until")
    return times


def count(start: date, period: Period) -> date | None:
    """The day on which a period from `start` is over; None beyond the calendar."""
    try:
        match period.unit:
            case "months":
                return add_months(start, period.count)
            case "days":
                return start + timedelta(days=period.count)
            case "business-days":
                day, left = start, period.count
                while left:
                    day += timedelta(days=1)
                    left -= day.weekday() < 5
                return day
    except (ValueError, OverflowError):
        return None


def document_date(text: str) -> tuple[date, int, int] | None:
    """The document's own date with its span.

    A labelled one first, or one on which it says that it was made; then a bare one near the
    top that is not another text's.
    """
    position, bare = 0, None
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        folded = fold_aligned(line)
        label = _LABEL.match(folded)
        for match in _POINT.finditer(folded) if _may_date(number, len(lines), folded) else ():
            day = _day(match)
            if day is None or match["until"] or match["from"] or _yearless(match):
                continue
            start = position + _first_group(match)
            span = (day, start, position + match.end())
            before = folded[: match.start()]
            if (label and match.start() <= label.end()) or _MADE.search(before):
                return span
            ends = not folded[match.end() :].strip(" .")
            alone = ends and _FROM_PLACE.search(before) is not None
            top = position < _TOP and len(line) < _LONG and ": " not in line[:20]
            top = top or (alone and number > len(lines) - _LAST)
            if bare is None and top and not _ANOTHERS.search(before):
                bare = span
        position += len(line)
    return bare


def _may_date(number: int, lines: int, folded: str) -> bool:
    """Whether a document may give its date in a line: near its top or end, or by its words."""
    return number < _FIRST or number > lines - _LAST or _MADE.search(folded) is not None


def fold_aligned(text: str) -> str:
    """Folded text of the same length, so that offsets stay; white space becomes a space."""
    return "".join(_fold_one(character) for character in text)


def _fold_one(character: str) -> str:
    if character.isspace():
        return " "
    folded = fold(character)
    return folded if len(folded) == 1 else character


def _now(match: re.Match[str], base: int) -> list[Time]:
    offset = -1 if match["yesterday"] else 1 if match["tomorrow"] else 0
    immediate = "mmediat" in match.group() or match.group() in {"at once", "forthwith"}
    bearing: Bearing = "from" if immediate or "delai" in match.group() else "at"
    return [Time(base + match.start(), base + match.end(), bearing, offset=offset)]


def _length(match: re.Match[str], base: int) -> list[Time]:
    unit = match["unit"].rstrip("s") if match["unit"] != "mois" else "mois"
    written = match["count"].replace(" ", "-")
    number = int(written) if written.isdigit() else _NUMBERS[written]
    if unit in _MONTHS_PER:
        period = Period(count=number * _MONTHS_PER[unit], unit="months")
    elif match["rule"] in {"business ", "working "} or (match["fr"] or "").startswith(" ouvr"):
        period = Period(count=number * _DAYS_PER[unit], unit="business-days")
    else:
        period = Period(count=number * _DAYS_PER[unit], unit="days")
    bearing: Bearing = "within"
    if match["past"] or match["ago"]:
        bearing = "past"
    elif match["for"]:
        bearing = "for"
    return [Time(base + match.start(), base + match.end(), bearing, period=period)]


def _end(match: re.Match[str], base: int) -> Time:
    """The last day of a month or of the year, a month without a year the nearest one."""
    month = 12 if match["year"] else _MONTHS[match["month"]]
    year = int(match["of"] or 2000)
    day = date(year, month, calendar.monthrange(year, month)[1])
    start, end = base + match.start(), base + match.end()
    bearing: Bearing = "from" if match["at"] else "until"
    return Time(start, end, bearing, day=day, yearless=match["of"] is None)


def _same(match: re.Match[str], base: int) -> Time:
    bearing: Bearing = "from" if match["from"] else "at"
    return Time(base + match.start(), base + match.end(), bearing, same=True)


def _point(match: re.Match[str], base: int) -> list[Time]:
    bearing: Bearing = "until" if match["until"] else "from" if match["from"] else "at"
    start, end = base + match.start(), base + match.end()
    if match["day"]:
        coming = bool(match["next"] or match["after"])
        return [Time(start, end, bearing, weekday=_WEEKDAYS[match["day"]], coming=coming)]
    day = _day(match)
    return [] if day is None else [Time(start, end, bearing, day=day, yearless=_yearless(match))]


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = match["m1"] or match["m2"]
        if not month:
            return None
        year = match["y1"] or match["y2"] or "2000"
        return date(int(year), _MONTHS[month], int(match["d1"] or match["d2"]))
    except ValueError:
        return None


def _yearless(match: re.Match[str]) -> bool:
    return not (match["iso"] or match["y1"] or match["y2"])


def _first_group(match: re.Match[str]) -> int:
    return min(match.start(group) for group in ("iso", "d1", "m2") if match[group])


def _nearest(day: date, today: date | None) -> date | None:
    if today is None:
        return None
    years = (year for year in (today.year - 1, today.year, today.year + 1) if 1 <= year <= 9999)
    candidates = []
    for year in years:
        try:
            candidates.append(day.replace(year=year))
        except ValueError:
            continue
    return min(candidates, key=lambda c: abs(c - today), default=None)


def _coming(day: date, today: date | None) -> date | None:
    """The first such day on which something can still end."""
    nearest = _nearest(day, today)
    if nearest is None or today is None or nearest >= today:
        return nearest
    return _nearest(day, add_months(today, 12))


def _shift(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
