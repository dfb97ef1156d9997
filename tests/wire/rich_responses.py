"""Requests and replies with all that Responses knows, and what of them it can say."""

from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st

from changeover.conversation.events import (
    Event,
    ReasoningDelta,
    TextDelta,
    ToolInputDelta,
    unfold,
)
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Citation,
    Effort,
    File,
    Image,
    Loss,
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
    words_of,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_responses.citing import ID_LOSS
from changeover.wire.openai_responses.output_form import SAY_JSON, is_strict, lacks_word, says_word
from tests.strategies import call_ids, images, names, pieces, replies, requests, some_words, words
from tests.wire.responses_projection import responses_reply, responses_request

Marked = TypeVar("Marked", bound=Text | Image | File | ToolCall)
MARKED, UNMARKED = "gpt-5.6-sol", "gpt-4.1"
models = st.sampled_from([MARKED, UNMARKED])
opaque = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=12)
parts_of_summaries = st.lists(some_words, min_size=1, max_size=3).map("\n\n\n".join)
marks = st.none() | st.builds(CacheMark, ttl=st.sampled_from([None, "5m", "1h"]))


def seals(form: Any, bound: Any = "account") -> st.SearchStrategy[Sealed]:
    return st.builds(
        Sealed,
        form=st.just(form),
        value=opaque,
        bound=st.just(bound),
        id=st.builds("rs_{}".format, opaque),
    )


encrypted = st.builds(
    Reasoning, text=parts_of_summaries, summary=st.just(value=True), sealed=seals("encrypted")
) | st.builds(Reasoning, sealed=seals("encrypted"))
others = st.builds(Reasoning, text=some_words, summary=st.booleans()) | st.builds(
    Reasoning, text=some_words, sealed=seals("signature", "model")
)
files = (
    st.builds(
        File,
        media_type=st.sampled_from(["application/pdf", "application/zip"]),
        data=st.text(alphabet="ABCab12+/", min_size=4, max_size=8),
        name=names,
        cache=marks,
        context=st.sampled_from(["", "a letter"]),
        cited=st.booleans(),
    )
    | st.builds(File, text=some_words, name=names, cache=marks)
    | st.builds(File, url=st.builds("https://example.org/{}".format, names), cache=marks)
)
pages = st.builds(
    Citation,
    url=st.builds("https://example.org/{}".format, names),
    title=words,
    start=st.integers(0, 9),
    end=st.integers(0, 30),
)
documents = st.builds(Citation, title=words, quote=words, document=st.integers(0, 3))
citations = st.lists(pages | documents, max_size=2).map(tuple)
said = st.builds(Text, text=some_words, citations=citations, cache=marks)


@st.composite
def thoughts_and_words(draw: st.DrawFn) -> Turn:
    """What one answer thought, said and called."""
    parts: list[Part] = []
    for _ in range(draw(st.integers(1, 3))):
        parts += draw(st.lists(encrypted | others, max_size=2))
        parts += draw(st.lists(said, max_size=2))
    return Turn(role="assistant", parts=tuple(parts or [Text(text="x")]))


@st.composite
def looped(draw: st.DrawFn) -> list[Turn]:
    """A call after reasoning, and its result with files."""
    call = ToolCall(id=draw(call_ids) + "1", name="look", arguments="{}", cache=draw(marks))
    result = ToolResult(
        call=call.id,
        parts=tuple(draw(st.lists(files | images | said_by_tools, min_size=1, max_size=2))),
        cache=draw(marks),
    )
    return [
        Turn(role="assistant", parts=(draw(encrypted), call)),
        Turn(role="user", parts=(result,)),
    ]


said_by_tools = st.builds(Text, text=some_words)
asked_parts = st.builds(Text, text=some_words, cache=marks) | files | images
people = st.builds(
    Turn, role=st.just("user"), parts=st.lists(asked_parts, min_size=1, max_size=3).map(tuple)
)
forms = st.just(OutputForm()) | st.builds(
    OutputForm,
    schema=st.sampled_from(
        [
            {},
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {
                "type": "object",
                "properties": {"a": {"type": "string"}},
                "required": ["a"],
                "additionalProperties": False,
            },
        ]
    ),
    name=st.text(alphabet="ab_- é", max_size=70),
    description=st.none() | some_words,
    strict=st.none() | st.booleans(),
)
thinkings = st.builds(
    Thinking,
    effort=st.none() | st.sampled_from(["none", "minimal", "low", "high", "max"]),
    budget=st.none() | st.integers(0, 40_000),
    show=st.none() | st.sampled_from(["none", "auto", "detailed"]),
)


@st.composite
def rich_requests(draw: st.DrawFn) -> ChatRequest:
    """A request as any protocol might have made it."""
    plain = draw(requests())
    spoken = draw(st.lists(people | thoughts_and_words(), max_size=4))
    spoken += draw(st.just([]) | looped())
    return msgspec.structs.replace(
        plain,
        system=draw(st.lists(st.builds(Text, text=some_words, cache=marks), max_size=2).map(tuple)),
        turns=tuple(spoken) or plain.turns,
        prefill=False,
        tools=tuple(msgspec.structs.replace(t, cache=draw(marks)) for t in plain.tools),
        sampling=msgspec.structs.replace(
            plain.sampling,
            seed=draw(st.none() | st.integers(0, 9)),
            presence_penalty=draw(st.sampled_from([None, 0.0, 1.0])),
            chances=draw(st.none() | st.integers(0, 20)),
        ),
        thinking=draw(st.none() | thinkings),
        output=draw(st.none() | forms),
        verbosity=draw(st.sampled_from([None, "low", "medium", "high"])),
        user=draw(st.none() | st.text(min_size=1, max_size=128)),
        metadata=draw(st.dictionaries(st.text(max_size=64), words, max_size=3)),
        cache=draw(marks),
        cache_key=draw(st.none() | st.text(min_size=1, max_size=64)),
    )


def projected(request: ChatRequest, model: str) -> ChatRequest:
    """What arrives of a request that was written for `model` and read again."""
    taken = model == MARKED
    added = (
        (Text(text=SAY_JSON),)
        if lacks_word(request) and not says_word(words_of(request.system))
        else ()
    )
    single = len(request.system) == 1 and bool(request.turns) and not taken
    given: set[str] = set()
    turns = tuple(
        Turn(role=turn.role, parts=parts)
        for turn in request.turns
        if (parts := tuple(_parts(turn, given, taken=taken)))
    )
    plain = responses_request(msgspec.structs.replace(request, turns=turns), model)
    return msgspec.structs.replace(
        plain,
        system=(*(_marked(t, taken=taken and not single) for t in request.system), *added),
        sampling=_sampling(plain),
        tools=tuple(msgspec.structs.replace(tool, cache=None) for tool in plain.tools),
        thinking=_thinking(request.thinking) if taken else None,
        verbosity=request.verbosity if taken else None,
        output=_form(request.output),
        cache=_mark(request.cache, taken=taken),
    )


def _sampling(request: ChatRequest) -> Sampling:
    plain = msgspec.structs.replace(request.sampling, seed=None, presence_penalty=None)
    thinking = _thinking(request.thinking)
    effort = thinking.effort if thinking else None
    if request.model == UNMARKED or effort in {None, "none"}:
        return plain
    return msgspec.structs.replace(plain, temperature=None, top_p=None, chances=None)


def _thinking(asked: Thinking | None) -> Thinking | None:
    if asked is None:
        return None
    effort = asked.effort
    if effort is None and asked.budget is not None:
        limits: tuple[tuple[int, Effort], ...] = ((0, "none"), (2048, "low"), (16384, "medium"))
        effort = next((name for most, name in limits if asked.budget <= most), "high")
    shown = None if asked.show == "none" else asked.show
    found = Thinking(effort=effort, show=shown)
    return None if found == Thinking() else found


def _form(form: OutputForm | None) -> OutputForm | None:
    if form is None or form.schema is None:
        return form
    name = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in form.name)
    strict = form.strict and is_strict(form.schema)
    return msgspec.structs.replace(form, name=name[:64] or "answer", strict=strict)


def _mark(mark: CacheMark | None, *, taken: bool) -> CacheMark | None:
    if mark is None or not taken:
        return None
    return CacheMark(ttl="1h" if mark.ttl == "1h" else None)


def _marked(part: Marked, *, taken: bool) -> Marked:
    marked: Marked = msgspec.structs.replace(part, cache=_mark(part.cache, taken=taken))
    return marked


def _parts(turn: Turn, given: set[str], *, taken: bool) -> list[Part]:
    kept: list[Part] = []
    for at, part in enumerate(turn.parts):
        if not isinstance(part, Reasoning):
            kept.append(_other(part, turn.role, taken=taken))
        elif part.sealed is not None and part.sealed.form == "encrypted":
            led_to = any(not isinstance(later, Reasoning) for later in turn.parts[at:])
            if led_to and part.sealed.id not in given:
                kept.append(_returned(part, part.sealed))
            given.add(part.sealed.id)
    return kept


def _other(part: Part, role: str, *, taken: bool) -> Part:
    match part:
        case ToolResult():
            return _result(part, taken=taken)
        case Text() if role == "assistant":
            cited = tuple(citation for citation in part.citations if citation.url)
            return msgspec.structs.replace(part, citations=cited, cache=None)
        case File():
            return _file(_marked(part, taken=taken))
        case ToolCall():
            return _marked(part, taken=False)
        case Text() | Image():
            return _marked(part, taken=taken)
        case Reasoning():
            return part


def _returned(part: Reasoning, sealed: Sealed) -> Reasoning:
    wrapped = Sealed(form="wrapped", value=sealed.value, id=sealed.id)
    return Reasoning(text=part.text if part.summary else "", summary=part.summary, sealed=wrapped)


def _result(result: ToolResult, *, taken: bool) -> ToolResult:
    parts = [_marked(part, taken=taken) for part in result.parts]
    if result.cache is not None:
        mark = _mark(result.cache, taken=taken) or parts[-1].cache
        parts[-1] = msgspec.structs.replace(parts[-1], cache=mark)
    parts = [_file(part) if isinstance(part, File) else part for part in parts]
    return ToolResult(call=result.call, parts=tuple(parts))


def _file(file: File) -> File:
    plain = msgspec.structs.replace(file, context="", cited=False)
    if file.url:
        return msgspec.structs.replace(plain, name="")
    if file.data:
        return plain
    return msgspec.structs.replace(plain, media_type="text/plain")


def unwrapped(request: ChatRequest) -> ChatRequest:
    """The request with the seals as their vendor gave them."""
    return msgspec.structs.replace(
        request,
        turns=tuple(
            Turn(role=turn.role, parts=tuple(_unwrapped(part) for part in turn.parts))
            for turn in request.turns
        ),
    )


def _unwrapped(part: Part) -> Part:
    if not isinstance(part, Reasoning) or part.sealed is None:
        return part
    sealed = Sealed(form="encrypted", value=part.sealed.value, bound="account", id=part.sealed.id)
    return msgspec.structs.replace(part, sealed=sealed)


# Replies

chances = st.builds(
    TokenChance,
    token=words,
    logprob=st.floats(-20, 0),
    octets=st.none() | st.lists(st.integers(0, 255), max_size=3).map(tuple),
    others=st.lists(st.builds(TokenChance, token=words, logprob=st.floats(-20, 0)), max_size=2).map(
        tuple
    ),
)
answered = st.builds(
    Text, text=some_words, citations=citations, chances=st.lists(chances, max_size=2).map(tuple)
)
thought = (
    st.builds(Reasoning, text=parts_of_summaries | words, summary=st.booleans())
    | st.builds(
        Reasoning,
        text=parts_of_summaries | words,
        summary=st.booleans(),
        sealed=seals("wrapped", "route"),
    )
    | st.builds(Reasoning, sealed=seals("wrapped", "route"))
)


@st.composite
def rich_replies(draw: st.DrawFn) -> Reply:
    """An answer as any vendor might have given it."""
    plain = draw(replies())
    parts: list[ReplyPart] = []
    for part in plain.parts:
        parts += draw(st.lists(thought, max_size=2))
        parts.append(draw(answered) if part == Text(text="") else part)
    parts += draw(st.lists(thought | answered, max_size=2))
    if plain.stop == "refusal":
        parts = [part for part in parts if not isinstance(part, ToolCall)]
    return msgspec.structs.replace(plain, parts=tuple(parts))


def projected_reply(reply: Reply, context: ReplyContext) -> Reply:
    """What arrives of a reply that was written to a client and read again."""
    items = 0
    parts: list[ReplyPart] = []
    in_message = False
    for part in reply.parts:
        match part:
            case Text():
                items += not in_message
                in_message = True
                parts.append(_read(part))
            case ToolCall():
                items, in_message = items + 1, False
                parts.append(part)
            case Reasoning() if part.sealed is not None or (context.thinking and part.text):
                parts.append(_thought(part, f"rs_{context.id}_{items}"))
                items, in_message = items + 1, False
            case Reasoning():
                pass
    plain = responses_reply(msgspec.structs.replace(reply, parts=tuple(parts)), context)
    return msgspec.structs.replace(plain, losses=_losses(reply))


def _losses(reply: Reply) -> tuple[Loss, ...]:
    cited = [
        citation
        for part in reply.parts
        if isinstance(part, Text) and not part.refusal
        for citation in part.citations
    ]
    return (ID_LOSS,) if any(not citation.url for citation in cited) else ()


def _thought(part: Reasoning, id_: str) -> Reasoning:
    sealed = part.sealed and Sealed(
        form="encrypted", value=part.sealed.value, bound="account", id=id_
    )
    return Reasoning(text=part.text, summary=part.summary and bool(part.text), sealed=sealed)


def _read(text: Text) -> Text:
    if text.refusal:
        return Text(text=text.text, refusal=True)
    return Text(
        text=text.text,
        citations=tuple(_cited(citation, len(text.text)) for citation in text.citations),
        chances=tuple(_chance(chance, deep=True) for chance in text.chances),
    )


def _cited(citation: Citation, length: int) -> Citation:
    end = length if citation.end is None else citation.end
    if citation.url:
        return Citation(url=citation.url, title=citation.title, start=citation.start or 0, end=end)
    title = citation.title or f"document {(citation.document or 0) + 1}"
    return Citation(title=title, start=end, end=end)


def _chance(chance: TokenChance, *, deep: bool) -> TokenChance:
    octets = tuple(chance.token.encode(errors="replace"))
    return TokenChance(
        token=chance.token,
        logprob=chance.logprob,
        octets=octets if chance.octets is None else chance.octets,
        others=tuple(_chance(o, deep=False) for o in chance.others) if deep else (),
    )


@st.composite
def rich_streams(draw: st.DrawFn) -> list[Event]:
    """Some rich reply's events, its words cut into pieces."""
    events: list[Event] = []
    for event in unfold(draw(rich_replies())):
        match event:
            case TextDelta(text=text):
                events += [TextDelta(text=piece) for piece in draw(pieces(text))]
            case ReasoningDelta(text=text):
                events += [ReasoningDelta(text=piece) for piece in draw(pieces(text))]
            case ToolInputDelta(json=text):
                events += [ToolInputDelta(json=piece) for piece in draw(pieces(text))]
            case _:
                events.append(event)
    return events
