"""What the operations on compliance share."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.evidence.compliance import Calls
from changeover.evidence.papers import Attestation, ExitList
from changeover.evidence.register import StatedUse
from changeover.orders.papers import Folder
from changeover.orders.ports import Works
from changeover.orders.usecases import Office


class ComplianceParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with.

    `volumes` tells the calls since an instant, `weekly` those to makers by week.
    """

    works: Works
    office: Office
    clock: Clock
    uses: Folder[StatedUse]
    attestations: Folder[Attestation]
    exits: Folder[ExitList]
    volumes: Callable[[datetime], Iterable[Calls]]
    weekly: Callable[[Iterable[str], datetime], Iterable[tuple[str, int, int]]]
    demonstration: bool


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""
