"""What messages need of the outside: where deliveries are kept, and the ways out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from changeover.messages.model import Answered, Delivery, Leaving


class Deliveries(Protocol):
    """Keeps deliveries. Instants are the machine's."""

    def add(self, deliveries: Iterable[Delivery]) -> None: ...

    def of(self, message: str | None = None) -> list[Delivery]:
        """Those of a message, or all, in the order in which they were added."""
        ...

    def waiting(self, now: datetime) -> bool:
        """Whether any is due."""
        ...

    def claim(self, now: datetime, until: datetime) -> Delivery | None:
        """The one that is due, claimed by whoever asks until an instant; None when none is."""
        ...

    def settle(
        self, delivery: Delivery, answered: Answered, now: datetime, again: datetime | None
    ) -> bool:
        """Ends a try, or has another made at `again`; False when another process claimed it."""
        ...

    def queue_again(self, message: str, now: datetime) -> int:
        """Queues a message's failed deliveries anew; how many."""
        ...


class Way(Protocol):
    """A way out for letters. Called in a thread; takes at most a minute."""

    def send(self, leaving: Leaving) -> Answered: ...
