"""Strategies for what Chat Completions says beyond text and calls, and its projections."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    Finished,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    UsageSeen,
)
from changeover.conversation.model import (
    Citation,
    OutputForm,
    Reasoning,
    Reply,
    ReplyPart,
    Sampling,
    Sealed,
    SealForm,
    Text,
    Thinking,
    TokenChance,
    ToolCall,
)
from tests.strategies import arguments, names, objects, pieces, some_words, tool_names, usages

replaced = msgspec.structs.replace
opaque = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=12)
numbers = st.floats(-100, 0, allow_nan=False)
chance = st.builds(
    TokenChance,
    token=some_words,
    logprob=numbers,
    octets=st.none() | st.lists(st.integers(0, 255), max_size=4).map(tuple),
)
chances = st.builds(
    lambda one, others: replaced(one, others=others),
    chance,
    st.lists(chance, max_size=2).map(tuple),
)


def seals(on: str = "self") -> st.SearchStrategy[Sealed]:
    """Seals as the gateway gives them to a client."""
    return st.builds(
        Sealed, form=st.just("wrapped"), value=opaque, id=opaque | st.just(""), on=st.just(on)
    )


thoughts = st.builds(Reasoning, text=some_words, summary=st.booleans(), sealed=st.none() | seals())
hidden = st.builds(Reasoning, sealed=seals())


@st.composite
def texts(draw: st.DrawFn) -> Text:
    """Words with probabilities and citations."""
    words = draw(some_words)
    found = []
    for _ in range(draw(st.integers(0, 2))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(words))] * 2)))
        place: dict[str, Any] = draw(st.just({}) | st.just({"start": start, "end": end}))
        url = draw(st.builds("https://example.org/{}".format, names))
        found.append(Citation(url=url, title=draw(names | st.just("")), **place))
    return Text(
        text=words,
        chances=tuple(draw(st.lists(chances, max_size=2))),
        citations=tuple(found),
    )


@st.composite
def rich_replies(draw: st.DrawFn) -> Reply:
    """Answers with reasoning, seals on all that they can be on, probabilities and citations."""
    parts: list[ReplyPart] = draw(st.lists(thoughts | hidden, max_size=3))
    if draw(st.booleans()):
        parts.append(draw(texts()))
        parts += draw(st.lists(st.builds(Reasoning, sealed=seals("previous")), max_size=1))
    called = draw(st.integers(0, 2))
    for number in range(called):
        parts += draw(st.lists(st.builds(Reasoning, sealed=seals("next")), max_size=1))
        name, given = draw(tool_names), draw(arguments)
        parts.append(ToolCall(id=f"call_{number}", name=name, arguments=given))
    return Reply(
        id=draw(names),
        model=draw(names),
        parts=tuple(parts),
        stop="tool-use" if called else "end",
        usage=draw(usages()),
    )


@st.composite
def rich_streams(draw: st.DrawFn) -> list[Event]:
    """A rich answer's events, its words cut into pieces."""
    reply = draw(rich_replies())
    events: list[Event] = [Started(id=reply.id, model=reply.model)]
    for part in reply.parts:
        events += draw(_pieces(part))
    return [*events, UsageSeen(usage=reply.usage), Finished(stop=reply.stop)]


@st.composite
def _pieces(draw: st.DrawFn, part: ReplyPart) -> list[Event]:
    match part:
        case Text():
            words = [TextDelta(text=piece) for piece in draw(pieces(part.text))]
            told = [ChancesSeen(chances=part.chances)] if part.chances else []
            cited = [CitationSeen(citation=one) for one in part.citations]
            return [TextStarted(refusal=part.refusal), *words, *told, *cited, TextEnded()]
        case Reasoning():
            said = [ReasoningDelta(text=piece) for piece in draw(pieces(part.text))]
            seal = [] if part.sealed is None else [ReasoningSealed(sealed=part.sealed)]
            return [ReasoningStarted(summary=part.summary), *said, *seal, ReasoningEnded()]
        case ToolCall():
            given = [ToolInputDelta(json=piece) for piece in draw(pieces(part.arguments))]
            return [ToolCallStarted(id=part.id, name=part.name), *given, ToolCallEnded()]


def from_server(parts: Iterable[ReplyPart], *, streamed: bool) -> tuple[ReplyPart, ...]:
    """The parts as a server's answer: what is sealed is its own, and stays on its route.

    Whole, reasoning that is not sealed is one string; in a stream it is never a summary.
    """
    found: list[ReplyPart] = []
    for part in parts:
        match part:
            case Reasoning(sealed=None):
                plain = Reasoning(text=part.text)
                before = found[-1] if found else None
                if not streamed and isinstance(before, Reasoning) and before.sealed is None:
                    found[-1] = replaced(before, text=before.text + part.text)
                else:
                    found.append(plain)
            case Reasoning(sealed=Sealed() as sealed):
                form: SealForm = "signature" if part.text else "encrypted"
                own = replaced(sealed, form=form, bound="route")
                summary = part.summary and not streamed
                found.append(replaced(part, sealed=own, summary=summary and bool(part.text)))
            case Text():
                found.append(placed(part))
            case ToolCall():
                found.append(part)
    return tuple(found)


def from_client(parts: Sequence[ReplyPart]) -> tuple[ReplyPart, ...]:
    """The parts as the client gives them back: seals wrapped, all reasoning one where none is."""
    thoughts = [part for part in parts if isinstance(part, Reasoning)]
    kept: list[ReplyPart] = [_unmarked(part) for part in parts]
    if thoughts and all(part.sealed is None for part in thoughts):
        words = "".join(part.text for part in thoughts)
        rest = [part for part in kept if not isinstance(part, Reasoning)]
        kept = [Reasoning(text=words), *rest]
    if not any(isinstance(part, Text | ToolCall) for part in kept):
        kept = [part for part in kept if isinstance(part, Reasoning)]
    return tuple(kept)


def _unmarked(part: ReplyPart) -> ReplyPart:
    match part:
        case Text():
            return replaced(placed(part), chances=())
        case Reasoning(text="", summary=True):
            return replaced(part, summary=False)
        case _:
            return part


def placed(text: Text) -> Text:
    """A text whose citations all say where they stand."""
    return replaced(
        text,
        citations=tuple(
            replaced(one, start=one.start or 0, end=len(text.text) if one.end is None else one.end)
            for one in text.citations
        ),
    )


rich_samplings = st.builds(
    Sampling,
    seed=st.none() | st.integers(-5, 2**40),
    frequency_penalty=st.none() | st.floats(-2, 2),
    presence_penalty=st.none() | st.floats(-2, 2),
    chances=st.none() | st.integers(0, 20),
    max_tokens=st.none() | st.integers(1, 99),
    temperature=st.none() | st.floats(0, 2),
    top_k=st.none() | st.integers(1, 9),
)
efforts = st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh", "max"])
thinkings = st.builds(
    Thinking, effort=st.none() | efforts, budget=st.none() | st.integers(0, 99_999)
)
forms = st.builds(
    OutputForm,
    schema=st.none() | objects,
    name=st.just("") | tool_names,
    description=st.none() | some_words,
    strict=st.none() | st.booleans(),
)
