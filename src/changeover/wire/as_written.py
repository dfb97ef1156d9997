"""Requests that go on as they were written, told in one reading.

Most requests hold nothing that a passage must refuse, take out or look into. What they may
hold then is said as a shape in each protocol (`as_written.py`): what is of no concern is not
named, or is raw; what concerns has a type that only its harmless values have; objects in
which something might hide name all that they may hold, and no more. A body that decodes as
the shape needs no further look, and its bytes go on with the model's name replaced in their
midst. Any other is read field by field (`passing.py`), which alone says what is wrong.

A field may be written twice, and it is the vendor who chooses among the two. Each is
held against its type; a model's name that stands twice is not replaced (`renaming.py`).
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from msgspec import UNSET, Struct

from changeover.wire.passing import Fields


class NoFile(Struct, gc=False):
    """An object that holds no name of a stored file."""

    file_id: None = None


def beginning_with(body: bytes | None, first: bytes) -> bytes | None:
    """An object's bytes with another field before all others."""
    if body is None or not body.startswith(b"{"):
        return None
    return b"".join((b"{", first, b",", body[1:]))


def asking(names: Iterable[str]) -> Callable[[Any], bool]:
    """What tells of a shape whether one of these settings stands in it."""
    first, *others = names
    values = attrgetter(first, first, *others)  # of a single name it would give no tuple
    nothing = (UNSET, UNSET, *(UNSET for _ in others))
    return lambda asked: values(asked) != nothing


def settings_in(asked: Struct, names: Iterable[str]) -> Fields:
    """Those of these settings that stand in a shape, as they were written."""
    given = ((name, getattr(asked, name)) for name in names)
    return {name: value for name, value in given if value is not UNSET}
