"""What of an answer's sources each protocol has no place for."""

import pytest

from changeover.conversation.events import (
    CitationSeen,
    Event,
    LossSeen,
    TextDelta,
    TextEnded,
    TextStarted,
)
from changeover.conversation.model import Citation
from changeover.directory.model import Protocol
from changeover.gateway.seals import SealsOut, outward
from changeover.wire.untold import untold
from tests.gateway.worlds import WRAPPING

ON_PAGE = Citation(title="Leave", quote="Ten days.", document=0, unit="page", first=2, last=3)
IN_WORDS = Citation(quote="Ten.", document=0, unit="character", first=0, last=4)
ADDRESS = Citation(title="Leave", url="https://example.org/leave")
SPAN = Citation(url="https://example.org/leave", start=0, end=4)
QUOTED = Citation(url="https://example.org/leave", quote="Ten days.")
NAMED = Citation(title="Leave")


@pytest.mark.parametrize(
    ("client", "told", "not_told"),
    [
        ("openai-chat", (ADDRESS, SPAN), (ON_PAGE, IN_WORDS, QUOTED, NAMED)),
        ("openai-responses", (ADDRESS, SPAN), (ON_PAGE, IN_WORDS, QUOTED, NAMED)),
        ("anthropic-messages", (ADDRESS, ON_PAGE, IN_WORDS, QUOTED), (SPAN, NAMED)),
        ("bedrock-converse", (ADDRESS, ON_PAGE, IN_WORDS, QUOTED, NAMED), (SPAN,)),
        ("gemini-generate", (ADDRESS, ON_PAGE, SPAN, QUOTED, NAMED), (IN_WORDS,)),
    ],
)
def test_what_is_not_told_of_a_source(
    client: Protocol, told: tuple[Citation, ...], not_told: tuple[Citation, ...]
):
    assert [untold(citation, client) for citation in told] == [None] * len(told)
    losses = [untold(citation, client) for citation in not_told]
    assert [loss.field for loss in losses if loss is not None] == ["citations"] * len(not_told)


def test_it_is_among_the_losses_of_the_answer():
    events: list[Event] = [
        TextStarted(),
        TextDelta(text="Ten."),
        CitationSeen(citation=SPAN),
        TextEnded(),
    ]
    out = SealsOut(outward(WRAPPING, "anthropic-messages", asked=False)).take(events)
    assert [event for event in out if not isinstance(event, LossSeen)] == events
    (lost,) = [event for event in out if isinstance(event, LossSeen)]
    assert lost.loss.field == "citations"
