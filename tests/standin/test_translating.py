"""A stand-in translates nothing: it gives segments back, with the terms that it was given."""

from changeover.conversation.model import Text
from changeover.standin.answers import answer
from changeover.standin.asked import Said
from changeover.standin.translating import given_back
from changeover.standin.voices import VOICES
from changeover.translation.asking import answered, request
from changeover.translation.model import Segment, Term, Wish

WISH = Wish(source="en", target="fr", terms=(Term("memo", "note de service"),))
SEGMENTS = [
    Segment(number=7, unit=0, before="", source="The <1>memos</1> are new.<2/>", refs=(1, 0)),
    Segment(number=8, unit=0, before=" ", source="Read &lt;1> them.", refs=()),
]


def asked(wish: Wish) -> tuple[Said, ...]:
    """What a vendor is asked for the segments, as a stand-in reads it."""
    wanted = request(wish, SEGMENTS)
    (turn,) = wanted.turns
    (part,) = turn.parts
    assert isinstance(part, Text)
    return Said(role="system", text=wanted.system[0].text), Said(role="user", text=part.text)


def test_segments_come_back_marked_in_their_form_with_the_terms():
    said = answer(asked(WISH), VOICES["openai"], "gpt-4.1")
    checked = answered(WISH, SEGMENTS, said)
    assert [one.target for one in checked.values()] == [
        "[French] The <1>note de service</1> are new.<2/>",
        "[French] Read &lt;1> them.",
    ]
    assert [one.problem for one in checked.values()] == [None, None]
    assert "memo" in answer(asked(Wish(source="en", target="fr")), VOICES["openai"], "gpt-4.1")


def test_whoever_does_not_ask_for_a_translation_gets_none():
    _, segments = asked(WISH)
    assert given_back((segments,)) is None
    assert given_back((asked(WISH)[0], Said(role="user", text="Hello"))) is None
