from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import (
    Failed,
    Finished,
    Fold,
    Started,
    StreamError,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    fold,
    merge_usage,
    unfold,
)
from changeover.conversation.model import Text, ToolCall, Usage
from tests.strategies import any_events, replies, streams, usages


@given(replies())
def test_a_reply_is_the_fold_of_its_events(reply):
    assert fold(unfold(reply)) == reply


@given(streams())
def test_pieces_add_up_to_the_same_words_and_arguments(events):
    reply = fold(events)
    assert "".join(p.text for p in reply.parts if isinstance(p, Text)) == "".join(
        e.text for e in events if isinstance(e, TextDelta)
    )
    assert "".join(p.arguments for p in reply.parts if isinstance(p, ToolCall)) == "".join(
        e.json for e in events if isinstance(e, ToolInputDelta)
    )
    assert fold(unfold(reply)) == reply


@pytest.mark.parametrize("inner", [[], [ToolInputDelta(json="")]])
def test_a_call_whose_input_says_nothing_has_an_empty_object_for_arguments(inner):
    call = [ToolCallStarted(id="c", name="now"), *inner, ToolCallEnded()]
    reply = fold([Started(id="a", model="m"), *call, Finished(stop="tool-use")])
    assert reply.parts == (ToolCall(id="c", name="now", arguments="{}"),)


@given(streams(), st.data())
def test_an_answer_cut_short_is_no_reply(events, data):
    kept = data.draw(st.integers(0, len(events) - 1))
    with pytest.raises(StreamError):
        fold(events[:kept])


@given(streams(), any_events)
def test_nothing_follows_the_end(events, extra):
    with pytest.raises(StreamError, match="after the end"):
        fold([*events, extra])


KINDS = (
    (TextStarted, TextDelta, TextEnded),
    (ToolCallStarted, ToolInputDelta, ToolCallEnded),
)
OPENING = TextStarted | ToolCallStarted
PIECE = TextDelta | ToolInputDelta
CLOSING = TextEnded | ToolCallEnded


def well_formed(events) -> bool:
    """The order of the module's docstring, said in another way: by neighbours."""
    inside = [e for e in events if isinstance(e, OPENING | PIECE | CLOSING)]
    order: set[tuple[type, type]] = set()
    for begun, piece, ended in KINDS:
        order |= {(begun, piece), (begun, ended), (piece, piece), (piece, ended)}
        order |= {(ended, other) for other, _, _ in KINDS}
    ends = [i for i, e in enumerate(events) if isinstance(e, Finished | Failed)]
    starts = [i for i, e in enumerate(events) if isinstance(e, Started)]
    return (
        starts == [0]
        and ends == [len(events) - 1]
        and isinstance(events[-1], Finished)
        and (not inside or (isinstance(inside[0], OPENING) and isinstance(inside[-1], CLOSING)))
        and all((type(a), type(b)) in order for a, b in pairwise(inside))
    )


INNER = [
    TextStarted(),
    TextDelta(text="x"),
    TextEnded(),
    ToolCallStarted(id="c", name="f"),
    ToolInputDelta(json="{}"),
    ToolCallEnded(),
]
ends = st.builds(Finished, stop=st.just("end")) | st.builds(
    Failed, kind=st.just("x"), message=st.just("y")
)


@given(
    st.lists(any_events, max_size=6)
    | st.builds(
        lambda middle, end: [Started(id="a", model="m"), *middle, end],
        st.lists(st.sampled_from(INNER), max_size=4),
        ends,
    )
)
def test_exactly_the_well_formed_streams_fold(events):
    if well_formed(events):
        assert fold(events).stop == events[-1].stop
    else:
        with pytest.raises(StreamError):
            fold(events)


def test_a_failure_may_come_first_and_ends_the_fold():
    folding = Fold()
    folding.add(Failed(kind="overloaded_error", message="Later."))
    assert folding.done
    with pytest.raises(StreamError, match="not whole"):
        folding.reply()


@given(usages(), usages())
def test_a_later_figure_replaces_and_an_absent_one_leaves(old, new):
    merged = merge_usage(old, new)
    for field in Usage.__struct_fields__:
        later = getattr(new, field)
        assert getattr(merged, field) == (getattr(old, field) if later is None else later)
