"""The other half of a codec: both sides speak its protocol, so bytes pass through.

A request goes on as its client wrote it, and an answer as its vendor wrote it. Fields and
events that nobody here knows survive. Changed are only:

* the model's name: the route's own towards the vendor, the model's here towards the client.
  The answer keeps the vendor's id;
* what vendors seal: unwrapped towards who made it, wrapped towards the client. What is not
  ours, or not of this route, is taken out with all that cannot stand without it, and told;
* what the decision requires. It is about one model, so whatever names another one is
  refused by name. What would live on at the vendor is not kept there: the next call may be
  another vendor's. What refers to such state is refused by name.

Tools that the vendor runs pass, and so does all that only one vendor knows. A conversation
that has been elsewhere may need more than this, such as ids of another form, and a program
that was written for another model may ask what this one refuses. Then the passage declines,
and the request is translated like any other.

Of an answer a light reader sees who served, the counts and the end. It looks only into
frames in which one of a few marks stands. JSON escapes quotation marks within text, so that
a mark with one is found in names and short values, and never in what the model said.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Protocol

import msgspec

from changeover.conversation.events import Event
from changeover.conversation.model import Loss, Sealed
from changeover.directory.model import Dialect
from changeover.directory.model import Protocol as WireProtocol
from changeover.wire.errors import ProtocolError
from changeover.wire.shapes import UNREADABLE, object_from_client, shape_from_client

Fields = dict[str, msgspec.Raw]
"""An object's own fields, each as it was written."""

_fields = msgspec.json.Decoder(Fields)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)
_FORMS = {b"true": True, b"false": False, b"null": False}
encode = msgspec.json.Encoder().encode

KEPT_THERE = "State that one vendor holds cannot be reached from another."
ANOTHER_MODEL = "It is decided which model may be called, and this names another."


class RouteSeals(Protocol):
    """What vendors seal, for one route."""

    def opened(self, value: str, words: str) -> str | None:
        """The vendor's own value of one that a client sent back; None if it must not go there."""
        ...

    def unsealed(self, value: str, words: str) -> Sealed | None:
        """The same with its form, where the protocol writes each form in a place of its own."""
        ...

    def wrapped(self, sealed: Sealed, words: str) -> str:
        """The value as a client gets it."""
        ...


class Towards(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request goes: the route's name of the model, our own, and its seals."""

    model: str
    shown: str
    seals: RouteSeals


class Passed(msgspec.Struct, frozen=True):
    """Bytes for the client, and what the light reader saw in them."""

    data: bytes
    told: tuple[Event, ...] = ()


class PassingReader(Protocol):
    """One answer on its way through."""

    def whole(self, body: bytes) -> Passed:
        """A whole answer; `VendorProtocolError` if it is none."""
        ...

    def feed(self, data: bytes) -> Passed | bytes:
        """The whole frames that `data` completes; `VendorProtocolError` when they cannot be.

        Plain bytes hold nothing to be told.
        """
        ...

    def left(self) -> tuple[Event, ...]:
        """What can still be told of an answer that was left before its end."""
        ...

    def close(self) -> None:
        """`VendorProtocolError` if the response ended before its answer did."""
        ...

    def broken(self, kind: str, message: str, request_id: str) -> bytes:
        """The frame that tells a client of an answer that breaks off here."""
        ...


class Outbound(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A request as it goes out, what of it does not, and how its answer is read."""

    body: bytes
    towards: Towards
    reading: Callable[[Towards], PassingReader]
    target: str = ""
    losses: tuple[Loss, ...] = ()

    @cached_property
    def answer(self) -> PassingReader:
        """Who reads the answer; there is but one."""
        return self.reading(self.towards)


class PassingRequest(Protocol):
    """A request in its client's own bytes, of which no more was read than must be known."""

    @property
    def model(self) -> str: ...

    @property
    def stream(self) -> bool: ...

    def outbound(self, towards: Towards) -> Outbound | None:
        """The request for a route; None where it needs to be translated."""
        ...


class Passage(Protocol):
    """One protocol, through."""

    @property
    def protocol(self) -> WireProtocol: ...

    @property
    def headers(self) -> frozenset[str]:
        """The names of the client's headers that say what its body means, in lower case."""
        ...

    def read(self, body: bytes, target: str) -> PassingRequest:
        """What is asked for; `ProtocolError` where it cannot be told or must be refused."""
        ...


class Passages(Protocol):
    """The passage of a protocol as a host speaks it, where there is one."""

    def __call__(
        self, protocol: WireProtocol, dialect: Dialect | None = None
    ) -> Passage | None: ...


# For the passages of protocols


def fields_of(body: bytes) -> Fields:
    """A request's own fields; `ProtocolError`."""
    try:
        return _fields.decode(body)
    except UNREADABLE:
        object_from_client(body)  # which says what is wrong
        raise


# The escapes of the letters that names are made of.
_ESCAPED = re.compile(rb"\\u00[2-7]")
_BACKSLASH = ord("\\")


def holds(body: bytes, mark: bytes) -> bool:
    """Whether a mark stands in bytes. From the end: the language's search is fastest so."""
    return body.rfind(mark) >= 0


def is_escaped(body: bytes) -> bool:
    """Whether letters are escaped in JSON, so that names may stand there in disguise.

    Mostly there is no backslash at all, and a byte's number is what is searched for fastest.
    """
    return _BACKSLASH in body and holds(body, b"\\u00") and _ESCAPED.search(body) is not None


def may_hold(body: bytes, mark: bytes) -> bool:
    """Whether a name may stand in JSON, as the mark writes it or with letters that are escaped."""
    return holds(body, mark) or is_escaped(body)


class _Asked(msgspec.Struct):
    model: str
    stream: bool | None = None


def asked_in(fields: Fields) -> tuple[str, bool]:
    """The model's name and whether a stream is wanted; `ProtocolError`."""
    try:
        model, stream = _text.decode(fields["model"]), fields.get("stream")
        return model, False if stream is None else _FORMS[bytes(stream)]
    except (KeyError, *UNREADABLE):
        pass
    given = {name: fields[name] for name in ("model", "stream") if name in fields}
    read = shape_from_client(object_from_client(encode(given)), _Asked)
    return read.model, bool(read.stream)


def inner(raw: msgspec.Raw | None) -> Fields | None:
    """The fields of an object within; None for anything else."""
    try:
        return None if raw is None else _fields.decode(raw)
    except UNREADABLE:
        return None


def listed(raw: msgspec.Raw | None) -> list[msgspec.Raw]:
    """The members of a list within; none for anything else."""
    try:
        return [] if raw is None else _list.decode(raw)
    except UNREADABLE:
        return []


def text_of(raw: msgspec.Raw | None) -> str:
    """A text within; empty for anything else."""
    try:
        return "" if raw is None else _text.decode(raw)
    except UNREADABLE:
        return ""


def value_of(raw: msgspec.Raw | None) -> Any:
    """A value within, whatever it is; None for what cannot be read."""
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except UNREADABLE:
        return None


def written(value: Any) -> msgspec.Raw:
    """A value as one of an object's fields."""
    return msgspec.Raw(encode(value))


@lru_cache(maxsize=512)
def named(model: str) -> msgspec.Raw:
    """A model's name as one of an object's fields; those of routes come with every call."""
    return written(model)


NULL = msgspec.Raw(b"null")


def is_given(raw: msgspec.Raw | None) -> bool:
    """Whether a field says anything: null is as absent, and so are empty lists and objects."""
    return raw is not None and bytes(raw) not in {b"null", b"[]", b"{}", b"false", b'""'}


def refuse(field: str, why: str, do: str = "Leave it out.") -> ProtocolError:
    """The refusal of a field."""
    return ProtocolError(f"The field {field} is not supported here.", field=field, means=why, do=do)


def refuse_all(given: Mapping[str, msgspec.Raw], table: Mapping[str, str]) -> None:
    """Refuses what of a table is given; the table says why."""
    if table.keys().isdisjoint(given):
        return
    for name in table.keys() & given.keys():
        if is_given(given[name]):
            raise refuse(name, table[name])


_CALLED = frozenset({"input", "input_schema", "arguments", "args", "parameters", "schema"})


def refuse_within(value: Any, names: Sequence[str], place: str) -> None:
    """Refuses a field of these names that holds a text, however deep; not in a call's input."""
    match value:
        case dict():
            for name, held in value.items():
                if name in names and isinstance(held, str):
                    raise refuse(f"{place}.{name}", KEPT_THERE, "Send what it holds instead.")
                if name not in _CALLED:
                    refuse_within(held, names, f"{place}.{name}")
        case list():
            for index, held in enumerate(value):
                refuse_within(held, names, f"{place}[{index}]")
        case _:
            pass
