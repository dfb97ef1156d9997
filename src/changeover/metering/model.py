"""Prices, and what a call cost by them.

Amounts are whole trillionths of a US dollar (`money.py`).
"""

from typing import Literal, get_args

import msgspec

Source = Literal["list", "override"]

Basis = Literal["counted", "reserved", "unbilled", "unpriced", "uncounted"]
"""How a call's cost came about.

* counted: by the vendor's own counts.
* reserved: the vendor gave no counts, or nobody heard them; it is what was reserved for it.
* unbilled: nothing was answered, which no vendor bills, or what was asked is free.
* unpriced: the route has no known price. What it cost is not known.
* uncounted: no counts, and nothing was reserved. What it cost is not known.
"""
BASES: tuple[Basis, ...] = get_args(Basis)
KNOWN: frozenset[Basis] = frozenset({"counted", "reserved", "unbilled"})


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """What one token of each sort costs, and a request as such.

    `cached` tokens are read from the vendor's cache, `written` ones written to it, and
    `written_hour` those that are kept there for an hour. `reasoning` is the output that
    is not shown. `output` is None where the price of an answer is not known.
    """

    input: int
    cached: int
    written: int
    written_hour: int
    output: int | None
    reasoning: int | None
    request: int = 0


class Tariff(msgspec.Struct, frozen=True, kw_only=True):
    """A route's rates by the length of the input: each from so many tokens on, least first.

    All tokens of a call are priced at the rates that its input reaches, as vendors do.
    `caches` is whether reading from the cache has a price of its own.
    """

    steps: tuple[tuple[int, Rates], ...]
    source: Source
    caches: bool

    def rates(self, input_tokens: int) -> Rates:
        """The rates for an input of so many tokens."""
        found = self.steps[0][1]
        for above, rates in self.steps[1:]:
            if input_tokens <= above:
                break
            found = rates
        return found


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What a call cost, and the vendor's counts that only its price needs.

    `cost` is None where it is not known, which `basis` says why.
    """

    cost: int | None
    basis: Basis
    cached_tokens: int | None = None
    cache_written_tokens: int | None = None
    reasoning_tokens: int | None = None


UNBILLED = Spent(cost=0, basis="unbilled")
"""Of what never reached a vendor, or was not answered by it."""


class CostLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a service's calls on a route cost in a span of time.

    `cost` is what is known of it. `reserved` is the part of it that was taken from what was
    reserved, and `unknown` how many calls cost something that is not known. `calls` are
    those that were not refused.
    """

    party: str
    service: str
    maker: str
    host: str
    model: str
    route: str
    stand_in: bool
    calls: int
    unknown: int
    input_tokens: int
    cached_tokens: int
    cache_written_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost: int
    reserved: int
