"""What vendors' terms say of a call (rule 8; rules, section 8).

Terms are a layer of their own, apart from what orders say. Of each vendor in force:

1. Where a permit or prohibition of an agreement meets the call, the agreement's
   decide, and those of the terms do nothing; otherwise the terms' do.
2. Requirements of terms and agreements alike refuse where they are not met.
3. Where the vendor's terms speak of the route, and nothing permits or prohibits the
   call, the vendor is silent, which is a notice.
"""

from collections.abc import Sequence

import msgspec

from changeover.orders.status import Standing
from changeover.orders.timeline import Phase

IN_FORCE = frozenset({"operative", "winding-down"})

Met = tuple[Standing, Phase]
"""A clause of terms that meets the call, and how it stands."""


class Sorted(msgspec.Struct, frozen=True):
    """The clauses that decide, and those that an agreement amended."""

    deciding: tuple[Met, ...]
    amended: tuple[Met, ...]


def sort(met: Sequence[Met]) -> Sorted:
    """Which clauses of the terms that meet a call decide; the others an agreement amended."""
    agreed = {
        standing.vendor
        for standing, phase in met
        if standing.layer == "agreement" and _says(standing, phase)
    }
    amended = tuple(
        (standing, phase)
        for standing, phase in met
        if standing.layer == "terms" and standing.vendor in agreed and _says(standing, phase)
    )
    return Sorted(tuple(one for one in met if one not in amended), amended)


def silent(speaking: Sequence[Met], met: Sequence[Met]) -> tuple[str, ...]:
    """The vendors whose terms speak of the route and not of the call, by their offices.

    `speaking` are the clauses on the route whatever their scope.
    """
    said = {standing.vendor for standing, phase in met if _says(standing, phase)}
    spoke = (standing for standing, phase in speaking if phase.status in IN_FORCE)
    return tuple(dict.fromkeys(one.issuer for one in spoke if one.vendor not in said))


def _says(standing: Standing, phase: Phase) -> bool:
    """Whether it permits or prohibits the call, being in force."""
    return standing.modality != "require" and phase.status in IN_FORCE
