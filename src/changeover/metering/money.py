"""Money in whole trillionths of a US dollar.

Vendors price a million tokens in dollars and cents, sometimes in hundredths of a cent, so
that one token costs a whole number of trillionths wherever a price has at most six
decimals. Whole numbers add up the same in any order, in every replica and in the database;
nothing is rounded until it is shown.
"""

from decimal import ROUND_HALF_EVEN, Decimal

DOLLAR = 10**12
"""The trillionths in a dollar."""


def trillionths(dollars: Decimal) -> int:
    """An amount of dollars; what has more than twelve decimals goes to the nearest."""
    return int((dollars * DOLLAR).to_integral_value(rounding=ROUND_HALF_EVEN))


def per_token(dollars_per_million: Decimal) -> int:
    """The price of a token where a million of them cost so many dollars."""
    return trillionths(dollars_per_million / 1_000_000)


def dollars(amount: int) -> Decimal:
    """An amount in dollars, exact, without zeros at its end."""
    exact = Decimal(amount).scaleb(-12)
    if exact == exact.to_integral_value():
        return exact.quantize(Decimal(1))
    return exact.normalize()


def written(amount: int) -> str:
    """An amount in dollars as plain digits."""
    return f"{dollars(amount):f}"


def in_cents(amount: int) -> str:
    """An amount for people: two decimals, or as many as an amount under a cent needs."""
    exact = dollars(amount)
    cents = exact.quantize(Decimal("0.01"))
    if cents or not exact:
        return f"{cents:,f}"
    return f"{exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1)):f}"
