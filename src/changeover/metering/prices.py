"""The prices of an installation: its own first, then the public list."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from changeover.directory.model import Route
from changeover.metering.model import Tariff
from changeover.metering.ports import TariffSource


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """An installation's own tariff of a route, or of all routes of a model, from an instant on."""

    name: str
    since: datetime | None
    tariff: Tariff


class Prices:
    """Implements `ports.TariffSource`. One per process.

    A price of the route goes before one of its model, and among those the one that began
    last; only where none of them stands is the list asked.
    """

    def __init__(self, own: Sequence[Override], listed: TariffSource) -> None:
        self._own: dict[str, list[Override]] = {}
        for each in own:
            self._own.setdefault(each.name, []).append(each)
        for overrides in self._own.values():
            # The latest first; one without a beginning has stood from the beginning.
            overrides.sort(key=lambda one: (one.since is not None, one.since), reverse=True)
        self._listed = listed

    def tariff(self, route: Route, at: datetime) -> Tariff | None:
        if self._own:
            for name in (route.id, route.model):
                for override in self._own.get(name, ()):
                    if override.since is None or override.since <= at:
                        return override.tariff
        return self._listed.tariff(route, at)


class NoPrices:
    """Implements `ports.TariffSource`: knows no price."""

    def tariff(self, route: Route, at: datetime) -> Tariff | None:
        del route, at
        return None
