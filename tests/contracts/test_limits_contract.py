from datetime import timedelta

import msgspec

from tests.contracts.conftest import Ports
from tests.metering.worlds import NOW, limit

BUDGET = limit(10**15)
TOKENS = limit(50_000, "tokens", "minute", "key", "abcd")


def test_limits_come_back_by_their_names(ports: Ports):
    assert ports.limits.standing() == []
    ports.limits.set(BUDGET)
    ports.limits.set(TOKENS)
    assert ports.limits.standing() == [TOKENS, BUDGET]


def test_a_limit_takes_the_place_of_one_of_its_sort_alone(ports: Ports):
    ports.limits.set(BUDGET)
    daily = limit(10**14, period="day")
    ports.limits.set(daily)
    raised = msgspec.structs.replace(
        BUDGET, amount=2 * 10**15, set_by="ben", set_at=NOW + timedelta(days=1)
    )
    ports.limits.set(raised)
    assert ports.limits.standing() == [daily, raised]


def test_what_is_lifted_stands_no_more_and_can_be_set_again(ports: Ports):
    ports.limits.set(BUDGET)
    ports.limits.set(TOKENS)
    ports.limits.lift(BUDGET, by="ben", at=NOW)
    assert ports.limits.standing() == [TOKENS]
    ports.limits.set(BUDGET)
    assert ports.limits.standing() == [TOKENS, BUDGET]
