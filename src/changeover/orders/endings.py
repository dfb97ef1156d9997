"""Which instruments acts have ended, for whoever does not ask when or for whom."""

from collections.abc import Iterable

from changeover.orders.impacts import Impacts
from changeover.orders.model import Issued
from changeover.orders.uses import FOREVER


def ended(issued: Iterable[Issued]) -> frozenset[str]:
    """The ids of the instruments that others on record end, now or later.

    An ending that was itself put off for good (vacated, say) ends nothing.
    """
    entries = tuple(issued)
    impacts, touched = Impacts(frozenset).with_issued(entries)
    return frozenset(
        name
        for name in touched
        if any(
            i.kind == "ended" and i.by != name and i.covers(FOREVER - 1, None, "")
            for i in impacts.on(name)
        )
    )
