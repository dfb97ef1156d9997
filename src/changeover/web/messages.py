"""Messages to owners at the desk: prepared, edited, sent, and what became of each."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.messages.model import Letter
from changeover.messages.office import MessageOffice, ToldMessage
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS


class MessageParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `mail` tells whether a mail server is set up."""

    messages: MessageOffice
    office: Office
    clock: Clock
    mail: Callable[[], bool]
    demonstration: bool


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class PrepareMessage(_Body, frozen=True, kw_only=True):
    """What to tell of: a vendor, a model or an order, as it stands now or at an instant."""

    about: str
    at: str | None = None


class WriteMessage(_Body, frozen=True, kw_only=True):
    """A message's letters, and the version that the writer saw."""

    version: int
    letters: tuple[Letter, ...]


class MessageSeen(_Body, frozen=True, kw_only=True):
    """The version of a message that was seen."""

    version: int


class MessagesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every message, the newest first. `mail` is whether a mail server is set up."""

    demonstration: bool
    now: datetime
    zone: str
    mail: bool
    messages: tuple[ToldMessage, ...]


def operations(parts: MessageParts) -> list[Operation | Stream]:
    """`/desk/messages`."""
    desk = _Messages(parts)
    role, base = OFFICERS, "/desk/messages"
    one = base + "/{id}"
    return [
        Operation("GET", base, None, MessagesPage, role, desk.all, "Messages to owners."),
        Operation(
            "POST", base, PrepareMessage, ToldMessage, role, desk.prepare, "Prepare a message."
        ),
        Operation("GET", one, None, ToldMessage, role, desk.one, "A message and its deliveries."),
        Operation("PUT", one, WriteMessage, ToldMessage, role, desk.write, "Write its letters."),
        Operation(
            "POST", one + "/sending", MessageSeen, ToldMessage, role, desk.send, "Send a message."
        ),
        Operation(
            "POST",
            one + "/trying",
            Done,
            ToldMessage,
            role,
            desk.again,
            "Try again what could not be delivered.",
        ),
        Operation(
            "POST", one + "/removal", MessageSeen, ToldMessage, role, desk.remove, "Remove one."
        ),
        Operation(
            "POST",
            one + "/restoration",
            MessageSeen,
            ToldMessage,
            role,
            desk.restore,
            "Restore a message that was removed.",
        ),
    ]


class _Messages:
    """Each method answers one operation."""

    def __init__(self, parts: MessageParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> MessagesPage:
        return MessagesPage(
            demonstration=self._parts.demonstration,
            now=self._parts.clock.now(),
            zone=self._zone(),
            mail=self._parts.mail(),
            messages=tuple(self._parts.messages.all()),
        )

    def one(self, _: Caller, __: None, params: Params) -> ToldMessage:
        return self._parts.messages.get(params["id"])

    def prepare(self, caller: Caller, body: PrepareMessage, _: Params) -> ToldMessage:
        at = None if not body.at else read_instant(body.at, zone(self._zone()))
        return self._parts.messages.prepare(body.about, writer_of(caller), at=at)

    def write(self, caller: Caller, body: WriteMessage, params: Params) -> ToldMessage:
        by, messages = writer_of(caller), self._parts.messages
        return messages.write(params["id"], body.letters, by, seen=body.version)

    def send(self, caller: Caller, body: MessageSeen, params: Params) -> ToldMessage:
        return self._parts.messages.send(params["id"], writer_of(caller), seen=body.version)

    def again(self, _: Caller, __: Done, params: Params) -> ToldMessage:
        self._parts.messages.again(params["id"])
        return self._parts.messages.get(params["id"])

    def remove(self, caller: Caller, body: MessageSeen, params: Params) -> ToldMessage:
        return self._parts.messages.remove(params["id"], writer_of(caller), seen=body.version)

    def restore(self, caller: Caller, body: MessageSeen, params: Params) -> ToldMessage:
        return self._parts.messages.restore(params["id"], writer_of(caller), seen=body.version)

    def _zone(self) -> str:
        return self._parts.office.rules.current.directory.zone
