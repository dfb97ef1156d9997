"""What a service's calls cost now, and what they would cost with another model.

The other model is priced for the same tokens, and as though its vendor had nothing cached: a
cache is one vendor's, its use must be asked for anew, and what it would save is not known.
The tokens are those that the old model counted; another one counts and reasons otherwise, so
that the price is an estimate.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from changeover.directory.model import Directory
from changeover.evidence.costs import Costs
from changeover.metering.model import CostLine
from changeover.metering.money import written
from changeover.metering.ports import TariffSource
from changeover.metering.pricing import without_cache
from changeover.orders.replacements import SlotToMove

OVER = timedelta(days=30)


class MovingCost(msgspec.Struct, frozen=True, kw_only=True):
    """In US dollars over 30 days: `now` is what is known, without the `unknown` calls.

    `then` is by the replacements' models; None where the model has no known price.
    `cached` is what share of the input was read from the old vendor's cache, in hundredths.
    """

    now: str
    unknown: int
    cached: int
    then: dict[str, str | None]


def moving_costs(
    costs: Costs, prices: TariffSource, directory: Directory, now: datetime
) -> Callable[[SlotToMove], MovingCost | None]:
    """Tells what moving a slot changes; None for one whose model was not called."""
    # To this instant and with it: a scenario's clock stands.
    lines = list(costs(now - OVER, now + timedelta(microseconds=1)))

    def told(slot: SlotToMove) -> MovingCost | None:
        made = [
            line for line in lines if (line.service, line.model) == (slot.service, slot.bound.id)
        ]
        if not made:
            return None
        tokens = sum(line.input_tokens for line in made)
        cached = sum(line.cached_tokens for line in made)
        return MovingCost(
            now=written(sum(line.cost for line in made)),
            unknown=sum(line.unknown for line in made),
            cached=round(100 * cached / tokens) if tokens else 0,
            then={
                one.model.id: _instead(prices, directory, one.route, now, made)
                for one in slot.replacements
            },
        )

    return told


def _instead(
    prices: TariffSource, directory: Directory, route: str, at: datetime, made: Iterable[CostLine]
) -> str | None:
    tariff = prices.tariff(directory.routes[route], at)
    if tariff is None:
        return None
    found = [without_cache(tariff, one.calls, one.input_tokens, one.output_tokens) for one in made]
    known = [cost for cost in found if cost is not None]
    return written(sum(known)) if len(known) == len(found) else None
