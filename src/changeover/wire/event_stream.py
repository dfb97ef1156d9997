"""AWS's event stream: binary messages over one response (`application/vnd.amazon.eventstream`).

Source: the Smithy specification, "Amazon Event Stream", and the reference of Amazon
Transcribe, "Event stream encoding". A message is

* its whole length and the length of its headers, four bytes each, and the CRC-32 of
  these eight bytes: the prelude;
* the headers: one byte for the length of a name, the name, one byte for the type of
  the value, the value; integers are big-endian and signed, text and bytes are preceded
  by two bytes for their length;
* the payload, and the CRC-32 of all bytes of the message before it.

Rules:

* The bytes may be cut anywhere. Each byte is looked at once for its message and once
  for the sums, so the cost is linear in the bytes however they are cut.
* A sum that does not fit, a length that cannot be, a header that does not end where the
  headers do, or that comes twice, is a vendor's error: what follows has no beginning
  that could be found.
* A length beyond the limit is refused as soon as it is read, before the bytes come.
* Bytes that are left when the stream ends are the beginning of a message: `close` says so.

A service writes its headers as text only, so nothing else is written here.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import msgspec

from changeover.wire.errors import EventTooLargeError, VendorProtocolError

MEDIA_TYPE = "application/vnd.amazon.eventstream"
DEFAULT_LIMIT = 24 * 1024 * 1024
"""Bytes of a message: what AWS's own SDKs take of a payload."""
MOST_HEADERS = 128 * 1024

_PRELUDE = struct.Struct("!III")
_SUM = struct.Struct("!I")
_LENGTHS = struct.Struct("!II")
_SMALLEST = _PRELUDE.size + _SUM.size
_STRING = 7

Value = bool | int | bytes | str


class Message(msgspec.Struct, frozen=True):
    """One message. A timestamp is given in milliseconds since 1970, a UUID as its bytes."""

    headers: Mapping[str, Value]
    payload: bytes

    def text(self, name: str) -> str:
        """The header `name`, empty where it is absent or no text."""
        value = self.headers.get(name, "")
        return value if isinstance(value, str) else ""


class MessageParser:
    """Bytes in any chunks to messages. `limit` bounds a whole message, in bytes.

    The messages of an answer have few headers that differ, so the last ones are kept as read.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._kept: list[bytes] = []
        self._have = 0
        self._wanted = _PRELUDE.size
        self._written = b""
        self._headers: Mapping[str, Value] = {}

    def feed(self, chunk: bytes) -> list[Message]:
        """The messages that `chunk` completes; `VendorProtocolError` where they cannot be."""
        messages: list[Message] = []
        if self._kept:
            self._kept.append(chunk)
            self._have += len(chunk)
            if self._have < self._wanted:
                return messages
            chunk = b"".join(self._kept)
        begin, have = 0, len(chunk)
        while (left := have - begin) >= _PRELUDE.size:
            length, of_headers, checked = _PRELUDE.unpack_from(chunk, begin)
            self._check(chunk[begin : begin + _LENGTHS.size], length, of_headers, checked)
            if left < length:
                self._wanted = length
                break
            messages.append(self._read(chunk, begin, begin + length, of_headers))
            begin += length
            self._wanted = _PRELUDE.size
        self._have = left
        self._kept = [chunk[begin:]] if left else []
        return messages

    def close(self) -> None:
        """Says that the stream ended; `VendorProtocolError` where that is within a message."""
        if self._kept:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means=f"Its last {self._have} bytes are the beginning of a message.",
            )

    def _check(self, lengths: bytes, length: int, of_headers: int, checked: int) -> None:
        """Whether a prelude is one."""
        if zlib.crc32(lengths) != checked:
            raise _broken("the checksum of its lengths does not fit")
        if length > self._limit:
            raise EventTooLargeError(
                f"The vendor sent an event of more than {self._limit} bytes.",
                means="The answer cannot be read to its end.",
            )
        if of_headers > MOST_HEADERS or length < of_headers + _SMALLEST:
            raise _broken("its lengths cannot be")

    def _read(self, chunk: bytes, begin: int, end: int, of_headers: int) -> Message:
        """The message that stands there; its prelude is checked already."""
        last = end - _SUM.size
        if zlib.crc32(chunk[begin:last]) != _SUM.unpack_from(chunk, last)[0]:
            raise _broken("its checksum does not fit")
        payload = begin + _PRELUDE.size + of_headers
        written = chunk[begin + _PRELUDE.size : payload]
        if written != self._written:
            self._headers = _headers(written)
            self._written = written
        return Message(self._headers, chunk[payload:last])


def _headers(given: bytes) -> dict[str, Value]:
    headers: dict[str, Value] = {}
    at = 0
    try:
        while at < len(given):
            name, at = _sized(given, at + 1, given[at])
            kind, at = given[at], at + 1
            value, at = _VALUES[kind](given, at)
            written = name.decode()
            if not written or written in headers:
                raise _broken("a header has no name, or that of another")
            headers[written] = value
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise _broken("its headers cannot be read") from error
    return headers


def _sized(given: bytes, at: int, size: int) -> tuple[bytes, int]:
    """The next `size` bytes and what follows them; `IndexError` where there are fewer."""
    if at + size > len(given):
        raise IndexError
    return given[at : at + size], at + size


def _bytes(given: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from("!H", given, at)
    return _sized(given, at + 2, size)


def _string(given: bytes, at: int) -> tuple[str, int]:
    value, after = _bytes(given, at)
    return value.decode(), after


def _integer(form: str) -> Callable[[bytes, int], tuple[int, int]]:
    packed = struct.Struct(form)

    def read(given: bytes, at: int) -> tuple[int, int]:
        return packed.unpack_from(given, at)[0], at + packed.size

    return read


# By the number of the type.
_VALUES: tuple[Callable[[bytes, int], tuple[Value, int]], ...] = (
    lambda _, at: (True, at),
    lambda _, at: (False, at),
    _integer("!b"),
    _integer("!h"),
    _integer("!i"),
    _integer("!q"),
    _bytes,
    _string,
    _integer("!q"),
    lambda given, at: _sized(given, at, 16),
)


def _broken(why: str) -> VendorProtocolError:
    return VendorProtocolError(
        f"The vendor sent an event that cannot be read: {why}.",
        means="Nothing that follows it can be read.",
    )


def encode_message(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One message's bytes, with headers of text."""
    return _message(_written(headers), payload)


def _written(headers: Mapping[str, str]) -> bytes:
    return b"".join(_header(name, value) for name, value in headers.items())


def _message(written: bytes, payload: bytes) -> bytes:
    length = _SMALLEST + len(written) + len(payload)
    lengths = _LENGTHS.pack(length, len(written))
    whole = b"".join((lengths, _SUM.pack(zlib.crc32(lengths)), written, payload))
    return whole + _SUM.pack(zlib.crc32(whole))


def _header(name: str, value: str) -> bytes:
    named, text = name.encode(), value.encode()
    return bytes((len(named),)) + named + struct.pack("!BH", _STRING, len(text)) + text


def encode_event(event: str, payload: bytes) -> bytes:
    """An event named `event`, whose payload is JSON."""
    return _message(_of_event(event), payload)


@lru_cache(maxsize=16)
def _of_event(event: str) -> bytes:
    """An event's headers as bytes; there are few names."""
    headers = {
        ":event-type": event,
        ":content-type": "application/json",
        ":message-type": "event",
    }
    return _written(headers)


def encode_exception(kind: str, payload: bytes) -> bytes:
    """The exception named `kind` that ends a stream, whose payload is JSON."""
    headers = {
        ":exception-type": kind,
        ":content-type": "application/json",
        ":message-type": "exception",
    }
    return encode_message(headers, payload)
