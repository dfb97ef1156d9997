"""Which instruments have ended, whenever it is asked."""

import pytest

from changeover.orders.endings import ended
from changeover.orders.model import Act, Rescind, Stay, Vacate
from tests.orders.answers import act
from tests.orders.worlds import day, issued, order

ENDING = act("e", Rescind(instruments=("o",)), at=10)


@pytest.mark.parametrize(
    ("on_the_ending", "gone"),
    [
        (None, {"o"}),
        (Vacate(instruments=("e",)), {"e"}),
        (Stay(instruments=("e",)), set()),
        (Stay(instruments=("e",), until=day(40)), {"o"}),
        (Stay(instruments=("e",), parties=("state",)), {"o"}),
        (Rescind(instruments=("e",)), {"e", "o"}),
    ],
)
def test_what_was_ended_and_was_not_revived(on_the_ending: Act | None, gone: set[str]):
    later = () if on_the_ending is None else (act("l", on_the_ending, at=20),)
    assert ended(issued(i) for i in (order("o"), ENDING, *later)) == gone
