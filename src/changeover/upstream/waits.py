"""How long a vendor is waited for, and the ends of one call's waits."""

import asyncio

import msgspec

from changeover.directory.model import Waits


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds that are waited: `first_token` and `total` count from the call's begin.

    A vendor sends the head of an answer that is not streamed when the answer is whole,
    hence `whole_answer`.
    """

    connect: float = 10
    first_token: float = 60
    whole_answer: float = 600
    between_tokens: float = 60
    total: float = 900

    def within(self, waits: Waits) -> "Timeouts":
        """These, but for what a service says of its own."""
        said = {k: float(v) for k, v in msgspec.structs.asdict(waits).items() if v is not None}
        if "total" in said:
            said["whole_answer"] = said["total"]
        return msgspec.structs.replace(self, **said) if said else self


class CallWaits:
    """The ends of one call's waits, on the loop's clock."""

    def __init__(self, timeouts: Timeouts, *, stream: bool) -> None:
        self.connect = timeouts.connect
        self._now = asyncio.get_running_loop().time
        self._between = timeouts.between_tokens
        self._stream = stream
        self._deadline = self._now() + timeouts.total
        self._whole = self._deadline if stream else self._now() + timeouts.whole_answer
        self._left = timeouts.first_token if stream else timeouts.whole_answer
        self._since = self._now()

    def until(self) -> float:
        """When a wait that begins now is over."""
        self._since = self._now()
        return min(self._since + self._left, self._whole, self._deadline)

    def waited(self) -> None:
        """The wait ended, and brought bytes, of which only a whole answer's are progress."""
        self._left -= self._now() - self._since
        if not self._stream:
            self.anew()

    def anew(self) -> None:
        """The next wait is for the next event."""
        self._left = self._between

    def over(self, otherwise: str) -> str:
        """What to say of a wait that ended in vain."""
        return "took longer than a call may take." if self._now() >= self._deadline else otherwise
