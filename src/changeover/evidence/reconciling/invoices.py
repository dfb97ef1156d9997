"""Invoices in the FinOps Open Cost and Usage Specification (FOCUS 1.x), as CSV.

https://focus.finops.org/focus-specification/: a row for each charge, with `ChargePeriodStart`
and `ChargePeriodEnd` (exclusive), who provides and publishes the service, and quantities.
A charge for usage says that a vendor was used in its period, and not how often; credits,
taxes and commitments say nothing.
"""

import csv
from collections.abc import Iterator

from changeover.evidence.reconciling.model import Line
from changeover.evidence.reconciling.places import Places
from changeover.evidence.reconciling.text import File

_NAMES = (
    "PublisherName",
    "ServiceName",
    "ServiceProviderName",
    "ProviderName",
    "InvoiceIssuerName",
)
_NEEDED = ("ChargePeriodStart", "ChargePeriodEnd")


def focus(file: File, places: Places) -> Iterator[Line | None]:
    """Charges for the use of vendors."""
    rows = csv.reader(line.decode("utf-8-sig", "replace") + "\n" for _, line in file.lines())
    heading = [name.strip() for name in next(rows, [])]
    missing = [name for name in _NEEDED if name not in heading]
    if missing:
        raise file.damaged(1, f"there is no column {missing[0]}")
    for number, cells in enumerate(rows, start=2):
        if len(cells) != len(heading):
            raise file.damaged(number, f"it has {len(cells)} cells and the heading {len(heading)}")
        yield _charge(file, number, dict(zip(heading, cells, strict=True)), places)


def _charge(file: File, number: int, row: dict[str, str], places: Places) -> Line | None:
    host = places.called(*(row.get(name, "") for name in _NAMES))
    usage = row.get("ChargeCategory", "Usage") in {"", "Usage"}
    if host is None or not usage or not _is_some(row):
        return None
    begins = file.instant(number, row["ChargePeriodStart"])
    return Line(
        at=begins,
        until=file.instant(number, row["ChargePeriodEnd"]),
        host=host,
        account=row.get("SubAccountId", "") or row.get("BillingAccountId", ""),
        who=row.get("ResourceId", ""),
        model=row.get("SkuId", ""),
        id=f"focus {begins} " + " ".join(row.get(name, "") for name in ("SkuId", "ResourceId")),
    )


def _is_some(row: dict[str, str]) -> bool:
    """Whether anything was used: a quantity or a cost that is not nothing."""
    for name in ("ConsumedQuantity", "PricingQuantity", "BilledCost", "EffectiveCost"):
        text = row.get(name, "")
        if text and text.strip("0.-+ ") not in {"", "E"}:
            return True
    return False
