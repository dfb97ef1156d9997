"""What a try of a call cost, once it is over.

1. What was not written to the vendor cost nothing, nor did what it answered with an error:
   vendors bill answers. Counting tokens is free everywhere.
2. What was answered costs what the vendor counted, by the route's tariff as it stood when the
   call began.
3. Where the vendor had begun and gave no counts (it broke off, its caller left, an order cut
   it), it costs what was reserved for it. Where nothing was reserved, its cost is not known,
   and said to be so.
4. Sound and pictures have tokens of other prices, which no tariff of the list tells apart;
   they have a price where the installation gave them one.
"""

import msgspec

from changeover.conversation.model import Usage
from changeover.gateway.model import CallRecord, CallResult, Operation
from changeover.metering.model import Spent, Tariff
from changeover.metering.pricing import spent

_TOKENS: frozenset[Operation] = frozenset({"chat", "embed"})
UNBILLED = Spent(cost=0, basis="unbilled")
_UNCOUNTED = Spent(cost=None, basis="uncounted")


class Charge:
    """What one try will cost."""

    def __init__(self, operation: Operation, tariff: Tariff | None) -> None:
        self._free = operation == "count-tokens"
        self._tokens = operation in _TOKENS
        known = self._tokens or (tariff is not None and tariff.source == "override")
        self.tariff = tariff if known else None
        self._written = False

    def written(self) -> None:
        """The request is with the vendor."""
        self._written = True

    def close(self, result: CallResult, status: int | None, usage: Usage) -> Spent:
        """What it cost."""
        if self._free or not self._written or (status is not None and status >= 300):
            return UNBILLED
        found = spent(self.tariff, usage if self._tokens else _whole(usage))
        # What a vendor had counted when it was left is not what it counts in the end.
        if found.basis == "counted" and result != "answered":
            return msgspec.structs.replace(found, cost=None, basis="uncounted")
        return found


def spent_on(call: CallRecord) -> Spent:
    """What a recorded call cost, also one whose process ended before its answer did."""
    if call.outcome.spent is not None:
        return call.outcome.spent
    return UNBILLED if call.outcome.result == "refused" else _UNCOUNTED


def _whole(usage: Usage) -> Usage:
    """Counts for sound and pictures, where none means that there is no price per token."""
    return Usage(input_tokens=usage.input_tokens or 0, output_tokens=usage.output_tokens or 0)
