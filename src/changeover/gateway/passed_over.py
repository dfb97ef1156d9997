"""Candidates that were passed over, and what their caller hears if none is left.

A vendor's failure may pass, so that it is heard first; then what is wrong with the request
for every candidate. Where the rules alone stood in the way, `serving.py` tells that.
"""

from typing import Literal

import msgspec

from changeover.gateway.refusal import Refusal
from changeover.orders.decision import Decision

Fault = Literal["vendor", "losses", "request"]


class PassedOver(Exception):  # noqa: N818 (an answer, not a fault)
    """This candidate cannot serve: what the caller hears if none can, or the late decision."""

    def __init__(
        self,
        refusal: Refusal | None,
        decision: Decision | None = None,
        *,
        fault: Fault = "vendor",
    ) -> None:
        super().__init__()
        self.refusal = refusal
        self.decision = decision
        self.fault: Fault = fault


class Passed(msgspec.Struct):
    """The candidates passed over so far, each by what came in its way."""

    refused: list[Decision] = []
    failed: list[Refusal] = []
    losing: list[Refusal] = []
    unsaid: list[Refusal] = []
    unreachable: list[Refusal] = []

    def take(self, over: PassedOver) -> None:
        """Adds one that was passed over."""
        if over.decision is not None:
            self.refused.append(over.decision)
        if over.refusal is not None:
            faults = {"vendor": self.failed, "losses": self.losing, "request": self.unsaid}
            faults[over.fault].append(over.refusal)

    @property
    def heard(self) -> Refusal | None:
        """What the caller hears first; None where the rules alone stand in the way."""
        return next(iter((*self.failed, *self.unsaid, *self.losing)), None)
