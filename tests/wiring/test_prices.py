"""The prices that an installation opens with."""

from decimal import Decimal

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.basics.yaml_source import SourceError
from changeover.metering.money import per_token
from changeover.wiring.prices import PRICES_VARIABLE, open_prices
from changeover.wiring.scenarios import SHIPPED, read_scenario
from tests.metering.test_price_list import AT

DIRECTORY = read_scenario(SHIPPED).directory
HOUSE = DIRECTORY.routes["house/open@house"]


def test_every_model_of_the_demonstration_but_the_in_house_one_has_a_price():
    prices = open_prices({})
    unpriced = [r.id for r in DIRECTORY.routes.values() if prices.tariff(r, AT) is None]
    assert unpriced == [HOUSE.id]


def test_a_file_prices_what_the_list_does_not_know_and_says_what_names_nothing(tmp_path):
    path = tmp_path / "prices.yaml"
    path.write_text("prices: [{for: house/open, input: 0.1, output: 1}, {for: a@b, input: 1}]")
    said: list[str] = []
    prices = open_prices({PRICES_VARIABLE: str(path)}, DIRECTORY, said.append)
    tariff = prices.tariff(HOUSE, AT)
    assert tariff is not None
    assert tariff.rates(1).output == per_token(Decimal(1))
    assert said == ["CHANGEOVER_PRICES prices a@b, and the directory has no such route."]


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path):
    with pytest.raises(InvalidInputError, match="No such file"):
        open_prices({PRICES_VARIABLE: str(tmp_path / "none.yaml")})
    path = tmp_path / "prices.yaml"
    path.write_text("prices: [{for: a@b, input: free}]")
    with pytest.raises(SourceError, match="no price"):
        open_prices({PRICES_VARIABLE: str(path)})
