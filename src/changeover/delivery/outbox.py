"""A demonstration's way out: nothing leaves, and what would have is kept to be looked at."""

from changeover.messages.model import Answered, Leaving


class Outbox:
    """Implements `messages.ports.Way`."""

    def send(self, leaving: Leaving) -> Answered:
        return Answered("kept", f"A demonstration: nothing was sent to {leaving.delivery.to}.")
