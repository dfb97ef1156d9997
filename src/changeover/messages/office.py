"""Messages to owners as officers handle them: prepared, edited, sent, sent again.

Sending queues a delivery for each letter and channel in the unit of work that keeps the
message as sent; `sending.py` takes them from there. What was sent is not edited.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol, cast

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.ids import new_id
from changeover.basics.text import Bilingual
from changeover.messages.model import Channel, Delivery, Letter, Message
from changeover.messages.ports import Deliveries
from changeover.messages.writing import prepare
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import Work, Works
from changeover.orders.ruleset import Ruleset
from changeover.orders.usecases import Office

_LONGEST = 20_000


class DeliveryWork(Protocol):
    """A unit of work on deliveries."""

    @property
    def deliveries(self) -> Deliveries: ...


class ToldMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it stands, with its deliveries."""

    id: str
    version: int
    changed: datetime
    changed_by: str
    removed: bool
    message: Message
    deliveries: tuple[Delivery, ...]


class MessageOffice:
    """`machine` is the machine's clock: letters leave by it, whatever a scenario's says."""

    def __init__(self, works: Works, office: Office, clock: Clock, machine: Clock) -> None:
        self._works = works
        self._office = office
        self._clock = clock
        self._machine = machine
        self._folder = Folder(works, clock, "message", Message)

    def all(self) -> list[ToldMessage]:
        """Every message that was not removed, the newest first."""
        with self._works.reading() as work:
            deliveries = deliveries_of(work).of()
        return [
            self._told(kept, [d for d in deliveries if d.message == kept.id])
            for kept in reversed(self._folder.all())
        ]

    def get(self, name: str) -> ToldMessage:
        """One message; `NotFoundError`."""
        with self._works.reading() as work:
            deliveries = deliveries_of(work).of(name)
        return self._told(self._folder.get(name), deliveries)

    def prepare(self, about: str, by: Writer, *, at: datetime | None = None) -> ToldMessage:
        """Prepares a message about a vendor, model or order; `NotFoundError`."""
        ruleset = self._office.rules.current
        when = at or self._clock.now()
        message = prepare(ruleset, about, _title(ruleset, about), when, by.name)
        return self._told(self._folder.begin(message, by), ())

    def write(self, name: str, letters: Sequence[Letter], by: Writer, *, seen: int) -> ToldMessage:
        """Writes the letters anew; `OvertakenError`, `ConflictError` once it was sent."""
        message = self._unsent(name)
        _check(letters)
        changed = msgspec.structs.replace(message, letters=tuple(letters))
        return self._told(self._folder.write(name, changed, by, seen=seen), ())

    def send(self, name: str, by: Writer, *, seen: int) -> ToldMessage:
        """Sends every letter; raises as `write`, `InvalidInputError` where there is none."""
        message, now = self._unsent(name), self._machine.now()
        if not message.letters:
            raise InvalidInputError(
                "The message has no letter.",
                means="Nothing was sent.",
                do="Name contacts for the services in the directory, and prepare it anew.",
            )
        deliveries = list(_deliveries(name, message.letters, now))
        sent = msgspec.structs.replace(message, sent=now)
        kept = self._folder.write(
            name,
            sent,
            by,
            seen=seen,
            beside=lambda work: deliveries_of(work).add(deliveries),
        )
        return self._told(kept, deliveries)

    def again(self, name: str) -> int:
        """Queues the failed deliveries of a message anew; how many."""
        self._folder.get(name)
        with self._works.begin() as work:
            return deliveries_of(work).queue_again(name, self._machine.now())

    def remove(self, name: str, by: Writer, *, seen: int) -> ToldMessage:
        """Removes a message that was not sent."""
        self._unsent(name)
        return self._told(self._folder.remove(name, by, seen=seen), ())

    def restore(self, name: str, by: Writer, *, seen: int) -> ToldMessage:
        """Undoes a removal."""
        return self._told(self._folder.restore(name, by, seen=seen), ())

    def _unsent(self, name: str) -> Message:
        message = self._folder.get(name).value
        if message is None or message.sent is not None:
            raise ConflictError(
                f"The message {name} was {'removed' if message is None else 'sent'} already.",
                means="It is not changed any more.",
                do="Prepare another.",
            )
        return message

    def _told(self, kept: Kept[Message], deliveries: Sequence[Delivery]) -> ToldMessage:
        message = kept.value
        if message is None:
            held = [one.value for one in self._folder.versions(kept.id) if one.value is not None]
            message = held[-1]
        return ToldMessage(
            id=kept.id,
            version=kept.version,
            changed=kept.at,
            changed_by=kept.by,
            removed=kept.value is None,
            message=message,
            deliveries=tuple(deliveries),
        )


def deliveries_of(work: Work) -> Deliveries:
    """The deliveries of a unit of work: the storage's serve all offices."""
    return cast(DeliveryWork, work).deliveries


def _deliveries(message: str, letters: Sequence[Letter], now: datetime) -> Iterator[Delivery]:
    for place, letter in enumerate(letters):
        ways: tuple[tuple[Channel, str | None], ...] = (
            ("mail", letter.contact.email),
            ("webhook", letter.contact.webhook),
        )
        for channel, to in ways:
            if to is not None:
                yield Delivery(
                    id=new_id("delivery"),
                    message=message,
                    place=place,
                    channel=channel,
                    to=to,
                    state="queued",
                    attempts=0,
                    due=now,
                    said="",
                    changed=now,
                )


def _check(letters: Sequence[Letter]) -> None:
    for letter in letters:
        texts = (letter.subject.en, letter.subject.fr, letter.text.en, letter.text.fr)
        if not all(text.strip() for text in texts):
            raise InvalidInputError(
                f"The letter to {letter.contact.name} lacks words in a language.",
                means="Nothing was written.",
                do="Write its subject and text in English and French.",
            )
        if any(len(text) > _LONGEST for text in texts):
            raise InvalidInputError(
                f"The letter to {letter.contact.name} is longer than {_LONGEST} characters.",
                means="Nothing was written.",
                do="Shorten it.",
            )


def _title(ruleset: Ruleset, name: str) -> Bilingual:
    directory = ruleset.directory
    if name in ruleset.issued:
        return ruleset.issued[name].instrument.title
    if name in directory.vendors:
        return directory.vendors[name].name
    model = directory.models.get(name)
    text = name if model is None else model.name
    return Bilingual(en=text, fr=text)
