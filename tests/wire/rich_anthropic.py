"""Strategies for what the shared ones leave out, and what of it Messages can say."""

import base64
from typing import Any

import msgspec
from hypothesis import strategies as st

from changeover.conversation.events import (
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
    CacheMark,
    ChatRequest,
    Citation,
    File,
    Image,
    OutputForm,
    Part,
    Reasoning,
    Reply,
    ReplyPart,
    Sampling,
    Sealed,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tests.strategies import calls, pieces, some_words, usages

replaced = msgspec.structs.replace

opaque = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=12)
words = st.text(min_size=1, max_size=12).filter(str.strip)
marks = st.none() | st.builds(CacheMark, ttl=st.none() | st.just("5m"))
"""Of one time: those of an hour must come first, which `caching.py` sees to."""

own_seals = st.builds(Sealed, form=st.just("signature"), value=opaque, bound=st.just("model"))
redactions = st.builds(Sealed, form=st.just("redacted"), value=opaque, bound=st.just("model"))
own_reasoning = st.builds(
    Reasoning, text=st.text(max_size=12), summary=st.just(value=True), sealed=own_seals
) | st.builds(Reasoning, summary=st.just(value=True), sealed=redactions)
foreign_reasoning = st.builds(
    Reasoning,
    text=st.text(max_size=12),
    sealed=st.none()
    | st.builds(
        Sealed,
        form=st.sampled_from(["encrypted", "thought", "wrapped"]),
        value=opaque,
        on=st.sampled_from(["self", "next", "previous"]),
    ),
)


def located(unit: str) -> st.SearchStrategy[Citation]:
    return st.builds(
        Citation,
        title=st.text(max_size=5),
        quote=st.text(max_size=5),
        document=st.integers(0, 3),
        unit=st.just(unit),
        first=st.integers(0, 9),
        last=st.integers(10, 20),
    )


own_citations = located("character") | located("page") | located("block")
found_citations = st.builds(
    Citation, title=st.text(max_size=5), quote=st.text(max_size=5), url=words
)
cited_texts = st.builds(
    Text,
    text=words,
    citations=st.lists(own_citations | found_citations, max_size=2).map(tuple),
    cache=marks,
)
files = st.builds(
    File,
    media_type=st.just("text/plain"),
    text=words,
    name=st.text(max_size=5),
    context=st.text(max_size=5),
    cited=st.booleans(),
    cache=marks,
)
documents = (
    files
    | st.builds(
        File,
        media_type=st.just("application/pdf"),
        data=st.binary(min_size=1, max_size=6).map(lambda raw: base64.b64encode(raw).decode()),
        cited=st.booleans(),
        cache=marks,
    )
    | st.builds(File, url=st.builds("https://example.org/{}.pdf".format, opaque), cache=marks)
)
any_files = documents | st.builds(
    File, media_type=st.sampled_from(["application/zip", "video/mp4"]), data=st.just("AA==")
)
pictures = st.builds(Image, media_type=st.just("image/png"), data=st.just("AA=="), cache=marks)


@st.composite
def rounds(draw: st.DrawFn, number: int) -> list[Turn]:
    """Reasoning, words, and a call with its result: two turns."""
    thoughts = draw(st.lists(own_reasoning | foreign_reasoning, max_size=2))
    said = draw(st.lists(cited_texts, max_size=1))
    call = ToolCall(id=f"call_{number}", name="now", arguments="{}", cache=draw(marks))
    result = ToolResult(
        call=call.id,
        parts=draw(
            st.lists(st.builds(Text, text=words) | any_files | pictures, max_size=2).map(tuple)
        ),
        is_error=draw(st.booleans()),
        cache=draw(marks),
    )
    after: list[Part] = draw(st.lists(cited_free | any_files, max_size=1))
    return [
        Turn(role="assistant", parts=(*thoughts, *said, call)),
        Turn(role="user", parts=(*after, result)),
    ]


cited_free = st.builds(Text, text=words, cache=marks)


@st.composite
def talks(draw: st.DrawFn) -> tuple[Turn, ...]:
    """A person's words and files, answers with reasoning, and rounds of calls."""
    turns = [
        Turn(
            role="user", parts=tuple(draw(st.lists(cited_free | any_files, min_size=1, max_size=3)))
        )
    ]
    for number in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            turns += draw(rounds(number))
        else:
            spoken: list[Any] = draw(
                st.lists(own_reasoning | foreign_reasoning | cited_texts, min_size=1, max_size=3)
            )
            turns += [
                Turn(role="assistant", parts=tuple(spoken)),
                Turn(role="user", parts=(Text(text=draw(words)),)),
            ]
    if draw(st.booleans()):
        turns.append(Turn(role="assistant", parts=(Text(text=draw(words)),)))
    return tuple(turns)


efforts = st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh", "max"])
thinkings = st.builds(
    Thinking,
    effort=st.none() | efforts,
    budget=st.none() | st.integers(0, 40_000),
    show=st.none() | st.sampled_from(["none", "auto", "concise", "detailed"]),
)
schemas = st.just({"type": "object", "properties": {"a": {"type": "string"}}}) | st.just(
    {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}}
)
forms = st.builds(OutputForm, schema=st.none() | schemas, name=st.sampled_from(["", "answer"]))
MODELS = (
    "m",
    "claude-3-haiku-20240307",
    "claude-3-7-sonnet-20250219",
    "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "claude-opus-4-5@20251101",
    "claude-sonnet-4-6",
    "claude-opus-4-8",
    "claude-opus-5",
    "claude-sonnet-5-5",
    "claude-opus-5-5",
)


@st.composite
def requests(draw: st.DrawFn) -> ChatRequest:
    """A request with any of the new parts, as the gateway hands it to the codec."""
    return ChatRequest(
        model="m",
        system=draw(st.lists(cited_free, max_size=2).map(tuple)),
        turns=draw(talks()),
        sampling=Sampling(
            max_tokens=draw(st.none() | st.integers(1, 60_000)),
            temperature=draw(st.none() | st.sampled_from([0.0, 1.0, 1.5])),
            top_k=draw(st.none() | st.just(5)),
            seed=draw(st.none() | st.just(1)),
        ),
        tools=(Tool(name="now", parameters={"type": "object"}, cache=draw(marks)),),
        thinking=draw(st.none() | thinkings),
        output=draw(st.none() | forms),
        user=draw(st.none() | st.text(max_size=300)),
        cache=draw(marks),
    )


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """An answer with reasoning, cited text and calls."""
    parts: list[ReplyPart] = draw(
        st.lists(own_reasoning | st.builds(Text, text=some_words, citations=cited), max_size=4)
    )
    called = draw(st.lists(calls, max_size=2))
    return Reply(
        id="msg",
        model="m",
        parts=(*parts, *called),
        stop="tool-use" if called else "end",
        usage=draw(usages()),
    )


cited = st.lists(own_citations | found_citations, max_size=2).map(tuple)


@st.composite
def streams(draw: st.DrawFn, reply: Reply) -> list[Event]:
    """The reply's events, its words cut into pieces."""
    events: list[Event] = [Started(id=reply.id, model=reply.model)]
    for part in reply.parts:
        if isinstance(part, Reasoning):
            events.append(ReasoningStarted(summary=part.summary))
            events += [ReasoningDelta(text=piece) for piece in draw(pieces(part.text))]
            events += [ReasoningSealed(sealed=part.sealed)] if part.sealed else []
            events.append(ReasoningEnded())
        elif isinstance(part, ToolCall):
            events.append(ToolCallStarted(id=part.id, name=part.name))
            events += [ToolInputDelta(json=piece) for piece in draw(pieces(part.arguments))]
            events.append(ToolCallEnded())
        else:
            events.append(TextStarted(refusal=part.refusal))
            events += [TextDelta(text=piece) for piece in draw(pieces(part.text))]
            events += [CitationSeen(citation=one) for one in part.citations]
            events.append(TextEnded())
    return [*events, UsageSeen(usage=reply.usage), Finished(stop=reply.stop)]
