"""What calls cost by party, service, model and month: as a table, and in FOCUS's columns.

FOCUS is the FinOps Open Cost and Usage Specification (https://focus.finops.org); the columns
are those that version 1.2 has as mandatory, those of the resource, the SKU and the
sub-account that apply, and ours, whose names begin with `x_` as it wants. A row is what a
service's calls on a route cost in a month. Costs are by prices and counts, not by an invoice:
the four costs are one, because discounts that a vendor grants afterwards are not known here.
What is not known cannot be left empty there; `x_UnknownCalls` says of how many calls the
cost is not in the sum.
"""

import codecs
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory
from changeover.evidence.spreadsheet import write_csv
from changeover.metering.limits import Span, span_of
from changeover.metering.model import CostLine
from changeover.metering.money import written

MOST_MONTHS = 24
_COLUMNS = (
    "month",
    "party",
    "service",
    "model",
    "route",
    "maker",
    "host",
    "stand_in",
    "calls",
    "calls_of_unknown_cost",
    "input_tokens",
    "cached_tokens",
    "cache_written_tokens",
    "output_tokens",
    "reasoning_tokens",
    "usd",
    "usd_reserved",
)
FOCUS = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SubAccountId",
    "SubAccountName",
    "SubAccountType",
    "Tags",
    "x_Calls",
    "x_UnknownCalls",
    "x_ReservedCost",
    "x_InputTokens",
    "x_CachedTokens",
    "x_CacheWrittenTokens",
    "x_OutputTokens",
    "x_ReasoningTokens",
    "x_StandIn",
)
"""The columns in their order: FOCUS's by the alphabet, then ours."""


class MonthCost(msgspec.Struct, frozen=True, kw_only=True):
    """A month, and what a service's calls on a route cost in it."""

    month: Span
    line: CostLine


Costs = Callable[[datetime, datetime], Iterable[CostLine]]


def months_until(now: datetime, zone: ZoneInfo, since: str = "") -> list[Span]:
    """The months from one on (`2026-03`; the one under way, if not given) to now, the last first.

    `InvalidInputError` for what is no month, and for more than `MOST_MONTHS`.
    """
    found = [span_of("month", now, zone)]
    while since and found[-1].name > since and len(found) < MOST_MONTHS:
        before = found[-1].began.astimezone(zone)
        earlier = before.replace(year=before.year - 1, month=12) if before.month == 1 else None
        found.append(span_of("month", earlier or before.replace(month=before.month - 1), zone))
    if since and found[-1].name != since:
        raise InvalidInputError(
            f"Costs cannot be told since {since!r}.",
            do=f"Write one of the last {MOST_MONTHS} months, such as {found[0].name}.",
        )
    return found


def monthly(costs: Costs, months: Iterable[Span]) -> list[MonthCost]:
    """What was spent in each of the months, in their order."""
    return [
        MonthCost(month=month, line=line)
        for month in months
        for line in costs(month.began, month.until)
    ]


def cost_csv(costs: Sequence[MonthCost]) -> bytes:
    """The costs as a table for people."""
    return write_csv(_COLUMNS, (_row(each) for each in costs))


def focus_csv(directory: Directory, costs: Sequence[MonthCost]) -> bytes:
    """The costs in FOCUS's columns, for programs: no byte-order mark."""
    rows = (_focus(directory, each) for each in costs)
    table = write_csv(FOCUS, ([row[name] for name in FOCUS] for row in rows))
    return table.removeprefix(codecs.BOM_UTF8)


def _row(each: MonthCost) -> Sequence[object]:
    line = each.line
    return (
        each.month.name,
        line.party,
        line.service,
        line.model,
        line.route,
        line.maker,
        line.host,
        "yes" if line.stand_in else "no",
        line.calls,
        line.unknown,
        line.input_tokens,
        line.cached_tokens,
        line.cache_written_tokens,
        line.output_tokens,
        line.reasoning_tokens,
        written(line.cost),
        written(line.reserved),
    )


def _focus(directory: Directory, each: MonthCost) -> dict[str, object]:
    """A row by FOCUS's names of its columns."""
    line, month = each.line, each.month
    route = directory.routes.get(line.route)
    cost, tokens = written(line.cost), line.input_tokens + line.output_tokens
    seller = line.host if route is None or route.reseller is None else route.reseller
    account = line.host if route is None or route.account is None else route.account
    began, until = _instant(month.began), _instant(month.until)
    return {
        "BilledCost": cost,
        "BillingAccountId": account,
        "BillingAccountName": account,
        "BillingCurrency": "USD",
        "BillingPeriodEnd": until,
        "BillingPeriodStart": began,
        "ChargeCategory": "Usage",
        "ChargeClass": None,
        "ChargeDescription": f"{line.calls} calls of {line.service} to {line.route}",
        "ChargePeriodEnd": until,
        "ChargePeriodStart": began,
        "ConsumedQuantity": tokens,
        "ConsumedUnit": "Tokens",
        "ContractedCost": cost,
        "EffectiveCost": cost,
        "InvoiceIssuerName": _vendor(directory, seller),
        "ListCost": cost,
        "PricingCategory": "Standard",
        "PricingQuantity": tokens,
        "PricingUnit": "Tokens",
        "ProviderName": _vendor(directory, line.host),
        "PublisherName": _vendor(directory, line.maker),
        "ResourceId": line.route,
        "ResourceName": _model(directory, line.model),
        "ResourceType": "Model",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": _model(directory, line.model),
        "ServiceSubcategory": "Generative AI",
        "SubAccountId": line.party,
        "SubAccountName": _party(directory, line.party),
        "SubAccountType": "Party",
        "Tags": msgspec.json.encode({"service": line.service}).decode(),
        "x_Calls": line.calls,
        "x_UnknownCalls": line.unknown,
        "x_ReservedCost": written(line.reserved),
        "x_InputTokens": line.input_tokens,
        "x_CachedTokens": line.cached_tokens,
        "x_CacheWrittenTokens": line.cache_written_tokens,
        "x_OutputTokens": line.output_tokens,
        "x_ReasoningTokens": line.reasoning_tokens,
        "x_StandIn": "true" if line.stand_in else "false",
    }


def _vendor(directory: Directory, vendor: str) -> str:
    found = directory.vendors.get(vendor)
    return vendor if found is None else found.name.en


def _party(directory: Directory, party: str) -> str:
    found = directory.parties.get(party)
    return party if found is None else found.name.en


def _model(directory: Directory, model: str) -> str:
    found = directory.models.get(model)
    return model if found is None else found.name


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
