"""Strategies for what generateContent can say beside words and calls.

Seals are of the form that the vendor writes; its client reads them as wrapped.
"""

import base64
from typing import Any

from hypothesis import strategies as st

from changeover.conversation.model import (
    ChatRequest,
    Citation,
    File,
    OutputForm,
    Part,
    Reasoning,
    Reply,
    ReplyPart,
    Sampling,
    Sealed,
    Text,
    Thinking,
    TokenChance,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.gemini_generate.seals import Place
from tests.strategies import arguments, images, names, some_words, tool_names, usages, words

opaque = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=20)


def signatures(on: Place) -> st.SearchStrategy[Sealed]:
    return st.builds(
        lambda text: Sealed(
            form="thought",
            value=base64.b64encode(text.encode()).decode(),
            bound="model",
            on=on,
        ),
        opaque,
    )


def seals(on: Place) -> st.SearchStrategy[Reasoning]:
    return st.builds(Reasoning, summary=st.just(value=True), sealed=signatures(on))


thoughts = st.builds(
    Reasoning,
    text=some_words,
    summary=st.just(value=True),
    sealed=st.none() | signatures("self"),
) | seals("self")

files = (
    st.builds(
        File,
        media_type=st.just("application/pdf"),
        data=st.text(alphabet="ABCab12+/", min_size=4, max_size=8),
    )
    | st.builds(File, media_type=st.just("text/plain"), text=some_words, name=words)
    | st.builds(
        File,
        media_type=st.just("application/pdf"),
        url=st.builds("https://example.org/{}.pdf".format, names),
    )
)

schemas = st.fixed_dictionaries(
    {
        "type": st.just("object"),
        "properties": st.dictionaries(
            tool_names,
            st.fixed_dictionaries(
                {"type": st.sampled_from(["string", "integer", "boolean"])},
                optional={"description": some_words},
            ),
            max_size=3,
        ),
    }
)
outputs = st.builds(OutputForm, schema=st.none() | schemas)
thinkings = (
    st.builds(
        Thinking,
        effort=st.sampled_from(["minimal", "low", "medium", "high"]),
        show=st.none() | st.just("auto"),
    )
    | st.builds(Thinking, budget=st.integers(1, 10**5), show=st.none() | st.just("auto"))
    | st.just(Thinking(show="auto"))
)
samplings = st.builds(
    Sampling,
    seed=st.none() | st.integers(-(2**31), 2**31 - 1),
    frequency_penalty=st.none() | st.floats(-2, 2),
    presence_penalty=st.none() | st.floats(-2, 2),
    chances=st.none() | st.integers(0, 20),
)
labels = st.dictionaries(
    st.text(alphabet="abc_-09", min_size=1, max_size=8).map("k{}".format),
    st.text(alphabet="abc_-09", max_size=8),
    max_size=3,
)


@st.composite
def talks(draw: st.DrawFn) -> list[Turn]:
    """A person's turn, answers with thoughts and calls, results with pictures and files."""
    said = [Turn(role="user", parts=tuple(draw(_given())))]
    for number in range(draw(st.integers(0, 3))):
        answer: list[Part] = [*draw(st.lists(thoughts, max_size=1))]
        speaks = draw(st.booleans())
        spoken = [Text(text=draw(some_words))] if speaks else []
        answer += [*spoken, *(draw(st.lists(seals("previous"), max_size=1)) if speaks else [])]
        calls = [
            ToolCall(id=f"{number}-{at}", name=draw(tool_names), arguments="{}")
            for at in range(draw(st.integers(0 if speaks else 1, 2)))
        ]
        for call in calls:
            answer += [*draw(st.lists(seals("next"), max_size=1)), call]
        results = [ToolResult(call=call.id, parts=tuple(draw(_result()))) for call in calls]
        said.append(Turn(role="assistant", parts=tuple(answer)))
        said.append(Turn(role="user", parts=(*results, *draw(_given()))))
    return said


def _given() -> st.SearchStrategy[list[Any]]:
    return st.lists(st.builds(Text, text=some_words) | images | files, min_size=1, max_size=2)


@st.composite
def _result(draw: st.DrawFn) -> list[Any]:
    return [
        *draw(st.lists(st.builds(Text, text=some_words), max_size=1)),
        *draw(st.lists(images | files, max_size=2)),
    ]


@st.composite
def requests(draw: st.DrawFn) -> ChatRequest:
    stream = draw(st.booleans())
    return ChatRequest(
        model=draw(names),
        system=(),
        turns=tuple(draw(talks())),
        sampling=draw(samplings),
        stream=stream,
        stream_usage=stream,
        thinking=draw(st.none() | thinkings),
        output=draw(st.none() | outputs),
        metadata=draw(labels),
    )


@st.composite
def texts(draw: st.DrawFn, likely: bool) -> Text:
    """Words with sources and, where `likely`, the chances of their tokens."""
    said = draw(some_words)
    cited = draw(st.lists(_citations(len(said)), max_size=2, unique_by=lambda c: c.url))
    chances = [
        TokenChance(
            token=letter,
            logprob=draw(st.floats(-5, 0)),
            others=(TokenChance(token=letter, logprob=-0.5),) if draw(st.booleans()) else (),
        )
        for letter in (said if likely else "")
    ]
    return Text(text=said, citations=tuple(cited), chances=tuple(chances))


@st.composite
def _citations(draw: st.DrawFn, length: int) -> Citation:
    start = draw(st.integers(0, length))
    placed = draw(st.booleans())
    return Citation(
        url=draw(st.builds("https://example.org/{}".format, names)),
        title=draw(words),
        quote=draw(words),
        start=start if placed else None,
        end=draw(st.integers(start, length)) if placed else None,
    )


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """Thoughts, words and calls, with the seals beside them."""
    parts: list[ReplyPart] = [*draw(st.lists(thoughts, max_size=1))]
    if draw(st.booleans()):
        parts.append(draw(texts(likely=draw(st.booleans()))))
        parts += draw(st.lists(seals("previous"), max_size=1))
    calls = draw(st.integers(0, 2))
    for number in range(calls):
        parts += draw(st.lists(seals("next"), max_size=1))
        parts.append(ToolCall(id=str(number), name=draw(tool_names), arguments=draw(arguments)))
    return Reply(
        id=draw(names),
        model=draw(names),
        parts=tuple(parts),
        stop="tool-use" if calls else "end",
        usage=draw(usages()),
    )
