"""Ids of tool calls, fitted to what a vendor takes.

Each vendor makes ids in its own form, and a conversation that moved between
vendors holds them all. An id that fits stays as it is. Any other is replaced by
a digest of it: the same id gives the same replacement in every later request,
so that a vendor's prompt cache still finds what it knows. Nothing needs to be
turned back, since no answer names a call of an earlier one.

Servers that count their calls from zero in every answer use an id again. Only
the first call keeps it; a result belongs to the last call of its id before it.
"""

import hashlib
import re


class CallIds:
    """The ids of one request's calls, in the order in which they stand.

    A replacement is `prefix` and so many `digits` (at most 64).
    """

    def __init__(self, fitting: re.Pattern[str], prefix: str = "call_", digits: int = 24) -> None:
        self._fitting = fitting
        self._prefix = prefix
        self._digits = digits
        self._used: set[str] = set()
        self._latest: dict[str, str] = {}
        self._times: dict[str, int] = {}

    def of_call(self, call: str) -> str:
        """The id to write for a call."""
        times = self._times[call] = self._times.get(call, 0) + 1
        written = call if self._fitting.fullmatch(call) else self._digest(call)
        if written in self._used:
            written = self._digest(f"{call} {times}")
        self._used.add(written)
        self._latest[call] = written
        return written

    def of_result(self, call: str) -> str:
        """The id to write for the call that a result answers."""
        if call in self._latest:
            return self._latest[call]
        return call if self._fitting.fullmatch(call) else self._digest(call)

    def _digest(self, call: str) -> str:
        return self._prefix + hashlib.sha256(call.encode()).hexdigest()[: self._digits]
