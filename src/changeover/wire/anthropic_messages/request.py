"""Messages requests, read from clients and written to vendors.

* Instructions stand in `system`; a message of the role `system` is read too.
* A last turn of the assistant is continued by the model (prefill). A request
  from another protocol that ends so meant an answer after it; it is sent all
  the same, without the white space at its end that the vendor refuses, and
  reported. A model that continues none is asked to go on, in a turn of the user's, and
  that is reported too.
* Where all that a person sent is files that the vendor does not take, a note stands for
  them: the vendor wants a turn, and the model should know. They are reported as left out.
* `metadata.user_id` names for whom is asked, in 256 characters at most. Beta headers
  and the query (`?beta=true`) change nothing here: what they allow in the body is read, or
  reported, by its field.
"""

from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    File,
    Loss,
    Part,
    Reasoning,
    Sampling,
    Text,
    ToolCall,
    ToolResult,
    Turn,
    kinds_in,
)
from changeover.wire.anthropic_messages.caching import marked, read_mark, settle
from changeover.wire.anthropic_messages.content import (
    Content,
    ContentWriter,
    read_content,
    read_words,
)
from changeover.wire.anthropic_messages.documents import numbering, to_cite
from changeover.wire.anthropic_messages.errors import ThreadUnsupportedError
from changeover.wire.anthropic_messages.fields import FIELDS, MESSAGE
from changeover.wire.anthropic_messages.forms import WireFormat, read_form, written_form
from changeover.wire.anthropic_messages.reasoning import (
    begins_with_reasoning,
    without_end,
    without_reasoning,
)
from changeover.wire.anthropic_messages.sampling import most_tokens, write_sampling
from changeover.wire.anthropic_messages.thinking import (
    UNPLANNED,
    Plan,
    WireThinking,
    hindered,
    plan,
    read_thinking,
    written_thinking,
)
from changeover.wire.anthropic_messages.tools import is_forced, read_tools, write_tools
from changeover.wire.claude import Generation, generation_of
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.shapes import object_from_client, shape_from_client, straight
from changeover.wire.silence import tells_of_silence
from changeover.wire.transcript import Transcript

LONGEST_USER = 256
_UNSAID = (
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "logprobs",
    "verbosity",
    "metadata",
    "prompt_cache_key",
)
_NOTHING = (None,) * len(_UNSAID)
_encode = msgspec.json.Encoder().encode
LEFT_OUT = "(A file was sent here that cannot be shown.)"
GO_ON = "Continue."
_WORDS_ALONE = 2  # fields: the role and the content
_SPEAKERS = ("user", "assistant")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _OutputConfig(msgspec.Struct):
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: WireFormat | None = None


class _Metadata(msgspec.Struct):
    user_id: str | None = None


class _Request(msgspec.Struct):
    model: str
    max_tokens: _Count
    messages: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]
    system: Content | None = None
    stop_sequences: list[str] | None = None
    stream: bool | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    top_k: _Count | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: dict[str, Any] | None = None
    thinking: WireThinking | None = None
    output_config: _OutputConfig | None = None
    output_format: WireFormat | None = None
    metadata: _Metadata | None = None


class _Message(msgspec.Struct):
    role: str
    content: Content


class _StrictThinking(WireThinking, forbid_unknown_fields=True):
    pass


class _StrictMetadata(_Metadata, forbid_unknown_fields=True):
    pass


class Strict(_Request, forbid_unknown_fields=True):
    """A request that has only fields that are carried, each in one way."""

    tool_choice: None = None
    thinking: _StrictThinking | None = None
    output_config: None = None
    output_format: None = None
    metadata: _StrictMetadata | None = None


_strict = msgspec.json.Decoder(Strict)


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    asked = straight(_strict, body)
    return _reviewed(body) if asked is None else _canonical(asked, [], None)


def _reviewed(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """The request, field by field."""
    given = object_from_client(body)
    if given.get("thread"):
        raise ThreadUnsupportedError(
            "The field thread is not supported here.",
            field="thread",
            means="The conversation is held by its owner, and another vendor's model may answer.",
            do="Send the whole conversation, without the field.",
        )
    losses = review(given, FIELDS)
    return _canonical(shape_from_client(given, _Request), losses, given)


def _canonical(
    asked: _Request, losses: list[Loss], given: dict[str, Any] | None
) -> tuple[ChatRequest, tuple[Loss, ...]]:
    transcript = Transcript()
    if asked.system is not None:
        transcript.instruct(read_words(asked.system, "system", "system", losses), "system")
    for index, message in enumerate(asked.messages):
        _read_message(message, index, transcript)
    turns = transcript.turns
    stream = bool(asked.stream)
    request = ChatRequest(
        model=asked.model,
        system=tuple(transcript.system),
        turns=turns,
        sampling=Sampling(
            max_tokens=asked.max_tokens,
            temperature=asked.temperature,
            top_p=asked.top_p,
            top_k=asked.top_k,
            stop=tuple(asked.stop_sequences) if asked.stop_sequences else (),
        ),
        stream=stream,
        stream_usage=stream,
        prefill=bool(turns) and turns[-1].role == "assistant",
    )
    if given is not None or not _asks_no_more(asked):
        request = _with_the_rest(request, asked, losses, given or {})
    return request, (*losses, *transcript.losses)


def _asks_no_more(asked: _Request) -> bool:
    """Whether nothing is said but what every request says: naming each field costs time."""
    return (
        asked.tools is None
        and asked.tool_choice is None
        and asked.thinking is None
        and asked.output_config is None
        and asked.output_format is None
        and asked.metadata is None
    )


def _with_the_rest(
    request: ChatRequest, asked: _Request, losses: list[Loss], given: dict[str, Any]
) -> ChatRequest:
    of_tools = read_tools(asked.tools or (), asked.tool_choice, losses)
    output = asked.output_config or _OutputConfig()
    thinking = read_thinking(asked.thinking, output.effort, losses)
    return msgspec.structs.replace(
        request,
        tools=of_tools.tools,
        tool_choice=of_tools.choice,
        parallel_calls=of_tools.parallel,
        thinking=thinking,
        output=read_form(output.format or asked.output_format),
        user=asked.metadata.user_id if asked.metadata else None,
        cache=read_mark(given, ""),
    )


def _read_message(given: dict[str, Any], index: int, into: Transcript) -> None:
    # Most messages are one text of one side, and nothing else.
    if len(given) == _WORDS_ALONE and type(words := given.get("content")) is str:
        role = given.get("role")
        if role in _SPEAKERS:
            into.say(role, (Text(text=words),))
            return
    place = f"messages[{index}]"
    message = shape_from_client(given, _Message, place)
    into.losses += review(given, MESSAGE, place)
    at = f"{place}.content"
    match message.role:
        case "system":
            words = read_words(message.content, "system", at, into.losses)
            into.instruct(words, f"{place}.role")
        case "user":
            into.say("user", read_content(message.content, "user", at, into.losses))
        case "assistant":
            into.say("assistant", read_content(message.content, "assistant", at, into.losses))
        case _:
            raise ProtocolError(
                f"A message of the role {message.role!r} is not supported here.",
                field=f"{place}.role",
                do="Use user, assistant or system.",
            )


def encode_request(request: ChatRequest, upstream_model: str) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    losses: list[Loss] = []
    takes = generation_of(upstream_model)
    form = written_form(request.output, losses)
    asides: dict[Loss, None] = {}
    kinds = kinds_in(request.turns)
    writer = ContentWriter()
    if File in kinds or ToolResult in kinds:  # which may hold files too
        cited = to_cite(request.turns, asides, formed=form is not None)
        writer = ContentWriter(numbering(request.turns), cited=cited)
    system, turns = _system_and_turns(request, writer, losses)
    turns = _answerable(turns, takes, losses)
    planned = UNPLANNED
    if request.thinking is not None or Reasoning in kinds:
        planned, turns = _with_reasoning(request, takes, turns, losses)
    body: dict[str, Any] = {
        "model": upstream_model,
        "max_tokens": most_tokens(request.sampling, planned, losses),
        "messages": [{"role": turn.role, "content": writer.content(turn.parts)} for turn in turns],
    }
    if system:
        body["system"] = writer.content(system)
    if planned is not UNPLANNED:
        body |= written_thinking(planned, request.thinking, takes, losses)
    if planned.effort is not None:
        body["output_config"] = {"effort": planned.effort}
    if form is not None:
        body.setdefault("output_config", {})["format"] = form
    body |= write_sampling(request.sampling, planned, takes, losses)
    if request.tools or ToolCall in kinds:
        body |= write_tools(request, losses, forced=takes.forced)
    body |= _about(request, losses)
    if request.stream:
        body["stream"] = True
    marked(body, request.cache)
    settle(body, losses)
    return _encode(body), (*asides, *writer.losses, *losses)


def _with_reasoning(
    request: ChatRequest, takes: Generation, turns: tuple[Turn, ...], losses: list[Loss]
) -> tuple[Plan, tuple[Turn, ...]]:
    """How the model reasons, and the turns with the reasoning that it then takes."""
    left: dict[Loss, None] = {}
    turns = without_end(turns, left)
    planned = plan(request.thinking, takes, request.sampling.max_tokens, losses)
    if planned.mode == "budget":
        forced, begun = is_forced(request), begins_with_reasoning(turns)
        planned = hindered(planned, takes, forced=forced, begun=begun, losses=losses)
    if planned.mode == "off" or (planned.mode is None and takes.silent):
        turns = without_reasoning(turns, left)
    losses += left
    return planned, turns


def _system_and_turns(
    request: ChatRequest, writer: ContentWriter, losses: list[Loss]
) -> tuple[tuple[Part, ...], tuple[Turn, ...]]:
    system = writer.spoken(request.system, "user")
    turns = [_spoken(turn, writer) for turn in request.turns]
    spoken = tuple([turn for turn in turns if turn.parts])
    if tells_of_silence(turns):
        losses.append(Loss(field="messages", why="Messages takes no turn without words."))
    if not spoken and system:
        why = "Messages needs a turn; the instructions are sent as the user's."
        losses.append(Loss(field="messages", why=why))
        return (), (Turn(role="user", parts=system),)
    if spoken and spoken[-1].role == "assistant" and not request.prefill:
        why = "Messages continues a last assistant turn instead of answering after it."
        losses.append(Loss(field="messages", why=why))
        spoken = _trimmed(spoken)
    return system, spoken


def _spoken(turn: Turn, writer: ContentWriter) -> Turn:
    parts = writer.spoken(turn.parts, turn.role)
    if parts is turn.parts:
        return turn
    return Turn(role=turn.role, parts=parts or _noted(turn))


def _noted(turn: Turn) -> tuple[Part, ...]:
    """What stands for the files of a person's turn of which nothing else is left."""
    left = turn.role == "user" and any(isinstance(part, File) for part in turn.parts)
    return (Text(text=LEFT_OUT),) if left else ()


def _answerable(turns: tuple[Turn, ...], takes: Generation, losses: list[Loss]) -> tuple[Turn, ...]:
    """The turns, and one that asks to go on where the model does not continue the last."""
    if takes.prefill or not turns or turns[-1].role == "user":
        return turns
    losses.append(Loss(field="messages", why="This model continues no turn; it is asked to go on."))
    return (*turns, Turn(role="user", parts=(Text(text=GO_ON),)))


def _trimmed(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns without white space at the end of the last one's last part."""
    *before, last = turns
    *parts, end = last.parts
    if isinstance(end, Text):
        end = msgspec.structs.replace(end, text=end.text.rstrip())
    return (*before, Turn(role=last.role, parts=(*parts, end)))


def _about(request: ChatRequest, losses: list[Loss]) -> dict[str, Any]:
    """For whom is asked; and the losses of what this protocol has no field for."""
    sampling = request.sampling
    unsaid = (
        sampling.seed,
        sampling.frequency_penalty,
        sampling.presence_penalty,
        sampling.chances,
        request.verbosity,
        request.metadata or None,
        request.cache_key,
    )
    if unsaid != _NOTHING:
        said = zip(_UNSAID, unsaid, strict=True)
        why = "Messages has no field for it."
        losses += [Loss(field=name, why=why) for name, value in said if value is not None]
    if request.user is None:
        return {}
    if len(request.user) > LONGEST_USER:
        why = f"Messages takes at most {LONGEST_USER} characters; it is left out."
        losses.append(Loss(field="user", why=why))
        return {}
    return {"metadata": {"user_id": request.user}}
