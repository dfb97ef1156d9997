from datetime import timedelta

import pytest

from changeover.basics.durations import is_duration, read_duration
from changeover.basics.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("1d12h5m", timedelta(days=1, hours=12, minutes=5)),
        ("0", timedelta(0)),
        ("0d", timedelta(0)),
    ],
)
def test_a_duration_is_read(text: str, expected: timedelta):
    assert is_duration(text)
    assert read_duration(text) == expected


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "1w", "1h2d", "1.5h", "2026-03-02", "7d\n"])
def test_what_is_no_duration_is_refused_in_words(text: str):
    assert not is_duration(text)
    with pytest.raises(InvalidInputError, match="12h"):
        read_duration(text)
