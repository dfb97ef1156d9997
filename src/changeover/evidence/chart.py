"""A chart of counts over days, stacked by group, as SVG that stands in a page.

Groups are told apart by shades that differ in print too; their sums belong in a table beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import msgspec

_WIDTH, _HEIGHT, _FOOT = 720, 200, 18
_MOST_BARS = 60
_SHADES = ("#1b3a5c", "#4f7cac", "#9dc0dd", "#767676", "#b0b0b0", "#d9d9d9", "#b3261e", "#e07b39")


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a group there were on a day."""

    day: date
    group: str
    number: int


def chart(counts: Sequence[Count], first: date, last: date, names: Mapping[str, str]) -> str:
    """Bars from the first to the last day, of one day each or of as many as make them few."""
    days = (last - first).days + 1
    width = -(-days // _MOST_BARS)
    bars: list[dict[str, int]] = [{} for _ in range(-(-days // width))]
    for count in counts:
        bar = bars[(count.day - first).days // width]
        bar[count.group] = bar.get(count.group, 0) + count.number
    highest = max((sum(bar.values()) for bar in bars), default=0) or 1
    step = _WIDTH / len(bars)
    drawn = "".join(
        _bar(bar, number * step, step, highest, names) for number, bar in enumerate(bars)
    )
    spans = f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _FOOT}" role="img" width="100%" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(", ".join(names.values()))}</title>'
        f'<line x1="0" x2="{_WIDTH}" y1="{_HEIGHT}" y2="{_HEIGHT}" stroke="#555"/>{drawn}'
        f'<text x="0" y="{_HEIGHT + 14}" font-size="11">{spans[0]}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 14}" font-size="11" text-anchor="end">{spans[1]}</text>'
        f'<text x="0" y="11" font-size="11">{highest}</text></svg>'
    )


def legend(names: Mapping[str, str]) -> str:
    """What each shade stands for."""
    items = "".join(
        f'<li><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" '
        f'fill="{shade}" stroke="#333"/></svg> {escape(name)}</li>'
        for name, shade in zip(names.values(), _shades(names), strict=True)
    )
    return f'<ul class="legend">{items}</ul>'


def _bar(
    bar: Mapping[str, int], left: float, step: float, highest: int, names: Mapping[str, str]
) -> str:
    drawn, top = [], float(_HEIGHT)
    for (group, name), shade in zip(names.items(), _shades(names), strict=True):
        if number := bar.get(group, 0):
            height = (_HEIGHT - 14) * number / highest
            top -= height
            drawn.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(step - 1, 1):.1f}" '
                f'height="{height:.1f}" fill="{shade}" stroke="#fff" stroke-width=".5">'
                f"<title>{escape(name)}: {number}</title></rect>"
            )
    return "".join(drawn)


def _shades(names: Mapping[str, str]) -> Sequence[str]:
    return [_SHADES[number % len(_SHADES)] for number in range(len(names))]
