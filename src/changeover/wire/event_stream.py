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
* A service writes the same few blocks of headers over and over, and equal bytes say equal
  headers: short blocks are read once and remembered, a bounded number of them, read-only.
  The sum of each message is checked all the same.
* Bytes that are left when the stream ends are the beginning of a message: `close` says so.

A service writes its headers as text only, so nothing else is written here.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

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
_REMEMBERED = 64
_SHORT_BLOCK = 512
_LITTLE = 4096

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
    """Bytes in any chunks to messages. `limit` bounds a whole message, in bytes."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._length = 0

    def feed(self, chunk: bytes) -> list[Message]:
        """The messages that `chunk` completes; `VendorProtocolError` where they cannot be."""
        return [read_message(whole) for whole in self.split(chunk)]

    def split(self, chunk: bytes) -> list[bytes]:
        """The same messages as the bytes that they are, of which only the lengths were read."""
        # Mostly a chunk is one message, which then needs no gathering.
        if not self._buffer and len(chunk) >= _PRELUDE.size:
            self._length = self._prelude(chunk, 0)
            if self._length == len(chunk):
                self._length = 0
                return [chunk]
        self._buffer += chunk
        messages: list[bytes] = []
        begin, have = 0, len(self._buffer)
        while self._length or have - begin >= _PRELUDE.size:
            if not self._length:
                self._length = self._prelude(self._buffer, begin)
            if have - begin < self._length:
                break
            end = begin + self._length
            messages.append(bytes(self._buffer[begin:end]))
            begin, self._length = end, 0
        del self._buffer[:begin]
        return messages

    def close(self) -> None:
        """Says that the stream ended; `VendorProtocolError` where that is within a message."""
        if self._buffer:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means=f"Its last {len(self._buffer)} bytes are the beginning of a message.",
            )

    def _prelude(self, given: bytes | bytearray, begin: int) -> int:
        """The whole length that the prelude at `begin` promises."""
        length, of_headers, checked = _PRELUDE.unpack_from(given, begin)
        if zlib.crc32(given[begin : begin + _LENGTHS.size]) != checked:
            raise _broken("the checksum of its lengths does not fit")
        if length > self._limit:
            raise EventTooLargeError(
                f"The vendor sent an event of more than {self._limit} bytes.",
                means="The answer cannot be read to its end.",
            )
        if of_headers > MOST_HEADERS or length < of_headers + _SMALLEST:
            raise _broken("its lengths cannot be")
        return int(length)


def read_message(whole: bytes) -> Message:
    """The message that `whole` is; the sum of its lengths was checked when it was split off."""
    end = len(whole) - _SUM.size
    (checked,) = _SUM.unpack_from(whole, end)
    # A copy of little is made faster than a view of it.
    summed = whole[:end] if end < _LITTLE else memoryview(whole)[:end]
    if zlib.crc32(summed) != checked:
        raise _broken("its checksum does not fit")
    _, of_headers = _LENGTHS.unpack_from(whole)
    begin = _PRELUDE.size + of_headers
    block = whole[_PRELUDE.size : begin]
    read = _remembered if of_headers <= _SHORT_BLOCK else _headers
    return Message(read(block), whole[begin:end])


def _headers(given: bytes) -> Mapping[str, Value]:
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
    return MappingProxyType(headers)


_remembered = lru_cache(_REMEMBERED)(_headers)


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
    return _framed(b"".join(_header(name, value) for name, value in headers.items()), payload)


def _framed(written: bytes, payload: bytes) -> bytes:
    """One message's bytes, whose headers are written."""
    length = _SMALLEST + len(written) + len(payload)
    lengths = _LENGTHS.pack(length, len(written))
    whole = b"".join((lengths, _SUM.pack(zlib.crc32(lengths)), written, payload))
    return whole + _SUM.pack(zlib.crc32(whole))


def _header(name: str, value: str) -> bytes:
    named, text = name.encode(), value.encode()
    return bytes((len(named),)) + named + struct.pack("!BH", _STRING, len(text)) + text


def encode_event(event: str, payload: bytes) -> bytes:
    """An event named `event`, whose payload is JSON."""
    return _framed(_headers_of_event(event), payload)


@lru_cache(_REMEMBERED)
def _headers_of_event(event: str) -> bytes:
    headers = {
        ":event-type": event,
        ":content-type": "application/json",
        ":message-type": "event",
    }
    return b"".join(_header(name, value) for name, value in headers.items())


def encode_exception(kind: str, payload: bytes) -> bytes:
    """The exception named `kind` that ends a stream, whose payload is JSON."""
    headers = {
        ":exception-type": kind,
        ":content-type": "application/json",
        ":message-type": "exception",
    }
    return encode_message(headers, payload)
