"""An installation's own prices, as people write them.

```yaml
prices:
  - {for: house/open@house, input: 0.10, output: 0.20}
  - for: openai/gpt-4.1          # all routes of the model
    since: 2026-03-01
    input: 2
    cached: 0.5
    output: 8
```

Prices are in US dollars for a million tokens, `request` for one request. What is left out
of the parts of the input costs as much as input, and reasoning as much as output. Every
problem of the file is reported at once.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import read_instant
from changeover.basics.errors import InvalidInputError
from changeover.basics.shapes import shape
from changeover.basics.yaml_source import Path, Problem, SourceError, YamlSource, read_yaml
from changeover.metering.model import Rates, Tariff
from changeover.metering.money import per_token, trillionths
from changeover.metering.prices import Override

_UTC = ZoneInfo("UTC")
_Amount = int | str
_PRICES = ("input", "cached", "cache_written", "cache_written_hour", "output", "reasoning")


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str = msgspec.field(name="for")
    since: str | None = None
    input: _Amount
    cached: _Amount | None = None
    cache_written: _Amount | None = None
    cache_written_hour: _Amount | None = None
    output: _Amount | None = None
    reasoning: _Amount | None = None
    request: _Amount = 0


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    prices: tuple[_Form, ...] = ()


def read_prices(name: str, text: str) -> list[Override]:
    """The prices in a file's text; `SourceError` with every problem."""
    source = read_yaml(name, text)
    problems: list[Problem] = []
    found = shape(source, (), source.value or {}, _File, problems)
    if found is None:
        raise SourceError(problems)
    reading = _Reading(source, problems)
    overrides = [reading.override(form, ("prices", i)) for i, form in enumerate(found.prices)]
    if problems:
        raise SourceError(problems)
    return overrides


class _Reading:
    """The fields of a file's prices, noting what is wrong with them."""

    def __init__(self, source: YamlSource, problems: list[Problem]) -> None:
        self._source = source
        self._problems = problems

    def override(self, form: _Form, at: Path) -> Override:
        amounts = {each: self._amount(form, each, at) for each in (*_PRICES, "request")}
        of_input = per_token(amounts["input"] or Decimal(0))

        def part(*names: str) -> int:
            given = (amounts[name] for name in names)
            return next((per_token(each) for each in given if each is not None), of_input)

        output, reasoning = amounts["output"], amounts["reasoning"]
        rates = Rates(
            input=of_input,
            cached=part("cached"),
            written=part("cache_written"),
            written_hour=part("cache_written_hour", "cache_written"),
            output=None if output is None else per_token(output),
            reasoning=None if reasoning is None else per_token(reasoning),
            request=trillionths(amounts["request"] or Decimal(0)),
        )
        tariff = Tariff(steps=((0, rates),), source="override", caches=form.cached is not None)
        return Override(name=form.name, since=self._instant(form, at), tariff=tariff)

    def _amount(self, form: _Form, field: str, at: Path) -> Decimal | None:
        given: _Amount | None = getattr(form, field)
        if given is None:
            return None
        try:
            amount = Decimal(given)
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and 0 <= amount < 10**6:
            return amount
        self._wrong((*at, field), f"{given!r} is no price.", "Write dollars, such as 0.25.")
        return None

    def _instant(self, form: _Form, at: Path) -> datetime | None:
        if form.since is None:
            return None
        try:
            return read_instant(form.since, _UTC)
        except InvalidInputError as error:
            self._wrong((*at, "since"), error.what, error.do)
            return None

    def _wrong(self, at: Path, what: str, do: str) -> None:
        self._problems.append(self._source.problem(at, what, do))
