"""What an answer continues is not said again."""

from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import (
    Event,
    Finished,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
)
from changeover.conversation.model import ChatRequest, Text, Turn
from changeover.wire.echo import Unechoed, continued
from tests.strategies import pieces, some_words

SAID = Turn(role="assistant", parts=(Text(text="It"), Text(text=" is")))


def test_the_words_of_a_turn_to_continue():
    request = ChatRequest(model="m", system=(), turns=(SAID,), prefill=True)
    assert continued(request) == "It is"
    assert continued(ChatRequest(model="m", system=(), turns=(SAID,))) == ""


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def through(unechoed: Unechoed, words: list[str]) -> list[Event]:
    events: list[Event] = [Started(id="a", model="m"), TextStarted()]
    events += [TextDelta(text=one) for one in words]
    events += [TextEnded(), TextStarted(), TextDelta(text="It is"), TextEnded()]
    return [one for event in (*events, Finished(stop="end")) for one in unechoed.take([event])]


@given(some_words, some_words, st.data())
def test_an_echo_is_taken_off_however_it_is_cut(words, more, data):
    whole = data.draw(pieces(words + more))
    passed = through(Unechoed(words), whole)
    assert said(passed) == more + "It is"


@given(
    st.text(alphabet="ab", min_size=1, max_size=4), st.text(alphabet="ab", max_size=5), st.data()
)
def test_other_words_are_passed_on(words, answer, data):
    passed = through(Unechoed(words), data.draw(pieces(answer)))
    expected = answer.removeprefix(words)
    assert said(passed) == expected + "It is"
    assert sum(isinstance(event, TextEnded) for event in passed) == 2


def test_what_is_no_text_passes():
    assert Unechoed("x").take([ReasoningStarted()]) == [ReasoningStarted()]
