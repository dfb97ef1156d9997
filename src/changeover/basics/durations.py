"""Durations as people write them: `7d`, `12h`, `30m`, `1d12h`, or `0`. A day is 24 hours."""

import re
from datetime import timedelta

from changeover.basics.errors import InvalidInputError

_FORM = re.compile(
    "0|(?=.)(?:(?P<days>[0-9]{1,5})d)?(?:(?P<hours>[0-9]{1,5})h)?(?:(?P<minutes>[0-9]{1,5})m)?"
)


def is_duration(text: str) -> bool:
    """Whether the text has the form of a duration."""
    return _FORM.fullmatch(text) is not None


def read_duration(text: str) -> timedelta:
    """The duration; `InvalidInputError` for a text that is none."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise InvalidInputError(
            f"{text[:40]!r} is not a duration.",
            do="Write days, hours and minutes, such as 7d, 12h, 30m or 1d12h; 0 is none.",
        )
    return timedelta(**{unit: int(count) for unit, count in form.groupdict(default="0").items()})
