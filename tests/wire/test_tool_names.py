"""Names of tools that a vendor refuses, and back."""

from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import TextEnded, ToolCallStarted
from changeover.conversation.model import Tool
from changeover.wire.tool_names import FITTING, fitted, originals, replacement, turned_back


@given(st.text(min_size=1, max_size=100))
def test_any_name_is_written_as_one_that_fits_and_comes_back(name):
    written = fitted(name)
    assert FITTING.fullmatch(written)
    assert written == (name if FITTING.fullmatch(name) else replacement(name))
    called = ToolCallStarted(id="a", name=written)
    names = originals([Tool(name=name), Tool(name="other")])
    assert turned_back([called, TextEnded()], names) == [
        ToolCallStarted(id="a", name=name),
        TextEnded(),
    ]


def test_names_that_begin_alike_stay_apart():
    one, two = "a" * 80, "a" * 80 + "b"
    assert fitted(one) != fitted(two)


def test_without_tools_nothing_is_turned_back():
    events = [ToolCallStarted(id="a", name="now")]
    assert turned_back(list(events), originals(())) == events
