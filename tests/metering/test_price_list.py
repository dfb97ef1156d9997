from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from changeover.directory.model import Route
from changeover.metering.money import per_token
from changeover.metering.price_list import public_list

AT = datetime(2026, 3, 2, 14, tzinfo=UTC)


def route(model, host, name, protocol="openai-chat", dialect=None):
    return Route(
        id=f"{model}@{host}",
        model=model,
        host=host,
        protocol=protocol,
        upstream_model=name,
        dialect=dialect,
    )


SONNET = "anthropic/claude-sonnet-4-5"


@pytest.mark.parametrize(
    ("found", "dollars"),
    [
        (route(SONNET, "anthropic", "claude-sonnet-4-5-20250929"), 3),
        (route(SONNET, "google", "claude-sonnet-4-5@20250929", dialect="vertex"), 3),
        (route("openai/gpt-4.1", "openai", "gpt-4.1-2025-04-14"), 2),
        (route("openai/gpt-4.1", "microsoft", "gpt-4.1", dialect="azure"), 2),
        (route("openai/gpt-4.1", "our-azure", "a deployment of ours", dialect="azure"), 2),
    ],
    ids=lambda value: value.id if isinstance(value, Route) else "",
)
def test_a_route_is_priced_by_its_host_and_the_host_s_name_of_the_model(found, dollars):
    tariff = public_list().tariff(found, AT)
    assert tariff is not None
    assert tariff.rates(100).input == per_token(Decimal(dollars))
    assert tariff.source == "list"
    assert tariff.caches


def test_bedrock_has_its_own_prices_whatever_the_directory_calls_it():
    name = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    by_dialect = public_list().tariff(route(SONNET, "cloud", name, dialect="bedrock"), AT)
    converse = route(SONNET, "amazon", name, protocol="bedrock-converse")
    assert by_dialect is not None
    assert public_list().tariff(converse, AT) == by_dialect


@pytest.mark.parametrize(
    "found",
    [route("house/open", "house", "open"), route("openai/gpt-99", "openai", "no-such-model")],
    ids=lambda value: value.id,
)
def test_what_the_list_does_not_know_has_no_price(found):
    assert public_list().tariff(found, AT) is None


def test_an_input_over_a_step_is_priced_at_it():
    tariff = public_list().tariff(route(SONNET, "anthropic", "claude-sonnet-4-5"), AT)
    assert tariff is not None
    assert tariff.rates(200_000).output == per_token(Decimal(15))
    assert tariff.rates(200_001).input > tariff.rates(200_000).input


def test_a_route_that_changes_its_model_at_the_host_is_priced_anew():
    old = route("openai/gpt-4.1", "openai", "gpt-4.1")
    new = msgspec.structs.replace(old, upstream_model="gpt-4.1-mini")
    prices = public_list()
    before, after = prices.tariff(old, AT), prices.tariff(new, AT)
    assert before is not None
    assert after is not None
    assert after.rates(1).input < before.rates(1).input
    assert prices.tariff(old, AT) == before
