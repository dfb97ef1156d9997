"""One journalled try of one route: written before anything leaves, concluded exactly once."""

from collections.abc import Callable, Iterable

from changeover.basics.clock import Clock
from changeover.conversation.model import Loss, Usage
from changeover.gateway.charging import Charge
from changeover.gateway.model import CallOutcome, CallResult, Intent
from changeover.gateway.ports import Journal
from changeover.orders.overtaking import Overtaken


class Attempt:
    """An intent in the journal and the outcome it will have. The first conclusion stands.

    `overtaken` is asked at the conclusion what refuses by then what was let out.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        intent: Intent,
        overtaken: Callable[[], Overtaken | None],
        charge: Charge,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._overtaken = overtaken
        self._charge = charge
        self.result: CallResult | None = None
        self._losses: dict[str, None] = {}
        self.intent = intent

    async def begin(self) -> None:
        """Returns once the intent is in the journal; nothing may be sent before."""
        begun = False
        try:
            await self._journal.intend(self.intent)
            begun = True
        finally:
            if not begun:
                self._charge.close("refused", None, Usage())

    def written(self) -> None:
        """The request is with the vendor, who may bill it."""
        self._charge.written()

    def lose(self, losses: Iterable[Loss]) -> None:
        """Notes what is not carried; the outcome will name it."""
        self._losses.update((loss.field, None) for loss in losses)

    @property
    def lost(self) -> tuple[str, ...]:
        """The fields not carried so far, each once."""
        return tuple(self._losses)

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
        if self.result is not None:
            return
        self.result = result
        counted = usage or Usage()
        overtaken = None if result == "refused" else self._overtaken()
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
                losses=self.lost,
                overtaken_by=() if overtaken is None else overtaken.by,
                overtaken_at=None if overtaken is None else overtaken.at,
                spent=self._charge.close(result, status, counted),
            )
        )
