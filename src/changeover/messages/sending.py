"""Sending what is queued, one delivery after the other, on whichever replica is free.

A delivery is claimed before it is tried, for longer than a try may take: if the process
dies meanwhile, another tries again after that. So each is made at least once, and twice
only where a process died between the other side's answer and its note of it; what leaves
bears the delivery's id, by which the other side can tell. What fails for now is tried
again after 30 seconds, two minutes, eight … and given up after six tries, also where each
was broken off; what is refused for good is given up at once.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

import msgspec
import structlog

from changeover.basics.canonical import canonical
from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.messages.model import TRIES, Answered, Channel, Delivery, Leaving, Message
from changeover.messages.office import deliveries_of
from changeover.messages.ports import Way
from changeover.orders.papers import papers_of
from changeover.orders.ports import Works

_CLAIM = timedelta(minutes=3)
_FIRST_PAUSE = timedelta(seconds=30)
_log = structlog.stdlib.get_logger()


class Postman:
    """Sends what is due by the ways that there are; what has no way waits to be set up."""

    def __init__(self, works: Works, ways: Mapping[Channel, Way], machine: Clock) -> None:
        self._works = works
        self._ways = ways
        self._machine = machine
        self._decoder = msgspec.json.Decoder(Message)

    def take(self, ways: Mapping[Channel, Way]) -> None:
        """Goes by other ways from the next delivery on."""
        self._ways = ways

    def round(self, most: int = 50) -> int:
        """Tries what is due, at most so many; how many it tried."""
        tried = 0
        while tried < most and (leaving := self._claim()) is not None:
            self._settle(leaving, self._try(leaving))
            tried += 1
        return tried

    def _claim(self) -> Leaving | None:
        now = self._machine.now()
        with self._works.reading() as work:
            if not deliveries_of(work).waiting(now):
                return None
        with self._works.begin() as work:
            delivery = deliveries_of(work).claim(now, now + _CLAIM)
            if delivery is None:
                return None
            bodies = [
                paper.body
                for paper in papers_of(work).versions("message", delivery.message)
                if paper.body is not None
            ]
        message = self._decoder.decode(bodies[-1])
        return Leaving(
            delivery=delivery, letter=message.letters[delivery.place], about=message.about
        )

    def _try(self, leaving: Leaving) -> Answered:
        if leaving.delivery.attempts > TRIES:
            return Answered("failed", "Each try was broken off.")
        way = self._ways.get(leaving.delivery.channel)
        if way is None:
            return Answered("failed", "No mail server is set up.", again=True)
        try:
            return way.send(leaving)
        except ChangeoverError as error:
            return Answered("failed", error.what, again=True)

    def _settle(self, leaving: Leaving, answered: Answered) -> None:
        delivery, now = leaving.delivery, self._machine.now()
        pause = None
        if answered.state == "failed" and answered.again and delivery.attempts < TRIES:
            pause = _FIRST_PAUSE * 4 ** (delivery.attempts - 1)
        with self._works.begin() as work:
            again = None if pause is None else now + pause
            settled = deliveries_of(work).settle(delivery, answered, now, again)
            if settled and again is None:
                work.tell("delivery", now, _told(leaving, answered))
        level = "info" if answered.state != "failed" else "warning"
        getattr(_log, level)("delivery", id=delivery.id, state=answered.state, again=bool(pause))


def _told(leaving: Leaving, answered: Answered) -> dict[str, str | int]:
    """What the ledger is told: neither the address nor the words."""
    delivery: Delivery = leaving.delivery
    return {
        "id": delivery.id,
        "message": delivery.message,
        "channel": delivery.channel,
        "to": hashlib.sha256(delivery.to.encode()).hexdigest(),
        "sha256": hashlib.sha256(canonical(leaving.letter)).hexdigest(),
        "state": answered.state,
        "attempts": delivery.attempts,
    }
