from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.metering.money import DOLLAR, dollars, in_cents, per_token, trillionths, written


@given(st.integers(min_value=0, max_value=10**18))
def test_an_amount_in_dollars_is_exact_both_ways(amount):
    assert trillionths(dollars(amount)) == amount


@pytest.mark.parametrize(
    ("million", "token"), [("3", 3_000_000), ("0.0375", 37_500), ("0.000001", 1), ("0", 0)]
)
def test_a_token_costs_whole_trillionths(million, token):
    assert per_token(Decimal(million)) == token


def test_a_price_that_is_noise_behind_its_sixth_decimal_goes_to_the_nearest():
    assert per_token(Decimal("0.18000000000000002")) == 180_000


@pytest.mark.parametrize(
    ("amount", "exact", "people"),
    [
        (0, "0", "0.00"),
        (1234 * DOLLAR + DOLLAR // 2, "1234.5", "1,234.50"),
        (DOLLAR // 1000, "0.001", "0.0010"),
        (37_512, "0.000000037512", "0.000000038"),
        (100 * DOLLAR, "100", "100.00"),
    ],
)
def test_amounts_are_written_for_programs_and_for_people(amount, exact, people):
    assert (written(amount), in_cents(amount)) == (exact, people)
