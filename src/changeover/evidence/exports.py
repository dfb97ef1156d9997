"""What leaves the compliance page: its tables, row by row.

* The *status report* of an order: its parties and contractors as they stand.
* A *contractor's disclosure* by legal basis. The template is that of FAR 52.204-30
  (Federal Acquisition Supply Chain Security Act orders): what is reported within 3
  business days of the discovery, and within 10 more what is done about it. What
  Changeover does not know is left empty; nothing is invented.
* The *AI use-case inventory*, in the 36 columns of the United States' schema of 2025
  (OMB, `data_dictionary.md` of the 2025 inventory), from services as far as the
  directory knows them.

`reports` says the same to readers, as documents.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Directory, Service
from changeover.evidence.compliance import Compliance, PartyCompliance
from changeover.evidence.register import COLUMNS, StatedUse
from changeover.evidence.spreadsheet import write_csv
from changeover.orders.candidates import routes_named
from changeover.orders.model import Period
from changeover.orders.periods import counted
from changeover.orders.ruleset import Ruleset

STATUS_COLUMNS = (
    "party", "contractor_of", "state", "services", "bound", "calls_observed", "last_call",
    "refused", "days_left", "uses_stated", "count_stated",
)  # fmt: skip
DISCLOSURE_COLUMNS = (
    "contract_number", "order_number", "product_or_service", "source", "vendor",
    "vendor_identifiers", "brand", "model_number", "item_description", "mitigation",
    "first_report_due", "further_report_due", "basis",
)  # fmt: skip
INVENTORY_COLUMNS = (
    "agency", "agency_name", "id", "use_case_name", "agency_bureau", "contact_email",
    "is_withheld", "development_stage", "is_high_impact", "HI_justification", "topic_area",
    "classification", "problem_solved", "benefits", "system_outputs", "operational_date",
    "contracting_usage", "vendor_name", "have_ato", "system_name_ato", "data_description",
    "link_to_data", "has_pii", "pia_url", "demographic_features", "has_custom_code", "code_url",
    "hi_testing_conducted", "hi_assessment_completed", "hi_potential_impacts",
    "hi_independent_review", "hi_ongoing_monitoring", "hi_training_established",
    "hi_failsafe_presence", "hi_appeal_process", "hi_public_consultation",
)  # fmt: skip
_FIRST, _FURTHER = 3, 13
"""Business days from the discovery: 3 for the first report, 10 more for the rest."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under columns that a machine reads by their names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def csv(self) -> bytes:
        return write_csv(self.columns, self.rows)


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """When a contractor's reports are due, counted in business days from a discovery."""

    first: datetime
    further: datetime


def clocks(directory: Directory, discovered: datetime) -> Clocks:
    """The instants; `InvalidInputError` where the directory names no holidays to count by."""

    def after(days: int) -> datetime:
        period = Period(count=days, unit="business-days", after="published")
        return counted(directory, discovered, period)

    return Clocks(first=after(_FIRST), further=after(_FURTHER))


def status_table(found: Compliance) -> Table:
    """The parties of an order as they stand."""
    return Table(columns=STATUS_COLUMNS, rows=tuple(_status_row(line) for line in found.parties))


def _status_row(line: PartyCompliance) -> tuple[object, ...]:
    return (
        line.party,
        line.contractor_of,
        line.state,
        " ".join(line.services),
        " ".join(line.bound),
        line.calls,
        _day(line.last_call),
        line.refused,
        line.days_left,
        line.stated,
        line.stated_count,
    )


def disclosure_table(
    directory: Directory, found: Compliance, uses: Iterable[StatedUse], discovered: datetime
) -> Table:
    """A contractor's disclosure: what its services are bound to, and what it states."""
    due = clocks(directory, discovered)
    zone = ZoneInfo(directory.zone)
    last = (_day(due.first, zone), _day(due.further, zone), "FAR 52.204-30")
    stated = list(uses)
    rows: list[tuple[object, ...]] = []
    for line in found.parties:
        if line.contractor_of is None:
            continue
        contract = _contract(directory, line.party)
        makers = " ".join(found.makers)
        for name in line.bound:
            service = directory.services[name]
            what = " ".join(slot.purpose for slot in service.slots)
            own = (service.contract or contract, found.order, service.name.en, "observed")
            rows.append((*own, makers, "", "", "", what, "", *last))
        rows += [
            (
                *(use.contract or contract, found.order, use.use, "stated"),
                *(use.vendor, "", "", use.model, use.note, "", *last),
            )
            for use in stated
            if use.party == line.party and use.vendor in found.makers
        ]
    return Table(columns=DISCLOSURE_COLUMNS, rows=tuple(rows))


def _contract(directory: Directory, party: str) -> str:
    relations = directory.parties[party].relations
    return next((r.contract for r in relations if r.contract is not None), "")


def inventory_table(ruleset: Ruleset, at: datetime) -> Table:
    """The use-case inventory of every service, with the vendors that serve it at an instant."""
    services = ruleset.directory.services.values()
    rows = tuple(_inventory_row(ruleset, service, at) for service in services)
    return Table(columns=INVENTORY_COLUMNS, rows=rows)


def register_table(uses: Iterable[StatedUse]) -> Table:
    """The register of stated uses."""
    rows = tuple(tuple(getattr(use, column) for column in COLUMNS) for use in uses)
    return Table(columns=COLUMNS, rows=rows)


def _inventory_row(ruleset: Ruleset, service: Service, at: datetime) -> tuple[object, ...]:
    directory = ruleset.directory
    party = directory.parties[service.party]
    known = {
        "agency": party.part_of or party.id,
        "agency_name": directory.parties.get(party.part_of or "", party).name.en,
        "id": service.id,
        "use_case_name": service.name.en,
        "agency_bureau": party.name.en if party.part_of else "",
        "operational_date": f"{service.created:%Y-%m-%d}",
        "vendor_name": "; ".join(_vendors(ruleset, service, at)),
        "data_description": service.data_class,
    }
    return tuple(known.get(column, "") for column in INVENTORY_COLUMNS)


def _vendors(ruleset: Ruleset, service: Service, at: datetime) -> list[str]:
    directory = ruleset.directory
    found = set()
    for slot in service.slots:
        binding = ruleset.binding(service.id, slot.name, microseconds(at))
        for route in () if binding is None else routes_named(ruleset, binding.models):
            maker = directory.models[directory.routes[route].model].maker
            found.add(directory.vendors[maker].name.en)
    return sorted(found)


def _day(instant: datetime | None, zone: ZoneInfo | None = None) -> str:
    if instant is None:
        return ""
    local = instant if zone is None else instant.astimezone(zone)
    return f"{local:%Y-%m-%d}"
