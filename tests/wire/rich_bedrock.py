"""Strategies for what Converse carries beyond words, images and tools.

The values are what Converse can say: each crosses it unchanged, and without loss.
"""

import base64

import msgspec
from hypothesis import strategies as st

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
    Usage,
)
from tests.strategies import objects, tool_names

CLAUDE = "us.anthropic.claude-sonnet-4-6-v1:0"

words = st.text(alphabet="abc é-€.", min_size=1, max_size=12).filter(str.strip)
blobs = st.binary(min_size=1, max_size=9).map(lambda raw: base64.b64encode(raw).decode())
opaque = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=20)
marks = st.none() | st.builds(CacheMark, ttl=st.sampled_from([None, "5m", "1h"]))

citations = st.builds(
    Citation,
    title=st.text(max_size=5),
    quote=st.text(max_size=5),
    url=st.just("") | st.just("https://example.org/a"),
    document=st.integers(0, 3),
    unit=st.sampled_from(["character", "page", "block"]),
    first=st.integers(0, 9),
    last=st.integers(9, 12),
)
texts = st.builds(Text, text=words, cache=marks)
cited_texts = st.builds(
    Text, text=words, citations=st.lists(citations, min_size=1, max_size=2).map(tuple)
)
images = st.builds(
    Image,
    media_type=st.sampled_from(["image/png", "image/jpeg", "image/gif", "image/webp"]),
    data=blobs,
    cache=marks,
)


def files(number: int) -> st.SearchStrategy[File]:
    """A document whose name no other of the request has."""
    shared = {
        "name": st.sampled_from(["Report", "a-b (1)", "x [2]", "p_q"]).map(
            lambda name: f"{name} {number}"
        ),
        "context": st.text(max_size=5),
        "cited": st.booleans(),
        "cache": marks,
    }
    media = st.sampled_from(["application/pdf", "text/csv", "text/plain", "text/markdown"])
    return st.builds(File, media_type=media, data=blobs, **shared) | st.builds(
        File, media_type=media, text=words, **shared
    )


signed = st.builds(
    Reasoning,
    text=words,
    sealed=st.builds(Sealed, form=st.just("signature"), value=opaque, bound=st.just("model")),
)
redacted = st.builds(
    Reasoning,
    sealed=st.builds(Sealed, form=st.just("redacted"), value=blobs, bound=st.just("model")),
)


thinkings = st.sampled_from([None, Thinking(effort="none")]) | st.one_of(
    st.builds(
        Thinking,
        effort=st.sampled_from([None, "low", "medium", "high", "max"]),
        show=st.sampled_from([None, "none", "auto"]),
    ),
    st.builds(Thinking, budget=st.integers(1024, 4000)),
)


@st.composite
def requests(draw: st.DrawFn) -> ChatRequest:
    """A request to Claude, with a loop of tools in it or not.

    With a budget a loop begins with reasoning, and where Claude is not to reason it has none.
    """
    thinking = draw(thinkings)
    reasons = thinking is not None and thinking.effort != "none"
    budgeted = thinking is not None and thinking.budget is not None
    number = iter(range(100))

    def file() -> File:
        return draw(files(next(number)))

    def asked(*more: Part) -> Turn:
        extra: list[Part] = [draw(images)] if draw(st.booleans()) else []
        extra += [file()] if draw(st.booleans()) else []
        return Turn(role="user", parts=(*more, draw(texts), *extra))

    turns = [asked()]
    for at in range(draw(st.integers(0, 2))):
        least, most = int(budgeted), 2 * int(reasons)
        thoughts = draw(st.lists(signed | redacted, min_size=least, max_size=most))
        said = draw(st.lists(texts | cited_texts, max_size=2))
        call = ToolCall(id=f"call{at}", name=draw(tool_names), arguments="{}", cache=draw(marks))
        results: list[Text | Image | File] = [Text(text=draw(words))]
        results += [msgspec.structs.replace(file(), cache=None)] if draw(st.booleans()) else []
        result = ToolResult(
            call=call.id,
            parts=tuple(results),
            is_error=draw(st.booleans()),
            cache=draw(marks),
        )
        turns.append(Turn(role="assistant", parts=(*thoughts, *said, call)))
        turns.append(asked(result))
    stream = draw(st.booleans())
    return ChatRequest(
        model=CLAUDE,
        system=draw(st.lists(texts, max_size=2).map(tuple)),
        turns=tuple(turns),
        sampling=Sampling(max_tokens=draw(st.integers(4096, 9999)), stop=("END",)),
        stream=stream,
        stream_usage=stream,
        tools=(
            Tool(name="a", parameters={"type": "object"}, strict=True, cache=draw(marks)),
            Tool(name="b", description="B", parameters={"type": "object"}),
        ),
        thinking=thinking,
        output=draw(
            st.none()
            | st.builds(
                OutputForm,
                schema=objects,
                name=st.just("") | tool_names,
                description=st.none() | words,
                strict=st.just(True),
            )
        ),
        metadata=draw(
            st.dictionaries(tool_names, st.text(alphabet="ab 1:/", max_size=5), max_size=3)
        ),
    )


@st.composite
def replies(draw: st.DrawFn, form: str = "signature") -> Reply:
    """An answer with reasoning and citations; `form` is what its seals are."""
    thoughts = st.builds(
        Reasoning,
        text=words,
        sealed=st.none() | st.builds(Sealed, form=st.just(form), value=opaque),
    ) | st.builds(Reasoning, sealed=st.builds(Sealed, form=st.just(form), value=opaque))
    parts: list[ReplyPart] = draw(
        st.lists(thoughts | st.builds(Text, text=words) | cited_texts, min_size=1, max_size=4)
    )
    return Reply(
        id="",
        model="",
        parts=tuple(parts),
        stop="end",
        usage=Usage(
            input_tokens=9,
            output_tokens=3,
            cached_tokens=4,
            cache_written_tokens=2,
            cache_written_hour_tokens=1,
        ),
    )
