"""What calls cost, by month, party, service and model; as files too."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.evidence.costs import (
    MOST_MONTHS,
    Costs,
    MonthCost,
    cost_csv,
    focus_csv,
    monthly,
    months_until,
)
from changeover.identity.people import Role
from changeover.metering.money import written
from changeover.orders.ports import Works
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.compliance_exports import Exported, told_export

READERS: tuple[Role, ...] = ("officer", "administrator")


class CostTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a service's calls on a route cost in a month, in US dollars, written out.

    `cost` is what is known; `reserved` is the part of it that was taken from what was
    reserved. Of `unknown` calls the cost is not known.
    """

    month: str
    party: str
    service: str
    model: str
    route: str
    maker: str
    host: str
    stand_in: bool
    calls: int
    unknown: int
    input_tokens: int
    cached_tokens: int
    cache_written_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost: str
    reserved: str


class CostsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Costs since a month, the latest first. `months` are those that may be asked for.

    `total` is what is known of all that is told, and `unknown` how many calls it leaves out.
    """

    demonstration: bool
    now: datetime
    zone: str
    since: str
    months: tuple[str, ...]
    total: str
    unknown: int
    costs: tuple[CostTold, ...]
    parties: dict[str, Bilingual]
    services: dict[str, Bilingual]
    models: dict[str, Bilingual]


class CostParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    works: Works
    costs: Costs
    office: Office
    clock: Clock
    demonstration: bool


def operations(parts: CostParts) -> list[Operation | Stream]:
    """`/desk/costs`."""
    desk = _CostDesk(parts)
    return [
        Operation(
            "GET",
            "/desk/costs",
            None,
            CostsPage,
            READERS,
            desk.page,
            "What calls cost, by party, service, model and month.",
            {"since": str},
        ),
        Operation(
            "GET",
            "/desk/costs/export",
            None,
            Exported,
            READERS,
            desk.export,
            "The costs as CSV, or in the columns of FOCUS.",
            {"since": str, "form": str},
        ),
    ]


class _CostDesk:
    def __init__(self, parts: CostParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, params: Params) -> CostsPage:
        parts, directory = self._parts, self._parts.office.rules.current.directory
        now, zone = parts.clock.now(), ZoneInfo(directory.zone)
        found = self._costs(params)
        return CostsPage(
            demonstration=parts.demonstration,
            now=now,
            zone=directory.zone,
            since=params.get("since") or months_until(now, zone)[0].name,
            months=_askable(now, zone),
            total=written(sum(each.line.cost for each in found)),
            unknown=sum(each.line.unknown for each in found),
            costs=tuple(map(_told, found)),
            **_names(directory, found),
        )

    def export(self, caller: Caller, _: None, params: Params) -> Exported:
        """The table as a file, of which the ledger is told before it leaves."""
        found, directory = self._costs(params), self._parts.office.rules.current.directory
        since = found[-1].month.name if found else "none"
        match params.get("form"):
            case "csv":
                content = cost_csv(found)
            case "focus":
                content = focus_csv(directory, found)
            case form:
                raise InvalidInputError(
                    f"There are no costs as {form!r}.", do="Ask for form csv or focus."
                )
        exported = Exported(
            name=f"costs-{params['form']}-{since}.csv", type="text/csv", content=content
        )
        with self._parts.works.begin() as work:
            told = told_export("costs", params["form"], exported, caller)
            work.tell("export", self._parts.clock.now(), told)
        return exported

    def _costs(self, params: Params) -> list[MonthCost]:
        directory = self._parts.office.rules.current.directory
        now, zone = self._parts.clock.now(), ZoneInfo(directory.zone)
        return monthly(self._parts.costs, months_until(now, zone, params.get("since") or ""))


def _askable(now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The months that costs may be asked since, the latest first."""
    year, month = map(int, months_until(now, zone)[0].name.split("-"))
    counted = (year * 12 + month - 1 - back for back in range(MOST_MONTHS))
    return tuple(f"{each // 12}-{each % 12 + 1:02}" for each in counted)


def _told(each: MonthCost) -> CostTold:
    given = msgspec.structs.asdict(each.line)
    amounts = {"cost": written(each.line.cost), "reserved": written(each.line.reserved)}
    return CostTold(month=each.month.name, **(given | amounts))


def _names(directory: Directory, costs: Sequence[MonthCost]) -> dict[str, dict[str, Bilingual]]:
    """The names of what the costs are of, as far as the directory still has them."""
    lines = [each.line for each in costs]
    parties, services, models = directory.parties, directory.services, directory.models
    return {
        "parties": {n: parties[n].name for line in lines if (n := line.party) in parties},
        "services": {n: services[n].name for line in lines if (n := line.service) in services},
        "models": {
            n: Bilingual(en=models[n].name, fr=models[n].name)
            for line in lines
            if (n := line.model) in models
        },
    }
