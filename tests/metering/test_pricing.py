from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage as Listed
from genai_prices.data_snapshot import get_snapshot
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.model import Usage
from changeover.metering.model import Rates, Tariff
from changeover.metering.money import dollars
from changeover.metering.price_list import tariff_of
from changeover.metering.pricing import GREATEST_COST, cost, most, spent, without_cache

AT = datetime(2026, 3, 2, 14, tzinfo=UTC)
PLAIN = Rates(input=10, cached=1, written=12, written_hour=20, output=50, reasoning=None)
LONG = Rates(input=20, cached=2, written=24, written_hour=40, output=100, reasoning=150)
TARIFF = Tariff(steps=((0, PLAIN), (1000, LONG)), source="list", caches=True)

# Models of the vendors that the gateway speaks with, at prices whose decimals are no noise.
CHAT = [
    (provider, model)
    for provider in get_snapshot().providers
    if provider.id in {"anthropic", "openai", "google", "aws", "azure", "mistral"}
    for model in provider.models
    if (price := model.get_prices(AT)).input_mtok is not None and price.output_mtok is not None
]


@st.composite
def usages(draw):
    """Counts that a vendor may give: parts no greater than their wholes."""
    whole = draw(st.integers(0, 400_000))
    cached = draw(st.integers(0, whole))
    written = draw(st.integers(0, whole - cached))
    output = draw(st.integers(0, 100_000))
    return Usage(
        input_tokens=whole,
        cached_tokens=cached,
        cache_written_tokens=written,
        cache_written_hour_tokens=draw(st.integers(0, written)),
        output_tokens=output,
        reasoning_tokens=draw(st.integers(0, output)),
    )


@given(st.sampled_from(CHAT), usages())
def test_every_model_costs_what_the_list_s_own_arithmetic_says(listed, usage):
    provider, model = listed
    tariff = tariff_of(model.get_prices(AT))
    assert tariff is not None
    by_the_list = model.calc_price(
        Listed(
            input_tokens=usage.input_tokens,
            cache_read_tokens=usage.cached_tokens,
            cache_write_tokens=usage.cache_written_tokens,
            cache_write_1h_tokens=usage.cache_written_hour_tokens,
            output_tokens=usage.output_tokens,
            output_reasoning_tokens=usage.reasoning_tokens,
        ),
        provider,
        genai_request_timestamp=AT,
    )
    found = cost(tariff, usage)
    assert found is not None
    # The library divides in 28 digits, and what lies behind the twelfth decimal is its rest.
    assert abs(dollars(found) - by_the_list.total_price) < Decimal("1e-12")


def test_what_was_cached_and_what_was_reasoned_has_its_own_price():
    usage = Usage(
        input_tokens=1000,
        cached_tokens=600,
        cache_written_tokens=300,
        cache_written_hour_tokens=100,
        output_tokens=10,
        reasoning_tokens=4,
    )
    assert cost(TARIFF, usage) == 100 * 10 + 600 * 1 + 200 * 12 + 100 * 20 + 10 * 50


def test_a_long_input_prices_all_of_the_call():
    usage = Usage(input_tokens=1001, output_tokens=10, reasoning_tokens=4)
    assert cost(TARIFF, usage) == 1001 * 20 + 6 * 100 + 4 * 150


def test_counts_that_exceed_their_whole_are_not_priced_twice():
    usage = Usage(input_tokens=10, cached_tokens=50, cache_written_tokens=50, output_tokens=0)
    assert cost(TARIFF, usage) == 10 * 1


@pytest.mark.parametrize(
    "usage", [Usage(), Usage(input_tokens=10), Usage(output_tokens=10)], ids=repr
)
def test_an_answer_without_a_count_has_no_cost_and_says_so(usage):
    assert (spent(TARIFF, usage).cost, spent(TARIFF, usage).basis) == (None, "uncounted")


def test_without_a_price_nothing_is_taken_for_free():
    usage = Usage(input_tokens=10, output_tokens=10, cached_tokens=3)
    assert spent(None, usage).basis == "unpriced"
    assert spent(None, usage).cost is None
    assert spent(None, usage).cached_tokens == 3


def test_an_embedding_has_no_output_to_price():
    only_input = Rates(
        input=10, cached=10, written=10, written_hour=10, output=None, reasoning=None
    )
    tariff = Tariff(steps=((0, only_input),), source="list", caches=False)
    assert cost(tariff, Usage(input_tokens=7)) == 70
    assert spent(tariff, Usage(input_tokens=7, output_tokens=1)).basis == "unpriced"
    assert most(tariff, 7, 0) == 70
    assert most(tariff, 7, 1) is None


@given(usages())
def test_no_call_costs_more_than_the_most_that_is_reserved_for_it(usage):
    found = cost(TARIFF, usage)
    reserved = most(TARIFF, usage.input_tokens, usage.output_tokens)
    assert found is not None
    assert reserved is not None
    assert found <= reserved


def test_a_new_vendor_s_price_leaves_the_old_one_s_cache_out():
    assert without_cache(TARIFF, 1, 100, 10) == 100 * 10 + 10 * 50
    # A thousand short calls are short ones, however much they are together.
    assert without_cache(TARIFF, 1000, 100_000, 10_000) == 100_000 * 10 + 10_000 * 50
    assert without_cache(TARIFF, 10, 100_000, 10) == 100_000 * 20 + 10 * 100


@pytest.mark.parametrize(
    "usage",
    [
        Usage(input_tokens=2**53 - 1, output_tokens=0),
        Usage(input_tokens=0, output_tokens=2**53 - 1),
        Usage(input_tokens=GREATEST_COST // LONG.input + 1, output_tokens=0),
    ],
    ids=repr,
)
def test_counts_that_no_call_has_are_not_believed(usage):
    assert cost(TARIFF, usage) is None
    assert (spent(TARIFF, usage).cost, spent(TARIFF, usage).basis) == (None, "uncounted")


def test_the_greatest_cost_is_believed_and_no_more_is_ever_reserved():
    usage = Usage(input_tokens=GREATEST_COST // LONG.input, output_tokens=0)
    assert spent(TARIFF, usage).cost == GREATEST_COST
    assert most(TARIFF, 2**50, 2**50) == GREATEST_COST
