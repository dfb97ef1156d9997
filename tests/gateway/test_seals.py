"""What vendors sealed goes back to those who can read it, and to nobody else."""

import msgspec
import pytest

from changeover.conversation.events import Event, LossSeen, fold, unfold
from changeover.conversation.model import (
    ChatRequest,
    Citation,
    Reasoning,
    Reply,
    Sealed,
    Text,
    Thinking,
    ToolCall,
    Turn,
)
from changeover.gateway.answer import Answer
from changeover.gateway.call import Came
from changeover.gateway.seals import (
    UNASKED,
    SealsOut,
    in_scope,
    outward,
    scope_of,
    stamped,
    unwrapped,
)
from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest
from tests.gateway.sealing_vendors import Canonical, Sealing, reasoning
from tests.gateway.worlds import WRAPPING, World, all_translated, applications
from tests.orders.worlds import bind, day, route, rules

ONE = route("alpha/one@alpha", account="main")
SIGNED = Sealed(form="signature", value="S", bound="model", of="alpha/one")
THOUGHT = Reasoning(text="Hm.", sealed=SIGNED)
SAID = Text(text="Yes.")


def request(*parts) -> ChatRequest:
    turns = (
        Turn(role="user", parts=(Text(text="Hi"),)),
        Turn(role="assistant", parts=parts),
        Turn(role="user", parts=(Text(text="And?"),)),
    )
    return ChatRequest(model="one", system=(), turns=turns)


def wrapped(sealed: Sealed, words: str = "") -> Sealed:
    return WRAPPING.wrap(sealed, words)


def parts_of(found: ChatRequest) -> tuple[object, ...]:
    return found.turns[1].parts


@pytest.mark.parametrize(
    ("bound", "of"),
    [("model", "alpha/one"), ("account", "alpha/main"), ("route", "alpha/one@alpha")],
)
def test_a_seal_goes_to_what_it_is_bound_to_alone(bound, of):
    assert scope_of(ONE, bound) == of
    sealed = Sealed(form="encrypted", value="E", bound=bound, of=of)
    asked = request(Reasoning(sealed=sealed), SAID)
    assert in_scope(asked, ONE) == (asked, ())
    elsewhere = route("beta/two@beta")
    found, losses = in_scope(asked, elsewhere)
    assert parts_of(found) == (SAID,)
    assert [loss.field for loss in losses] == ["reasoning"]


def test_reasoning_stays_as_its_words_where_the_seal_may_not_go():
    found, _ = in_scope(request(THOUGHT, SAID), route("beta/two@beta"))
    assert parts_of(found) == (Reasoning(text="Hm."), SAID)


def test_a_citation_stays_without_what_was_sealed_of_it():
    cited = Text(text="Yes.", citations=(Citation(url="u", sealed=SIGNED),))
    found, losses = in_scope(request(cited), route("beta/two@beta"))
    assert parts_of(found) == (Text(text="Yes.", citations=(Citation(url="u"),)),)
    assert [loss.field for loss in losses] == ["citations"]


def test_what_left_wrapped_comes_back_as_it_was():
    back = request(Reasoning(text="Hm.", sealed=wrapped(SIGNED, "Hm.")), SAID)
    assert unwrapped(back, WRAPPING) == (request(THOUGHT, SAID), ())


@pytest.mark.parametrize(
    "sealed",
    [
        Sealed(form="wrapped", value="EqQBCgYI"),
        Sealed(form="wrapped", value="co1.e30.AAAA"),
        wrapped(SIGNED, "Other words."),
        SIGNED,
    ],
    ids=["foreign", "not ours", "altered", "never wrapped"],
)
def test_what_is_not_ours_is_left_out_and_its_place_is_told(sealed: Sealed):
    found, losses = unwrapped(request(Reasoning(text="Hm.", sealed=sealed), SAID), WRAPPING)
    assert parts_of(found) == (Reasoning(text="Hm."), SAID)
    assert [loss.field for loss in losses] == ["turns[1].reasoning"]


def test_a_turn_that_held_nothing_else_is_left_out():
    found, _ = unwrapped(request(Reasoning(sealed=SIGNED)), WRAPPING)
    assert [turn.role for turn in found.turns] == ["user", "user"]


def given(*parts, asked: bool, client="anthropic-messages") -> list[Event]:
    events = unfold(Reply(id="r", model="m", parts=parts, stop="end"))
    return SealsOut(outward(WRAPPING, client, asked=asked)).take(stamped(events, ONE))


def test_an_answer_leaves_with_its_seals_wrapped_for_its_route():
    bare = msgspec.structs.replace(SIGNED, of="")
    cited = Text(text="Yes.", citations=(Citation(sealed=bare),))
    reply = fold(given(Reasoning(text="Hm.", sealed=bare), cited, asked=True))
    thought, said = reply.parts
    assert thought == Reasoning(text="Hm.", sealed=wrapped(SIGNED, "Hm."))
    assert isinstance(said, Text)
    assert said.citations == (Citation(sealed=wrapped(SIGNED)),)


def test_reasoning_that_was_not_asked_for_is_left_out_where_it_would_stand_first():
    losses = [e.loss for e in given(THOUGHT, SAID, asked=False) if isinstance(e, LossSeen)]
    assert losses == [UNASKED]
    assert fold(given(THOUGHT, SAID, asked=False)).parts == (SAID,)
    assert len(fold(given(THOUGHT, SAID, asked=False, client="openai-chat")).parts) == 2


def test_the_seal_of_a_call_is_given_all_the_same():
    sealed = Sealed(form="thought", value="T", bound="model", of="alpha/one", on="next")
    call = ToolCall(id="1", name="now", arguments="{}")
    found = fold(given(Reasoning(text="Hm.", sealed=sealed), call, asked=False))
    assert found.parts == (Reasoning(sealed=wrapped(sealed)), call)
    assert found.losses == (UNASKED,)


def test_the_seal_of_a_text_is_given_where_it_is_a_field_of_the_text():
    sealed = Sealed(form="thought", value="T", bound="model", of="alpha/one", on="previous")
    seal = Reasoning(sealed=sealed)
    found = fold(given(THOUGHT, SAID, seal, asked=False, client="gemini-generate"))
    assert found.parts == (SAID, Reasoning(sealed=wrapped(sealed)))
    assert found.losses == (UNASKED,)
    assert fold(given(SAID, seal, asked=False)).parts == (SAID,)


# A conversation that its application holds


class Application:
    """Holds a conversation, and sends all of it each time, as it got it."""

    def __init__(self) -> None:
        bound = bind("desk", "alpha/one", "beta/two")
        self.vendor = Sealing()
        world = World(
            rules(bindings=(bound,)),
            at=day(1),
            codec=Canonical,
            passage=all_translated,
            upstream=self.vendor,
        )
        secret, key = create_key(KeyRequest(service="desk", slot="chat"), now=day(1), by="ana")
        self._key = secret.reveal()
        self._turns: list[Turn] = []
        self.gateway = applications(world, key)

    async def ask(self, model: str, *, stream: bool) -> tuple[str, str]:
        """The answer's losses, and what model answered."""
        self._turns.append(Turn(role="user", parts=(Text(text="Go on."),)))
        asked = ChatRequest(
            model=model,
            system=(),
            turns=tuple(self._turns),
            stream=stream,
            thinking=Thinking(effort="low"),
        )
        answer = await self.gateway.chat(
            "openai-chat", self._key, Came(body=msgspec.json.encode(asked))
        )
        assert answer.status == 200, answer.body
        reply = await self._read(answer)
        self._turns.append(Turn(role="assistant", parts=reply.parts))
        return answer.headers.get("changeover-losses", ""), reply.model

    async def _read(self, answer: Answer) -> Reply:
        if answer.stream is None:
            return msgspec.json.decode(answer.body, type=Reply)
        pieces = b"".join([piece async for piece in answer.stream])
        await answer.stream.aclose()
        return fold(Canonical().stream_decoder().feed(pieces))


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_an_application_goes_there_and_back(stream: bool):
    application = Application()
    for model in ("one", "two", "one", "two"):
        losses, answered = await application.ask(model, stream=stream)
        assert answered == model
        assert losses == ("reasoning" if len(application.vendor.received) > 1 else "")
    sealed = [
        (request.model, [part.text for part in reasoning(request)])
        for _, request in application.vendor.received
    ]
    first, second = "one thinks of turn 1.", "two thinks of turn 3."
    assert sealed == [("one", []), ("two", []), ("one", [first]), ("two", [second])]
