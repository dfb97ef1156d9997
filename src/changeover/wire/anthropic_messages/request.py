"""Messages requests, read from clients and written to vendors.

* Instructions stand in `system`; a message of the role `system` is read too.
* `max_tokens` is required. Where a client of another protocol gives none,
  `DEFAULT_MAX_TOKENS` is sent and reported.
* A last turn of the assistant is continued by the model (prefill). A request
  from another protocol that ends so meant an answer after it; it is sent all
  the same, without the white space at its end that the vendor refuses, and
  reported.
* The vendor refuses stop sequences of white space only; they are left out, and
  reported where that changes what was asked.
* `temperature` reaches to 1 here and to 2 elsewhere: what is above is lowered
  to 1 and reported. Models since Claude 4.1 refuse it together with `top_p`;
  the vendor advises to set only one, so `top_p` is then left out and reported.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Part, Sampling, Text, Turn
from changeover.wire.anthropic_messages.content import (
    Content,
    ContentWriter,
    read_content,
    read_words,
)
from changeover.wire.anthropic_messages.errors import ThreadUnsupportedError
from changeover.wire.anthropic_messages.fields import FIELDS, MESSAGE
from changeover.wire.anthropic_messages.tools import read_tools, write_tools
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.shapes import object_from_client, shape_from_client
from changeover.wire.transcript import Transcript

DEFAULT_MAX_TOKENS = 4096
"""The most that every Claude model in service can answer; larger ones may say more if asked."""

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


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


class _Message(msgspec.Struct):
    role: str
    content: Content


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    given = object_from_client(body)
    if given.get("thread"):
        raise ThreadUnsupportedError(
            "The field thread is not supported here.",
            field="thread",
            means="The conversation is held by its owner, and another vendor's model may answer.",
            do="Send the whole conversation, without the field.",
        )
    losses = review(given, FIELDS)
    asked = shape_from_client(given, _Request)
    transcript = Transcript()
    if asked.system is not None:
        transcript.instruct(read_words(asked.system, "system", "system", losses), "system")
    for index, message in enumerate(asked.messages):
        _read_message(message, f"messages[{index}]", transcript)
    of_tools = read_tools(asked.tools or (), asked.tool_choice, losses)
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
            stop=tuple(asked.stop_sequences or ()),
        ),
        stream=stream,
        stream_usage=stream,
        prefill=bool(turns) and turns[-1].role == "assistant",
        tools=of_tools.tools,
        tool_choice=of_tools.choice,
        parallel_calls=of_tools.parallel,
    )
    return request, (*losses, *transcript.losses)


def _read_message(given: dict[str, Any], place: str, into: Transcript) -> None:
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
    writer = ContentWriter()
    system, turns = _system_and_turns(request, writer, losses)
    body: dict[str, Any] = {
        "model": upstream_model,
        "max_tokens": _max_tokens(request.sampling, losses),
        "messages": [{"role": turn.role, "content": writer.content(turn.parts)} for turn in turns],
    }
    if system:
        body["system"] = writer.content(system)
    body |= _sampling(request.sampling, losses)
    body |= write_tools(request, losses)
    if request.stream:
        body["stream"] = True
    return msgspec.json.encode(body), (*writer.losses, *losses)


def _system_and_turns(
    request: ChatRequest, writer: ContentWriter, losses: list[Loss]
) -> tuple[tuple[Part, ...], tuple[Turn, ...]]:
    system = writer.spoken(request.system, "user")
    turns = [
        Turn(role=turn.role, parts=writer.spoken(turn.parts, turn.role)) for turn in request.turns
    ]
    spoken = tuple(turn for turn in turns if turn.parts)
    if len(spoken) < len(turns):
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


def _trimmed(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns without white space at the end of the last one's last part."""
    *before, last = turns
    *parts, end = last.parts
    if isinstance(end, Text):
        end = msgspec.structs.replace(end, text=end.text.rstrip())
    return (*before, Turn(role=last.role, parts=(*parts, end)))


def _max_tokens(sampling: Sampling, losses: list[Loss]) -> int:
    if sampling.max_tokens is not None:
        return sampling.max_tokens
    why = f"Messages needs a limit; {DEFAULT_MAX_TOKENS} is sent."
    losses.append(Loss(field="max_tokens", why=why))
    return DEFAULT_MAX_TOKENS


def _sampling(sampling: Sampling, losses: list[Loss]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if sampling.temperature is not None:
        fields["temperature"] = min(sampling.temperature, 1.0)
        if sampling.temperature > 1:
            losses.append(Loss(field="temperature", why="Messages takes at most 1; 1 is sent."))
    if sampling.top_p is not None and sampling.temperature is None:
        fields["top_p"] = sampling.top_p
    elif sampling.top_p is not None:
        why = "Messages takes temperature or top_p; temperature is sent."
        losses.append(Loss(field="top_p", why=why))
    if sampling.top_k is not None:
        fields["top_k"] = sampling.top_k
    stop = [sequence for sequence in sampling.stop if sequence.strip()]
    if stop:
        fields["stop_sequences"] = stop
    if len(stop) < len(sampling.stop):
        why = "Messages takes no stop sequence of white space only."
        losses.append(Loss(field="stop", why=why))
    return fields
