"""A turn's text, put together from what arrives and from what is stored of it."""

from changeover.chat.model import Delta, StoredEvent, StoredTurn
from changeover.chat.progress import Progress, grown
from changeover.conversation.events import ReasoningDelta, ReasoningStarted, TextDelta, unfold
from changeover.conversation.model import Reasoning, Reply, Sealed, Text, ToolCall
from tests.orders.worlds import day

TURN = StoredTurn(
    id="turn_1",
    conversation="conv_1",
    parent=None,
    role="assistant",
    created=day(1),
    state="generating",
    parts=(),
)


def test_a_call_of_a_tool_that_nobody_offered_is_told_among_the_losses():
    call = ToolCall(id="a", name="now", arguments="{}")
    parts = (Text(text="Let me see."), call, call)
    progress = Progress("turn_1")
    for event in unfold(Reply(id="v", model="m", parts=parts, stop="tool-use")):
        progress.take(event)
    assert progress.parts == (Text(text="Let me see."),)
    assert progress.seen(("seed",)).losses == ("seed", "tool_calls")


def test_a_piece_that_was_stored_twice_counts_once():
    pieces = [
        ("turn_1", "Hé😀", 0),
        ("turn_1", "Hé😀", 0),
        ("turn_0", "No", 0),
        ("turn_1", "😀y", 2),
    ]
    events = [
        StoredEvent(seq=seq, event=Delta(turn=turn, text=text, at=at))
        for seq, (turn, text, at) in enumerate(pieces, 1)
    ]
    assert grown(TURN, events).text == "Hé😀y"
    assert grown(TURN, []).parts == ()


def test_reasoning_is_kept_in_its_place_with_its_seal_and_shown_to_nobody():
    sealed = Sealed(form="signature", value="S", of="alpha/one")
    after = Sealed(form="thought", value="T", of="alpha/one", on="previous")
    parts = (
        Reasoning(text="Hm.", sealed=sealed),
        Text(text="Yes."),
        Reasoning(sealed=after),
        Text(text=" No."),
    )
    progress = Progress("turn_1")
    pieces = [progress.take(e) for e in unfold(Reply(id="v", model="m", parts=parts, stop="end"))]
    assert progress.parts == parts
    assert "".join(piece.text for piece in pieces if piece is not None) == "Yes. No."


def test_reasoning_that_was_broken_off_is_dropped():
    progress = Progress("turn_1")
    for event in (ReasoningStarted(), ReasoningDelta(text="Hm"), TextDelta(text="Yes.")):
        progress.take(event)
    assert progress.parts == (Text(text="Yes."),)
