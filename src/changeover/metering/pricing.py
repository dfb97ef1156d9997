"""What a call costs, by its route's tariff and the vendor's counts.

1. The tokens read from the vendor's cache and those written to it are parts of the input;
   those that were written for an hour are a part of the written ones. What is left of the
   input is priced as input. No part is priced twice, and none more often than it is counted.
2. The reasoning is a part of the output, at its own price where the tariff has one.
3. All is priced at the step of the tariff that the whole input reaches.
4. A vendor that tells of an answer without its output, or of one without its input, has not
   told what it costs: there are no counts then. Nor are counts believed that would cost more
   than 10,000 dollars, which no single call does.
5. Where the tariff has no price for something that was counted, the cost is not known. It is
   never taken for nothing.
"""

from changeover.conversation.model import Usage
from changeover.metering.model import Basis, Rates, Spent, Tariff
from changeover.metering.money import DOLLAR

GREATEST_COST = 10_000 * DOLLAR
"""What one call may cost; sums of it stay within 64 bits (rule 4)."""


def cost(tariff: Tariff, usage: Usage) -> int | None:
    """What the counts cost; None where a count or a price is missing (rules 4 and 5)."""
    found = _cost(tariff, usage)
    return None if found is None or found > GREATEST_COST else found


def _cost(tariff: Tariff, usage: Usage) -> int | None:
    """The same for counts that are believed, whatever they are."""
    if usage.input_tokens is None:
        return None
    rates = tariff.rates(usage.input_tokens)
    answered = _output(rates, usage)
    return None if answered is None else rates.request + _input(rates, usage) + answered


def spent(tariff: Tariff | None, usage: Usage) -> Spent:
    """What an answered call cost, with the counts that its price rests on."""
    found = None if tariff is None else _cost(tariff, usage)
    basis: Basis
    if found is not None and found > GREATEST_COST:
        found, basis = None, "uncounted"
    elif found is not None:
        basis = "counted"
    elif tariff is not None and not _counted(tariff, usage):
        basis = "uncounted"
    else:
        basis = "unpriced"
    return Spent(
        cost=found,
        basis=basis,
        cached_tokens=usage.cached_tokens,
        cache_written_tokens=usage.cache_written_tokens,
        reasoning_tokens=usage.reasoning_tokens,
    )


def most(tariff: Tariff, input_tokens: int, output_tokens: int) -> int | None:
    """What a call may cost that has no more than so many tokens; None without a price.

    Each token is taken for one of the dearest sort, at the dearest step it may reach; and no
    call for more than `GREATEST_COST`.
    """
    reached = [rates for above, rates in tariff.steps if above == 0 or input_tokens > above]
    if output_tokens and any(rates.output is None for rates in reached):
        return None
    found = max(
        each.request
        + input_tokens * max(each.input, each.cached, each.written, each.written_hour)
        + output_tokens * max(each.output or 0, each.reasoning or 0)
        for each in reached
    )
    return min(found, GREATEST_COST)


def without_cache(tariff: Tariff, calls: int, input_tokens: int, output_tokens: int) -> int | None:
    """What so many calls with so many tokens together cost where nothing of them is cached.

    Each is taken to have as long an input as the others.
    """
    rates = tariff.rates(input_tokens // max(calls, 1))
    answered = _output(rates, Usage(output_tokens=output_tokens))
    return (
        None if answered is None else calls * rates.request + input_tokens * rates.input + answered
    )


def _input(rates: Rates, usage: Usage) -> int:
    whole = usage.input_tokens or 0
    cached = min(usage.cached_tokens or 0, whole)
    written = min(usage.cache_written_tokens or 0, whole - cached)
    hour = min(usage.cache_written_hour_tokens or 0, written)
    return (
        (whole - cached - written) * rates.input
        + cached * rates.cached
        + (written - hour) * rates.written
        + hour * rates.written_hour
    )


def _output(rates: Rates, usage: Usage) -> int | None:
    if rates.output is None:
        return None if usage.output_tokens else 0
    if usage.output_tokens is None:
        return None
    thought = min(usage.reasoning_tokens or 0, usage.output_tokens)
    dear = rates.output if rates.reasoning is None else rates.reasoning
    return (usage.output_tokens - thought) * rates.output + thought * dear


def _counted(tariff: Tariff, usage: Usage) -> bool:
    answers = tariff.steps[0][1].output is not None
    return usage.input_tokens is not None and (not answers or usage.output_tokens is not None)
