"""Shared Hypothesis strategies: turns, requests, replies, and bytes cut anywhere."""

import json
from typing import Any

import msgspec
from hypothesis import strategies as st

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
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
    ChatRequest,
    Image,
    Loss,
    Part,
    Reply,
    ReplyPart,
    Sampling,
    StopReason,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
    Usage,
)

words = st.text(max_size=20)
some_words = st.text(min_size=1, max_size=20)
names = st.text(alphabet="abcdefghijklmnop-.0123456789", min_size=1, max_size=12)
counts = st.none() | st.integers(0, 10**6)
stop_reasons = st.sampled_from(
    list[StopReason](["end", "length", "stop-sequence", "refusal", "filtered"])
)

spoken_texts = st.builds(Text, text=words)
refusal_texts = st.builds(Text, text=some_words, refusal=st.just(value=True))


tool_names = st.text(alphabet="abcXYZ_-019", min_size=1, max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
objects = st.dictionaries(st.text(max_size=5), json_values, max_size=3)
arguments = st.builds(json.dumps, objects, indent=st.none() | st.just(1))
call_ids = st.text(alphabet="abcXYZ_-019|. ", max_size=50)
calls = st.builds(ToolCall, id=tool_names, name=tool_names, arguments=arguments)


def some(of: st.SearchStrategy, most: int = 3):
    """A tuple of one to `most` values."""
    return st.lists(of, min_size=1, max_size=most).map(tuple)


images = st.builds(
    Image,
    media_type=st.sampled_from(["image/png", "image/jpeg"]),
    data=st.text(alphabet="ABCab12+/", min_size=1, max_size=8),
    detail=st.none() | st.sampled_from(["low", "high"]),
) | st.builds(Image, url=st.builds("https://example.org/{}".format, names))
turns = st.builds(Turn, role=st.just("user"), parts=some(spoken_texts | images)) | st.builds(
    Turn, role=st.just("assistant"), parts=some(spoken_texts | refusal_texts)
)
tools = st.lists(
    st.builds(
        Tool,
        name=tool_names,
        description=st.none() | some_words,
        # Names that no dialect of JSON schema knows: those have tests of their own.
        parameters=st.none()
        | st.dictionaries(st.text(max_size=5).map("x{}".format), json_values, max_size=3).map(
            lambda schema: {**schema, "type": "object"}
        ),
        strict=st.none() | st.booleans(),
    ),
    max_size=3,
).map(tuple)


@st.composite
def rounds(draw: st.DrawFn, number: int) -> list[Turn]:
    """Some calls and their results: two turns."""
    asked = [
        ToolCall(
            id=f"{draw(call_ids)}{number}{at}", name=draw(tool_names), arguments=draw(arguments)
        )
        for at in range(draw(st.integers(1, 3)))
    ]
    given = [
        ToolResult(
            call=call.id,
            parts=draw(st.lists(st.builds(Text, text=some_words) | images, max_size=2).map(tuple)),
            is_error=draw(st.booleans()),
        )
        for call in asked
    ]
    answer: list[Part] = draw(st.permutations([*asked, *draw(st.lists(spoken_texts, max_size=2))]))
    after = draw(st.lists(spoken_texts | images, max_size=2))
    return [
        Turn(role="assistant", parts=tuple(answer)),
        Turn(role="user", parts=(*given, *after)),
    ]


@st.composite
def talks(draw: st.DrawFn) -> list[Turn]:
    """Turns, with tools called among them or not."""
    said = draw(st.lists(turns, max_size=3))
    for number in range(draw(st.integers(0, 2))):
        said += draw(rounds(number)) + draw(st.lists(turns, max_size=2))
    return said or [draw(turns)]


@st.composite
def chosen_tools(draw: st.DrawFn, called: bool) -> dict[str, Any]:
    """What a request says of tools."""
    offered = draw(tools)
    if not offered:
        offered = (Tool(name="a"),) if called else ()
    choice = st.builds(ToolChoice, mode=st.sampled_from(["auto", "none", "required"])) | st.just(
        ToolChoice(mode="named", name=offered[0].name if offered else "a")
    )
    return {
        "tools": offered,
        "tool_choice": draw(st.none() | choice) if offered else None,
        "parallel_calls": draw(st.none() | st.booleans()) if offered else None,
    }


samplings = st.builds(
    Sampling,
    max_tokens=counts,
    temperature=st.none() | st.floats(0, 2),
    top_p=st.none() | st.floats(0, 1),
    top_k=counts,
    stop=st.lists(words, max_size=6).map(tuple),
)


@st.composite
def requests(draw: st.DrawFn) -> ChatRequest:
    """A request with at least one turn, as any client might have made it."""
    spoken = tuple(draw(talks()))
    stream = draw(st.booleans())
    return ChatRequest(
        model=draw(names),
        system=draw(st.lists(spoken_texts, max_size=3).map(tuple)),
        turns=spoken,
        sampling=draw(samplings),
        stream=stream,
        stream_usage=stream and draw(st.booleans()),
        prefill=spoken[-1].role == "assistant" and draw(st.booleans()),
        **draw(chosen_tools(any(isinstance(p, ToolCall) for t in spoken for p in t.parts))),
    )


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Counts whose cached parts do not exceed the whole where that is known."""
    whole = draw(counts)
    cached = draw(st.none() | st.integers(0, 10**6 if whole is None else whole))
    left = 10**6 if whole is None else whole - (cached or 0)
    said = draw(counts)
    return Usage(
        input_tokens=whole,
        output_tokens=said,
        reasoning_tokens=draw(st.none() | st.integers(0, said or 0)),
        cached_tokens=cached,
        cache_written_tokens=draw(st.none() | st.integers(0, left)),
    )


losses = st.builds(Loss, field=names, why=words)


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """A whole answer; a refusal's text, where there is one, stands last."""
    called = draw(st.lists(calls, max_size=3))
    for_calls = st.sampled_from(list[StopReason](["tool-use", "length"]))
    stop = draw(for_calls if called else stop_reasons)
    parts: list[ReplyPart] = draw(
        st.permutations([*called, *draw(st.lists(spoken_texts, max_size=3))])
    )
    if stop == "refusal":
        parts += draw(st.lists(refusal_texts, max_size=1))
    return Reply(
        id=draw(names),
        model=draw(names),
        parts=tuple(parts),
        stop=stop,
        stop_sequence=draw(words) if stop == "stop-sequence" else None,
        usage=draw(usages()),
        losses=tuple(draw(st.lists(losses, max_size=2))),
    )


@st.composite
def streams(draw: st.DrawFn, of: st.SearchStrategy[Reply] | None = None) -> list[Event]:
    """A well-formed stream: some reply's events, its words and counts cut into pieces."""
    reply = draw(of or replies())
    events: list[Event] = [Started(id=reply.id, model=reply.model)]
    if draw(st.booleans()):
        # No later figure of a vendor's takes away from what went into reasoning before.
        early = msgspec.structs.replace(draw(usages()), reasoning_tokens=None)
        events.append(UsageSeen(usage=early))
    for part in reply.parts:
        if isinstance(part, ToolCall):
            events.append(ToolCallStarted(id=part.id, name=part.name))
            events += [ToolInputDelta(json=piece) for piece in draw(pieces(part.arguments))]
            events.append(ToolCallEnded())
        elif isinstance(part, Text):
            events.append(TextStarted(refusal=part.refusal))
            events += [TextDelta(text=piece) for piece in draw(pieces(part.text))]
            events.append(TextEnded())
    events += [LossSeen(loss=loss) for loss in reply.losses]
    events.append(UsageSeen(usage=reply.usage))
    events.append(Finished(stop=reply.stop, stop_sequence=reply.stop_sequence))
    return events


@st.composite
def pieces(draw: st.DrawFn, whole):
    """`whole` (text or bytes) cut at up to eight places; pieces may be empty."""
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


any_events = st.one_of(
    st.builds(Started, id=names, model=names),
    st.builds(TextStarted, refusal=st.booleans()),
    st.builds(TextDelta, text=words),
    st.just(TextEnded()),
    st.builds(ToolCallStarted, id=names, name=names),
    st.builds(ToolInputDelta, json=words),
    st.just(ToolCallEnded()),
    st.builds(UsageSeen, usage=usages()),
    st.builds(LossSeen, loss=losses),
    st.builds(Finished, stop=stop_reasons),
    st.builds(Failed, kind=names, message=words),
)
