"""Collecting a client's messages into instructions and turns.

Instructions (`system`, and `developer` where there is such a role) may stand
anywhere among the messages. Canonically they stand before the turns, which is
where every vendor takes them; moving one that stood later is a reported loss.

Results of tools that come as messages of their own, one after the other, make
one turn: they answer the calls of one answer, and vendors that take results in
a user's message want them all in the next one.
"""

from collections.abc import Sequence

from changeover.conversation.model import Loss, Part, Role, Text, ToolResult, Turn


class Transcript:
    """The messages read so far."""

    def __init__(self) -> None:
        self.system: list[Text] = []
        self.losses: list[Loss] = []
        self._turns: list[Turn] = []
        self._results: list[ToolResult] = []

    @property
    def turns(self) -> tuple[Turn, ...]:
        if self._results:
            self._end_results()
        return tuple(self._turns)

    def instruct(self, parts: Sequence[Text], place: str) -> None:
        if self._turns or self._results:
            why = "Instructions that stand after a turn are moved before all turns."
            self.losses.append(Loss(field=place, why=why))
        self.system += parts

    def say(self, role: Role, parts: tuple[Part, ...]) -> None:
        if self._results:
            self._end_results()
        if parts:
            self._turns.append(Turn(role=role, parts=parts))

    def answer(self, result: ToolResult) -> None:
        """Adds a result that is a message of its own."""
        self._results.append(result)

    def _end_results(self) -> None:
        self._turns.append(Turn(role="user", parts=tuple(self._results)))
        self._results.clear()
