from hypothesis import given
from hypothesis import strategies as st

from changeover.orders.uses import Use
from changeover.storage.calls import UseDay
from changeover.storage.use_signals import heard, told

NAMES = st.text(st.characters(codec="utf-8"), max_size=200)
DAYS = st.lists(st.builds(UseDay, NAMES, NAMES, NAMES, st.integers(0, 40_000)), max_size=60)


@given(DAYS)
def test_what_is_told_is_heard_whole_and_in_signals_that_fit(days: list[UseDay]):
    payloads = list(told(days))
    assert all(len(payload.encode()) < 8_000 for payload in payloads)
    found = [day for payload in payloads for day in heard(payload)]
    assert found == [(Use(d.service, d.purpose, d.maker), d.day) for d in days]
