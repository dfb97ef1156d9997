"""Names that the directory does not have: runs of capitalised words inside sentences.

A sentence's first word says nothing by its capital, and neither do an initial or
an initialism of two letters. What a name seems to be comes from the part it plays.
"""

from typing import Literal

from changeover.intake.drafting import Quoter
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.model import UnknownName
from changeover.intake.scene import Span

Seems = Literal["relay", "actor", "target", "name"]
_ORDER: tuple[Seems, ...] = ("relay", "target", "actor", "name")


class UnknownNames:
    """Collects unknown names over a document."""

    def __init__(self) -> None:
        self._spans: dict[str, list[Span]] = {}
        self._seems: dict[str, Seems] = {}

    def add(self, items: list[Item]) -> None:
        position = 0
        while position < len(items):
            last = position
            while last < len(items) and _capital(items[last]):
                last += 1
            if last > position:
                self._keep(items, position, last)
            position = max(last, position + 1)

    def _keep(self, items: list[Item], first: int, last: int) -> None:
        start, end = items[first].start, items[last - 1].end
        name = " ".join(item.text for item in items[first:last])
        following = items[last] if last < len(items) else None
        acts = following is not None and (following.verb or following.text.lower() in {"n", "ne"})
        opens = first == 0 or items[first - 1].text in '"“«(.:'
        if len(name) < 3 or (opens and last - first == 1 and not acts):
            return
        self._spans.setdefault(name, []).append((start, end))
        seems: Seems = "actor" if acts else "name"
        if any(item.has(Op.USE) for item in items[max(0, first - 3) : first]):
            seems = "target"
        self._seems[name] = min(seems, self._seems.get(name, "name"), key=_ORDER.index)

    def found(self, quoter: Quoter, relays: set[str]) -> tuple[UnknownName, ...]:
        return tuple(
            UnknownName(
                name=name,
                seems="relay" if name in relays else self._seems[name],
                quotes=tuple(quoter.quote(span) for span in spans),
            )
            for name, spans in self._spans.items()
        )


def _capital(item: Item) -> bool:
    plain = not (item.name or item.time or item.entries)
    return plain and item.capital
