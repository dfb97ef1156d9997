from datetime import UTC, datetime
from decimal import Decimal

import pytest

from changeover.basics.yaml_source import SourceError
from changeover.metering.money import DOLLAR, per_token
from changeover.metering.price_file import read_prices
from changeover.metering.prices import NoPrices, Prices
from tests.metering.test_price_list import route

GPT = route("openai/gpt-4.1", "openai", "gpt-4.1")
AZURE = route("openai/gpt-4.1", "microsoft", "gpt-4.1")
WRITTEN = """
prices:
  - {for: openai/gpt-4.1, input: 2, cached: 0.5, output: 8}
  - {for: openai/gpt-4.1, since: 2026-03-01, input: 1, output: 4, reasoning: 6}
  - {for: openai/gpt-4.1@microsoft, input: 0.25, request: 0.001}
"""


def at(day):
    return datetime(2026, 3, day, tzinfo=UTC)


def test_the_price_that_began_last_stands_and_a_route_s_goes_first():
    prices = Prices(read_prices("prices.yaml", WRITTEN), NoPrices())
    before = prices.tariff(GPT, datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    after = prices.tariff(GPT, at(1))
    azure = prices.tariff(AZURE, at(1))
    assert before is not None
    assert after is not None
    assert azure is not None
    assert (before.rates(1).input, before.rates(1).cached) == (per_token(Decimal(2)), 500_000)
    assert before.caches
    assert (after.rates(1).cached, after.rates(1).reasoning) == (
        per_token(Decimal(1)),
        per_token(Decimal(6)),
    )
    assert not after.caches
    assert (azure.rates(1).input, azure.rates(1).output) == (250_000, None)
    assert azure.rates(1).request == DOLLAR // 1000


def test_what_is_not_stated_is_asked_of_the_list():
    other = route("mistral/mistral-large", "mistral", "mistral-large-latest")
    assert Prices(read_prices("prices.yaml", WRITTEN), NoPrices()).tariff(other, at(1)) is None


def test_an_empty_file_states_nothing():
    assert read_prices("prices.yaml", "") == []


def test_every_problem_is_told_with_its_place():
    text = """
prices:
  - {for: a@b, input: cheap, since: soon}
  - {for: c@d, input: -1}
"""
    with pytest.raises(SourceError) as refused:
        read_prices("prices.yaml", text)
    assert [(p.line, p.path) for p in refused.value.problems] == [
        (3, "$.prices[0].input"),
        (3, "$.prices[0].since"),
        (4, "$.prices[1].input"),
    ]
    with pytest.raises(SourceError, match="currency"):
        read_prices("prices.yaml", "prices: [{for: a@b, input: 1, currency: EUR}]")
