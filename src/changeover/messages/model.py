"""Messages to owners, and their deliveries."""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.directory.model import Contact

Channel = Literal["mail", "webhook"]
DeliveryState = Literal["queued", "sending", "sent", "kept", "failed"]
"""`kept` is in a demonstration's outbox: nothing left."""

TRIES = 6
"""How often a delivery is tried before it counts as failed."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What one contact is told, in both languages, of the services that they answer for."""

    contact: Contact
    services: tuple[str, ...]
    subject: Bilingual
    text: Bilingual


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a message.

    `about` is the vendor, model or order that it tells of, `unreached` the services that it
    touches and nobody is named for. `sent` is when it was sent, by the machine's clock.
    """

    about: str
    letters: tuple[Letter, ...]
    unreached: tuple[str, ...] = ()
    sent: datetime | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A letter on its way by one channel.

    `place` is the letter's in its message. `due` is when it is tried next, or while it is
    sent, when another may try. `said` is what the other side answered last. Instants are
    the machine's.
    """

    id: str
    message: str
    place: int
    channel: Channel
    to: str
    state: DeliveryState
    attempts: int
    due: datetime
    said: str
    changed: datetime


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with the letter that it carries."""

    delivery: Delivery
    letter: Letter
    about: str


class Answered(msgspec.Struct, frozen=True):
    """What became of a try: `state`, what was said, and whether trying again may help."""

    state: Literal["sent", "kept", "failed"]
    said: str
    again: bool = False
