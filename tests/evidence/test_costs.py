"""Costs by month as files, and the months that they can be asked for."""

import csv
import io
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.evidence.costs import (
    FOCUS,
    cost_csv,
    focus_csv,
    monthly,
    months_until,
)
from changeover.metering.model import CostLine
from changeover.metering.money import DOLLAR
from changeover.wiring.scenarios import SHIPPED, read_scenario

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
DIRECTORY = read_scenario(SHIPPED).directory
LINE = CostLine(
    party="state",
    service="statechat",
    maker="anthropic",
    host="aws",
    model="anthropic/claude-sonnet-4-5",
    route="anthropic/claude-sonnet-4-5@aws",
    stand_in=False,
    calls=3,
    unknown=1,
    input_tokens=1000,
    cached_tokens=600,
    cache_written_tokens=10,
    output_tokens=50,
    reasoning_tokens=5,
    cost=12 * DOLLAR + 345,
    reserved=DOLLAR,
)

# The columns that version 1.2 of the specification has as mandatory.
MANDATORY = {
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
    "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory",
    "ServiceName",
}  # fmt: skip


def costs(*lines: CostLine, since: str = "2026-02"):
    months = months_until(NOW, ZONE, since)
    return monthly(lambda began, _: lines if began.month == 2 else (), months)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_months_are_counted_back_from_the_one_under_way():
    assert [month.name for month in months_until(NOW, ZONE)] == ["2026-03"]
    found = months_until(NOW, ZONE, "2025-11")
    assert [month.name for month in found] == [
        "2026-03", "2026-02", "2026-01", "2025-12", "2025-11",
    ]  # fmt: skip
    assert all(one.began == other.until for one, other in pairwise(found))


@pytest.mark.parametrize("since", ["2026-04", "2024-03", "march", "2026-3", "0"])
def test_what_is_no_month_or_too_long_ago_is_refused(since: str):
    with pytest.raises(InvalidInputError, match="such as 2026-03"):
        months_until(NOW, ZONE, since)
    assert len(months_until(NOW, ZONE, "2024-04")) == 24


def test_the_table_says_exactly_what_is_known_and_of_how_many_calls_it_is_not():
    (row,) = rows(cost_csv(costs(LINE)))
    assert (row["month"], row["party"], row["service"]) == ("2026-02", "state", "statechat")
    assert (row["usd"], row["usd_reserved"]) == ("12.000000000345", "1")
    assert (row["calls"], row["calls_of_unknown_cost"]) == ("3", "1")
    assert (row["input_tokens"], row["cached_tokens"]) == ("1000", "600")


def test_focus_has_every_mandatory_column_and_its_own_begin_with_x():
    content = focus_csv(DIRECTORY, costs(LINE))
    assert not content.startswith(b"\xef\xbb\xbf")
    (row,) = rows(content)
    assert tuple(row) == FOCUS
    assert set(row) >= MANDATORY
    ours = [name for name in FOCUS if name.startswith("x_")]
    assert tuple(ours) == FOCUS[-len(ours) :]
    assert list(FOCUS[: -len(ours)]) == sorted(FOCUS[: -len(ours)])
    assert {name for name in MANDATORY if not row[name]} == {"ChargeClass"}


def test_focus_says_who_charged_whom_for_what_and_when():
    (row,) = rows(focus_csv(DIRECTORY, costs(LINE)))
    assert row["BilledCost"] == row["EffectiveCost"] == row["ListCost"] == "12.000000000345"
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == (
        "2026-02-01T05:00:00Z",
        "2026-03-01T05:00:00Z",
    )
    assert (row["ProviderName"], row["PublisherName"]) == ("Amazon Web Services", "Anthropic")
    assert (row["BillingAccountId"], row["ServiceName"]) == (
        "government-bedrock",
        "Claude Sonnet 4.5",
    )
    assert (row["ServiceCategory"], row["ChargeCategory"]) == ("AI and Machine Learning", "Usage")
    assert (row["SubAccountId"], row["SubAccountName"]) == ("state", "Department of State")
    assert (row["PricingQuantity"], row["x_UnknownCalls"]) == ("1050", "1")
    assert msgspec.json.decode(row["Tags"]) == {"service": "statechat"}


def test_what_the_directory_has_no_more_keeps_its_id():
    gone = msgspec.structs.replace(LINE, route="x/y@z", host="z", maker="x", model="x/y", party="p")
    (row,) = rows(focus_csv(DIRECTORY, costs(gone)))
    assert (row["ProviderName"], row["ServiceName"], row["SubAccountName"]) == ("z", "x/y", "p")


def test_without_calls_a_file_has_its_columns_alone():
    assert rows(focus_csv(DIRECTORY, costs())) == []
    assert focus_csv(DIRECTORY, costs()).decode().strip() == ",".join(FOCUS)
    assert cost_csv(costs()).count(b"\r\n") == 1
