"""Whether the calls of every start are all there.

A start (one run of a process) numbers its calls from 1, without gaps, before any of
them leaves; each call is an entry when it is concluded. So for every start:

1. a number is told once; twice is a fault;
2. a start that ended, stopped or killed, told each number up to the last that it
   gave; one that did not end, each number up to the greatest that was told;
3. that it begins is told once;
4. a number that is missing is on its way while the start runs, and otherwise a gap:
   a fault, unless an officer explained it.

Calls may be told in any order: they end in another order than they began in. What
is kept of a start is the ranges of its numbers. A start that neither ended nor runs
was lost with its machine or its journal, or nobody has replayed its journal yet; how
many calls it made after the last one told cannot be known from here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from changeover.ledger.ranges import Ranges

State = Literal["stopped", "killed", "running", "lost"]


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers that no entry tells of. `why` and `by` are of whoever explained it."""

    first: int
    last: int
    why: str | None = None
    by: str | None = None

    @property
    def explained(self) -> bool:
        return self.why is not None


class StartReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger tells of a start: its calls are numbered from 1 to `last`.

    `host`, `version` and `began` are None of a start from before starts were told.
    """

    start: str
    host: str | None
    version: str | None
    began: str | None
    state: State
    last: int
    calls: int
    gaps: tuple[Gap, ...]


class NumberFault(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of a start that are missing or double, or a call without a number."""

    start: str
    first: int
    last: int
    what: str
    means: str
    do: str

    @property
    def where(self) -> str:
        if not self.last:
            return f"start {self.start}"
        numbers = f"s {self.first} to {self.last}" if self.first != self.last else f" {self.last}"
        return f"call{numbers} of start {self.start}"


class _Start:
    """What is known of one start so far."""

    def __init__(self) -> None:
        self.told: Mapping[str, Any] = {}
        self.reason: Literal["stopped", "killed"] | None = None
        self.given = 0
        self.numbers = Ranges()
        self.explained: list[Gap] = []

    @property
    def last(self) -> int:
        return max(self.given, self.numbers.last, *(gap.last for gap in self.explained), 0)

    def gaps(self) -> Iterator[Gap]:
        for first, last in self.numbers.missing(self.last):
            yield from _apart(first, last, self.explained)


class Numbering:
    """Takes entries one by one, in any order, and tells of every start."""

    def __init__(self) -> None:
        self._starts: dict[str, _Start] = {}
        self._wrong: NumberFault | None = None
        self.newest: str | None = None

    def take(self, entry: Mapping[str, Any]) -> None:
        """Takes note of an entry of the form of entries, whatever its kind."""
        try:
            self._take(entry)
        except (KeyError, TypeError, ValueError):
            self._wrong = self._wrong or _unreadable(str(entry.get("start")))

    def take_calls(self, starts: Sequence[str], numbers: Sequence[int]) -> None:
        """Takes note of calls, by the start and the number of each, as `take` does of one."""
        of = list(dict.fromkeys(starts))
        if len(of) == 1:
            self._take_numbers(of[0], numbers)
            return
        for start in of:
            told = zip(starts, numbers, strict=True)
            self._take_numbers(start, [number for name, number in told if name == start])

    def _take_numbers(self, start: str, numbers: Sequence[int]) -> None:
        ranges = self._of(start).numbers
        ordered = sorted(numbers)
        whole = ordered[-1] - ordered[0] == len(set(ordered)) - 1 == len(ordered) - 1
        if whole and ranges.add_run(ordered[0], ordered[-1]):
            return
        for number in numbers:
            self.take({"kind": "call", "start": start, "seq": number})

    def _take(self, entry: Mapping[str, Any]) -> None:
        match entry["kind"]:
            case "call":
                start, number = entry["start"], entry["seq"]
                if not self._of(start).numbers.add(number):
                    self._wrong = self._wrong or _double(start, number)
            case "start":
                self.newest = entry["start"]
                of = self._of(entry["start"])
                if of.told:
                    self._wrong = self._wrong or _begun_twice(entry["start"])
                of.told = of.told or entry
            case "end":
                of = self._of(entry["start"])
                of.given = max(of.given, entry["last"])
                of.reason = of.reason or entry["reason"]
            case "gap":
                gap = Gap(**{name: entry[name] for name in ("first", "last", "why", "by")})
                self._of(entry["start"]).explained.append(gap)
            case _:
                pass

    def reports(self, runs: Callable[[str], bool]) -> list[StartReport]:
        """Every start, in the order of their first entries; `runs` says which runs now."""
        return [
            StartReport(
                start=name,
                host=start.told.get("host"),
                version=start.told.get("version"),
                began=start.told.get("at"),
                state=start.reason or ("running" if runs(name) else "lost"),
                last=start.last,
                calls=start.numbers.count,
                gaps=tuple(start.gaps()),
            )
            for name, start in self._starts.items()
        ]

    def fault(self, reports: Sequence[StartReport]) -> NumberFault | None:
        """The first thing that does not hold, of the starts as reported."""
        if self._wrong is not None:
            return self._wrong
        for report in reports:
            for gap in report.gaps:
                if report.state != "running" and not gap.explained:
                    return _missing(report, gap)
        return None

    def open_to_explanation(self, start: str, first: int, last: int) -> bool:
        """Whether nothing tells of these numbers, and the start may have given them."""
        known = self._starts.get(start)
        if known is None or not 1 <= first <= last or known.numbers.holds_any(first, last):
            return False
        return known.reason is None or last <= max(known.given, known.numbers.last)

    def _of(self, start: str) -> _Start:
        return self._starts.setdefault(start, _Start())


def _apart(first: int, last: int, explained: Sequence[Gap]) -> Iterator[Gap]:
    """A hole as gaps that are each explained whole, by the first who did, or not at all."""
    while first <= last:
        covering = next((gap for gap in explained if gap.first <= first <= gap.last), None)
        if covering is not None:
            until = min(last, covering.last)
            yield Gap(first=first, last=until, why=covering.why, by=covering.by)
        else:
            later = (gap.first for gap in explained if first < gap.first <= last)
            until = min(later, default=last + 1) - 1
            yield Gap(first=first, last=until)
        first = until + 1


def _double(start: str, number: int) -> NumberFault:
    return NumberFault(
        start=start,
        first=number,
        last=number,
        what="A call is told twice.",
        means="Two entries bear the same number: one of them is of a call that was not made, "
        "or two processes ran under one start.",
        do="Compare both entries with the vendor's own log.",
    )


def _begun_twice(start: str) -> NumberFault:
    return NumberFault(
        start=start,
        first=0,
        last=0,
        what="A start begins twice.",
        means="A process tells once that it begins. Told again, later, it would seem not to have "
        "lived before, and its missing calls not to be of that time.",
        do="Ask who holds the ledger's key what signed it.",
    )


def _unreadable(start: str) -> NumberFault:
    return NumberFault(
        start=start,
        first=0,
        last=0,
        what="An entry about a start or its calls lacks what it should tell.",
        means="This Changeover does not write such entries.",
        do="Ask who holds the ledger's key what signed it.",
    )


def _missing(report: StartReport, gap: Gap) -> NumberFault:
    several = gap.first != gap.last
    return NumberFault(
        start=report.start,
        first=gap.first,
        last=gap.last,
        what=f"{gap.last - gap.first + 1} calls are missing." if several else "A call is missing.",
        means=f"The start {_ENDED[report.state]}, and gave "
        f"{'these numbers' if several else 'this number'}, but no entry tells what became of them. "
        "They may have left for a vendor.",
        do="Start Changeover on that machine with that data folder: it replays what the journal "
        "holds. If the journal is lost, record why with `changeover ledger explain "
        f"{report.start} --from {gap.first} --to {gap.last} --why TEXT --by NAME`.",
    )


_ENDED: dict[State, str] = {
    "stopped": "was stopped",
    "killed": "was killed",
    "running": "runs",
    "lost": "did not end and does not run",
}
