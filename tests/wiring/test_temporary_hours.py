"""How long temporary conversations last, as the environment sets it."""

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.wiring.temporary_hours import read_hours


@pytest.mark.parametrize(("text", "hours"), [(None, 24), ("", 24), ("0", 0), ("72", 72)])
def test_the_setting_is_a_number_of_hours(text: str | None, hours: int):
    assert read_hours(text) == hours


@pytest.mark.parametrize("text", ["off", "-1", "1.5", "8761", "²"])
def test_what_is_no_number_of_hours_is_refused(text: str):
    with pytest.raises(InvalidInputError, match="no number of hours"):
        read_hours(text)
