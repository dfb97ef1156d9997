"""The public price list, as the library `genai-prices` ships it.

The list comes with the library; nothing is fetched here. It prices in US dollars what it
knows of providers and their models, mostly with the date from which a price holds.

* A route's provider is its host; a cloud is known by how it speaks, because a directory may
  call it what it likes.
* The model is looked for by the host's name of it, then by its own.
* A price that the list lacks for a part of the input or the output is that of the whole, as
  the library has it too: without a price for the cache, reading from it costs as much as input.
* A model whose input has no price per token (sound by the hour, pages) has none here.
* What is not tokens or requests (a vendor's own web searches) is in no count, so in no cost.
  Prices are the standard ones, not those of batches or a faster service.
"""

from datetime import datetime
from decimal import Decimal
from functools import cache

from genai_prices.data_snapshot import DataSnapshot, get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

from changeover.directory.model import Route
from changeover.metering.model import Rates, Tariff
from changeover.metering.money import per_token, trillionths

_CLOUDS = {"azure": "azure", "bedrock": "aws", "vertex": "google"}


class PriceList:
    """Implements `metering.ports.TariffSource`."""

    def __init__(self, snapshot: DataSnapshot | None = None) -> None:
        self._snapshot = snapshot
        self._models: dict[str, tuple[Route, ModelInfo | None]] = {}
        self._tariffs: dict[int, tuple[ModelPrice, Tariff | None]] = {}

    def tariff(self, route: Route, at: datetime) -> Tariff | None:
        found = self._models.get(route.id)
        if found is None or (found[0] is not route and found[0] != route):
            found = self._models[route.id] = (route, self._find(route))
        model = found[1]
        if model is None:
            return None
        price = model.get_prices(at)
        known = self._tariffs.get(id(price))
        if known is None:
            # The price is kept with its tariff, so that no other one gets its id.
            known = self._tariffs[id(price)] = (price, tariff_of(price))
        return known[1]

    def _find(self, route: Route) -> ModelInfo | None:
        snapshot = self._snapshot or get_snapshot()
        if route.protocol == "bedrock-converse":
            provider = "aws"
        else:
            provider = _CLOUDS.get(route.dialect or "", route.host)
        for name in (route.upstream_model, route.model.rpartition("/")[2]):
            try:
                return snapshot.find_provider_model(name, None, provider, None)[1]
            except LookupError:
                continue
        return None


def tariff_of(price: ModelPrice) -> Tariff | None:
    """The library's price as ours; None where it has none per token of the input."""
    stands = [above for above in _steps(price) if _at(price.input_mtok, above) is not None]
    if not stands:
        return None
    steps = tuple((above, _rates(price, above)) for above in stands)
    return Tariff(steps=steps, source="list", caches=price.cache_read_mtok is not None)


def _steps(price: ModelPrice) -> list[int]:
    """How many tokens of the input each step lies above."""
    tiered = [value for value in vars(price).values() if isinstance(value, TieredPrices)]
    return sorted({0, *(tier.start for value in tiered for tier in value.tiers)})


def _rates(price: ModelPrice, above: int) -> Rates:
    def first(*prices: Decimal | TieredPrices | None) -> int | None:
        return next((per_token(p) for each in prices if (p := _at(each, above)) is not None), None)

    of_input = first(price.input_mtok)
    assert of_input is not None
    written = first(price.cache_write_mtok, price.input_mtok)
    hour = first(price.cache_write_1h_mtok, price.cache_write_mtok, price.input_mtok)
    cached = first(price.cache_read_mtok, price.input_mtok)
    request = _at(price.requests_kcount, above)
    return Rates(
        input=of_input,
        cached=of_input if cached is None else cached,
        written=of_input if written is None else written,
        written_hour=of_input if hour is None else hour,
        output=first(price.output_mtok),
        reasoning=first(price.output_reasoning_mtok),
        request=0 if request is None else trillionths(request / 1000),
    )


def _at(price: Decimal | TieredPrices | None, above: int) -> Decimal | None:
    """A price at the step above so many tokens."""
    if not isinstance(price, TieredPrices):
        return price
    reached = [tier.price for tier in price.tiers if tier.start <= above]
    return reached[-1] if reached else price.base


@cache
def public_list() -> PriceList:
    """The list that came with the library, read once a process, when it is first asked."""
    return PriceList()
