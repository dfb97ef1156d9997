"""Section 8 of docs/rules.md: vendors' terms, a layer of their own."""

from collections.abc import Iterable
from typing import NamedTuple

from changeover.orders.model import Status
from tests.judge.force import Does, is_met, prohibits
from tests.judge.law import Law, Version
from tests.judge.reach import matching_targets, meets


class Standing(NamedTuple):
    """A version with its status, and whether it meets the call."""

    version: Version
    status: Status
    meets: bool

    @property
    def in_force(self) -> bool:
        return self.status in {"operative", "winding-down"}

    @property
    def decides(self) -> bool:
        """Whether it is a permit or prohibition in force that meets the call."""
        return self.in_force and self.meets and self.version.reading.modality != "require"


def vendor_of(law: Law, version: Version) -> str | None:
    """The vendor whose terms the version belongs to; None when it is no vendor's terms."""
    if version.instrument.kind not in {"terms", "agreement"}:
        return None
    return law.known.directory.issuers[version.instrument.issuer].vendor


def stand(law: Law, version: Version, at: int) -> Standing:
    met = meets(law.known.directory, version.reading, law.call, law.route)
    return Standing(version, law.status(version, at), met)


def terms_do(law: Law, standing: Standing, of_vendor: Iterable[Standing], at: int) -> Does:
    """What a version of a vendor's terms that meets the call does, all of them being given."""
    version, status = standing.version, standing.status
    if not standing.in_force:
        return Does("none", status)
    if version.reading.modality == "require":
        return (
            Does("none", "met") if is_met(law, version) else Does("refuses", "requirement", "terms")
        )
    agreed = any(s.decides and s.version.instrument.kind == "agreement" for s in of_vendor)
    if agreed and version.instrument.kind == "terms":
        return Does("none", "amended")
    if version.reading.modality == "permit":
        return Does("permits", status)
    found = prohibits(law, version, status, at)
    return found._replace(reason="terms") if found.effect == "refuses" else found


def silent_issuers(law: Law, of_vendor: list[Standing]) -> set[str]:
    """The issuers of a vendor's terms in force that say nothing of the call, if they do not."""
    if any(standing.decides for standing in of_vendor):
        return set()
    return {
        standing.version.instrument.issuer
        for standing in of_vendor
        if standing.in_force
        and matching_targets(law.known.directory, standing.version.reading, law.route)
    }
