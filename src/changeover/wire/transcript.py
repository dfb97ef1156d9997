"""Collecting a client's messages into instructions and turns.

Instructions (`system`, and `developer` where there is such a role) may stand
anywhere among the messages. Canonically they stand before the turns, which is
where every vendor takes them; moving one that stood later is a reported loss.
"""

from changeover.conversation.model import Loss, Part, Role, Turn


class Transcript:
    """The messages read so far."""

    def __init__(self) -> None:
        self.system: list[Part] = []
        self.turns: list[Turn] = []
        self.losses: list[Loss] = []

    def instruct(self, parts: tuple[Part, ...], place: str) -> None:
        if self.turns:
            why = "Instructions that stand after a turn are moved before all turns."
            self.losses.append(Loss(field=place, why=why))
        self.system += parts

    def say(self, role: Role, parts: tuple[Part, ...]) -> None:
        if parts:
            self.turns.append(Turn(role=role, parts=parts))
