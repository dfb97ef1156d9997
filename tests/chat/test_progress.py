"""A turn's text, put together from what arrives and from what is stored of it."""

from changeover.chat.model import Delta, StoredEvent, StoredTurn
from changeover.chat.progress import Progress, grown
from changeover.conversation.events import unfold
from changeover.conversation.model import Reply, Text, ToolCall
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
