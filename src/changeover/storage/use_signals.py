"""Uses that calls show for the first time, told to every process that compiles rules.

A use that one replica recorded is an existing one for all of them. Each is told
once for its day, so these signals are few however many calls there are.
"""

from collections.abc import Iterator, Sequence

import msgspec

from changeover.orders.uses import Use
from changeover.storage.calls import UseDay

# A signal holds under 8,000 bytes.
_LONGEST = 7_000
_decoder = msgspec.json.Decoder(list[tuple[str, str, str, int]])


def told(days: Sequence[UseDay]) -> Iterator[str]:
    """The payloads that tell of them."""
    some: list[UseDay] = []
    size = 0
    for day in days:
        length = len(msgspec.json.encode(day)) + 1
        if some and size + length > _LONGEST:
            yield msgspec.json.encode(some).decode()
            some, size = [], 0
        some.append(day)
        size += length
    if some:
        yield msgspec.json.encode(some).decode()


def heard(payload: str) -> list[tuple[Use, int]]:
    """The uses that a payload tells of, with their UTC days."""
    told = _decoder.decode(payload)
    return [(Use(service, purpose, maker), day) for service, purpose, maker, day in told]
