"""One journalled try of one route: written before anything leaves, concluded exactly once."""

from changeover.basics.clock import Clock
from changeover.conversation.model import Usage
from changeover.gateway.model import CallOutcome, CallResult, Intent
from changeover.gateway.ports import Journal


class Attempt:
    """An intent in the journal and the outcome it will have. The first conclusion stands."""

    def __init__(self, journal: Journal, clock: Clock, intent: Intent) -> None:
        self._journal = journal
        self._clock = clock
        self._concluded = False
        self.intent = intent

    async def begin(self) -> None:
        """Returns once the intent is in the journal; nothing may be sent before."""
        await self._journal.intend(self.intent)

    def conclude(
        self,
        result: CallResult,
        *,
        status: int | None = None,
        served_model: str | None = None,
        usage: Usage | None = None,
        error: str | None = None,
    ) -> None:
        """Appends the outcome, unless there is one already."""
        if self._concluded:
            return
        self._concluded = True
        counted = usage or Usage()
        self._journal.conclude(
            CallOutcome(
                start=self.intent.start,
                seq=self.intent.seq,
                at=self._clock.now(),
                result=result,
                status=status,
                served_model=served_model,
                input_tokens=counted.input_tokens,
                output_tokens=counted.output_tokens,
                error=error,
            )
        )
