"""What processes tell each other of conversations."""

import pytest

from changeover.basics.ids import new_id
from changeover.chat.elsewhere import Grown, Stop, heard, payload, payloads


def test_what_is_told_is_heard():
    for told in (Grown(start="s", conversations=("a", "b")), Stop(conversation="a", turn="t")):
        assert heard(payload(told)) == told


def test_many_conversations_are_told_of_in_signals_that_can_be_sent():
    names = {new_id("conv") for _ in range(1001)}
    told = list(payloads(new_id("start"), names))
    assert max(len(each.encode()) for each in told) < 8000
    grown = [each for each in map(heard, told) if isinstance(each, Grown)]
    assert sorted(name for each in grown for name in each.conversations) == sorted(names)
    assert list(payloads("s", ())) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"told":"something newer"}', '{"told":"stop"}'])
def test_what_is_not_understood_counts_as_missed(text: str):
    assert heard(text) is None
