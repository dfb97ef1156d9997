"""What a try of a call cost, once it is over.

1. What was not written to the vendor cost nothing, nor did what it answered with an error:
   vendors bill answers. Counting tokens is free everywhere.
2. What was answered costs what the vendor counted, by the route's tariff as it stood when the
   call began.
3. Where the vendor had begun and gave no counts (it broke off, its caller left, an order cut
   it), it costs what was reserved for it. Where nothing was reserved, its cost is not known,
   and said to be so.
4. Sound and pictures have tokens of other prices, which no tariff of the list tells apart;
   they have a price where the installation gave them one. One that is by the token needs the
   vendor's counts (rule 3), one by the request does not.
"""

from changeover.conversation.model import Usage
from changeover.gateway.model import CallRecord, CallResult, Operation, Reserve
from changeover.metering.meter import Reservation
from changeover.metering.model import UNBILLED, Spent, Tariff
from changeover.metering.pricing import spent
from changeover.metering.taking import Taking

_TOKENS: frozenset[Operation] = frozenset({"chat", "embed"})
_UNCOUNTED = Spent(cost=None, basis="uncounted")


class Charge:
    """What one try will cost, and what is reserved for it."""

    def __init__(self, operation: Operation, tariff: Tariff | None) -> None:
        self.free = operation == "count-tokens"
        self._tokens = operation in _TOKENS
        known = self._tokens or (tariff is not None and tariff.source == "override")
        self.tariff = tariff if known else None
        self.reservation = Reservation()
        self._written = False

    @property
    def reserve(self) -> Reserve | None:
        """What the journal says is reserved, where a limit counts money."""
        reserved = self.reservation
        if not reserved.accounts:
            return None
        return Reserve(money=reserved.money, accounts=reserved.accounts)

    def written(self) -> None:
        """The request is with the vendor."""
        self._written = True

    def close(self, result: CallResult, status: int | None, usage: Usage) -> Spent:
        """What it cost; frees what it did not need of what was reserved."""
        found = self._spent(result, status, usage)
        took = Taking(requests=int(self._written), tokens=_tokens(found, usage), money=found.cost)
        self.reservation.settle(took)
        return found

    def _spent(self, result: CallResult, status: int | None, usage: Usage) -> Spent:
        if self.free or not self._written or (status is not None and status >= 300):
            return UNBILLED
        told = usage if self._tokens or self.tariff is None else _whole(usage, self.tariff)
        found = spent(self.tariff, told)
        # What a vendor had counted when it was left is not what it counts in the end.
        if found.basis == "uncounted" or (found.basis == "counted" and result != "answered"):
            return _reserved(self.reserve)
        return found


def spent_on(call: CallRecord) -> Spent:
    """What a recorded call cost, also one whose process ended before its answer did."""
    if call.outcome.spent is not None:
        return call.outcome.spent
    if call.outcome.result == "refused":
        return UNBILLED
    return _reserved(call.intent.reserve)


def _reserved(reserve: Reserve | None) -> Spent:
    if reserve is None:
        return _UNCOUNTED
    return Spent(cost=reserve.money, basis="reserved")


def _tokens(found: Spent, usage: Usage) -> int | None:
    """The tokens that a call took; None where they were not counted to the end."""
    match found.basis:
        case "unbilled":
            return 0
        case "counted" | "unpriced" if usage.input_tokens is not None:
            return usage.input_tokens + (usage.output_tokens or 0)
        case _:
            return None


def _whole(usage: Usage, tariff: Tariff) -> Usage:
    """Counts for sound and pictures: none stands for 0 where no such token has a price."""
    steps = [rates for _, rates in tariff.steps]
    given = any(each.input or each.cached or each.written or each.written_hour for each in steps)
    answered = any(each.output or each.reasoning for each in steps)
    return Usage(
        input_tokens=usage.input_tokens if given else usage.input_tokens or 0,
        output_tokens=usage.output_tokens if answered else usage.output_tokens or 0,
    )
