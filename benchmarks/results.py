"""A measured figure, and the statistics that lead to it."""

import statistics
from collections.abc import Sequence
from typing import Literal

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: what it is compared with, and whether it is as good as its goal.

    `ratio` is `value` over the value of what `against` names; None where that is
    no figure of the same kind. `goal` is on the value, or on the ratio where it
    says "times".
    """

    name: str
    value: float
    unit: str
    against: str
    ratio: float | None
    goal: str
    holds: bool


class Goal(msgspec.Struct, frozen=True):
    """A bound on a row's value, or on its ratio."""

    bound: float
    at: Literal["most", "least"] = "most"
    of: Literal["value", "ratio"] = "value"

    def words(self, unit: str) -> str:
        sign = "≤" if self.at == "most" else "≥"
        return f"{sign} {self.bound:g} {unit if self.of == 'value' else 'times'}"

    def holds(self, value: float, ratio: float | None) -> bool:
        """Whether it is kept; a goal on a ratio that could not be had is not."""
        measured = value if self.of == "value" else ratio
        if measured is None:
            return False
        return measured <= self.bound if self.at == "most" else measured >= self.bound


class Against(msgspec.Struct, frozen=True):
    """What a figure is compared with; `value` where it is a figure of the same kind."""

    words: str
    value: float | None = None


def row(name: str, value: float, unit: str, against: Against, goal: Goal) -> Row:
    """The row of a figure, rounded to what a measurement can tell."""
    ratio = None if not against.value else significant(value / against.value)
    words = against.words
    if against.value is not None:
        words = f"{words}: {shown(significant(against.value))} {unit}"
    rounded = significant(value)
    return Row(
        name=name,
        value=rounded,
        unit=unit,
        against=words,
        ratio=ratio,
        goal=goal.words(unit),
        holds=goal.holds(rounded, ratio),
    )


def significant(value: float, digits: int = 3) -> float:
    """The value with so many significant digits."""
    return float(f"{value:.{digits}g}")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below `share` (0 to 1) of them: the nearest rank."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    rank = -(-share * len(ordered) // 1)  # the ceiling
    return ordered[min(max(int(rank), 1), len(ordered)) - 1]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def table(rows: Sequence[Row]) -> str:
    """The rows in columns."""
    head = ("", "name", "value", "unit", "ratio", "goal", "against")
    lines = [head, *(_cells(each) for each in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(each: Row) -> tuple[str, ...]:
    ratio = "-" if each.ratio is None else shown(each.ratio)
    mark = "ok" if each.holds else "NO"
    return (mark, each.name, shown(each.value), each.unit, ratio, each.goal, each.against)


def shown(value: float) -> str:
    """A number as people write it: no exponent, thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.6g}"
