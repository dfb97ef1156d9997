"""Lines and JSON of a file, with errors that say where."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, TypeVar

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.instants import microseconds

_LONGEST_LINE = 4 * 1024 * 1024
_LARGEST_JSON = 512 * 1024 * 1024
T = TypeVar("T")
W = TypeVar("W")


class File:
    """A file that is read once, from its beginning."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self.name = name

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Its lines that are not empty, with their numbers."""
        number = 0
        while line := self._stream.readline(_LONGEST_LINE):
            number += 1
            if len(line) == _LONGEST_LINE:
                raise self.damaged(number, "it is longer than any such line")
            if line.strip():
                yield number, line.rstrip(b"\r\n")

    def json(
        self, whole: type[W], each: type[T], of: Callable[[W], Iterable[T]]
    ) -> Iterator[tuple[int, T]]:
        """The values in one value of JSON, or one on each line."""
        body = self._stream.read(_LARGEST_JSON + 1)
        if len(body) > _LARGEST_JSON:
            raise InvalidInputError(
                f"{self.name} is one value of JSON of over {_LARGEST_JSON // 2**20} MB.",
                means="Nothing was counted.",
                do="Divide it into files of a day each.",
            )
        decoder = msgspec.json.Decoder(each)
        lines = [line for line in body.split(b"\n", 2) if line.strip()]
        if len(lines) > 1 and _is_json(lines[0]):
            for number, line in enumerate(body.split(b"\n"), start=1):
                if line.strip():
                    yield number, self.decoded(decoder, number, line)
            return
        try:
            found = msgspec.json.decode(body, type=whole)
        except msgspec.DecodeError as error:
            if not _is_json(body) or whole is each:
                raise self.damaged(1, str(error)) from error
            yield 1, self.decoded(decoder, 1, body)
            return
        for one in of(found):
            yield 1, one

    def decoded(self, decoder: msgspec.json.Decoder[T], number: int, line: bytes) -> T:
        """A line's value; an error that says where it is damaged."""
        try:
            return decoder.decode(line)
        except msgspec.DecodeError as error:
            raise self.damaged(number, str(error)) from error

    def instant(self, number: int, text: str) -> int:
        """An instant of RFC 3339, in microseconds; a day alone is its beginning in UTC."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise self.damaged(number, f"{text!r} is not an instant") from error
        return microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def damaged(self, number: int, why: str) -> InvalidInputError:
        return InvalidInputError(
            f"{self.name} is damaged at line {number}: {why}.",
            means="Nothing was counted: a count with lines left out would mislead.",
            do="Export it again, or say what it is with --kind.",
        )


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True
