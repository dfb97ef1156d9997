"""Chat Completions requests, read from clients and written to vendors.

* `system` and `developer` messages mean the same and may stand anywhere; both
  become the request's instructions, which are written as one `system` message
  (OpenAI reads it as `developer` where a model wants that; compatible servers
  often know only `system`).
* An assistant's `refusal` stays marked as one.
* Instructions and turns of one part are written as a string, others as a list.
* A streamed request always asks the vendor for the counts: they are metered
  whether the client wants to see them or not.
* A last assistant turn that is to be continued (Anthropic's prefill) is sent as
  an ordinary turn, because this protocol answers after it; that is a loss.
"""

from typing import Annotated, Any, assert_never

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Loss,
    Part,
    Role,
    Sampling,
    Text,
    Turn,
)
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_chat.fields import FIELDS, MESSAGE, PART
from changeover.wire.shapes import object_from_client, shape_from_client
from changeover.wire.transcript import Transcript

MAX_STOPS = 4
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class _Request(msgspec.Struct):
    model: str
    messages: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]
    max_tokens: _Count | None = None
    max_completion_tokens: _Count | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    stop: str | Annotated[list[str], msgspec.Meta(max_length=MAX_STOPS)] | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None


class _Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None


class _Part(msgspec.Struct):
    type: str
    text: str | None = None
    refusal: str | None = None


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    given = object_from_client(body)
    losses = review(given, FIELDS)
    asked = shape_from_client(given, _Request)
    transcript = Transcript()
    for index, message in enumerate(asked.messages):
        _read_message(message, f"messages[{index}]", transcript)
    if asked.max_tokens is not None and asked.max_completion_tokens is not None:
        losses.append(Loss(field="max_tokens", why="max_completion_tokens is given and counts."))
    request = ChatRequest(
        model=asked.model,
        system=tuple(transcript.system),
        turns=tuple(transcript.turns),
        sampling=_sampling(asked),
        stream=bool(asked.stream),
        stream_usage=bool(asked.stream_options and asked.stream_options.include_usage),
    )
    return request, (*losses, *transcript.losses)


def _sampling(asked: _Request) -> Sampling:
    newer = asked.max_completion_tokens
    stop = [asked.stop] if isinstance(asked.stop, str) else asked.stop or ()
    return Sampling(
        max_tokens=asked.max_tokens if newer is None else newer,
        temperature=asked.temperature,
        top_p=asked.top_p,
        stop=tuple(stop),
    )


def _read_message(given: dict[str, Any], place: str, into: Transcript) -> None:
    message = shape_from_client(given, _Message, place)
    into.losses += review(given, MESSAGE, place)
    match message.role:
        case "system" | "developer":
            into.instruct(_parts(message, place, into.losses), f"{place}.role")
        case "user" | "assistant" as role:
            into.say(_role(role), _parts(message, place, into.losses))
        case _:
            raise ProtocolError(
                f"A message of the role {message.role!r} is not supported here.",
                field=f"{place}.role",
                means="Only text turns are carried; tools and their results are not yet.",
                do="Use system, developer, user or assistant.",
            )


def _role(role: str) -> Role:
    return "user" if role == "user" else "assistant"


def _parts(message: _Message, place: str, losses: list[Loss]) -> tuple[Part, ...]:
    parts: list[Part] = []
    if isinstance(message.content, str):
        parts.append(Text(text=message.content))
    for index, given in enumerate(message.content or () if not parts else ()):
        assert isinstance(given, dict)
        at = f"{place}.content[{index}]"
        losses += review(given, PART, at)
        parts.append(_part(shape_from_client(given, _Part, at), at))
    if message.refusal is not None:
        parts.append(Text(text=message.refusal, refusal=True))
    if not parts:
        raise ProtocolError(
            "A message has no content.",
            field=f"{place}.content",
            do="Give it text, or leave the message out.",
        )
    return tuple(parts)


def _part(part: _Part, place: str) -> Part:
    match part:
        case _Part(type="text", text=str(text)):
            return Text(text=text)
        case _Part(type="refusal", refusal=str(refusal)):
            return Text(text=refusal, refusal=True)
        case _Part(type="text" | "refusal" as kind):
            raise ProtocolError(
                f"A {kind} part has no {kind}.", field=f"{place}.{kind}", do="Give it as a string."
            )
        case _:
            raise ProtocolError(
                f"A content part of the type {part.type!r} is not supported here.",
                field=f"{place}.type",
                means="Only text is carried; images, audio and files are not yet.",
                do="Send text parts only.",
            )


def encode_request(request: ChatRequest, upstream_model: str) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    sampling = request.sampling
    numbers = {
        "max_completion_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    body: dict[str, Any] = {"model": upstream_model, "messages": _messages(request)}
    body |= {name: value for name, value in numbers.items() if value is not None}
    if sampling.stop:
        body["stop"] = sampling.stop[:MAX_STOPS]
    if request.stream:
        body["stream"] = True
        body["stream_options"] = {"include_usage": True}
    return msgspec.json.encode(body), _losses(request)


def _losses(request: ChatRequest) -> tuple[Loss, ...]:
    losses: list[Loss] = []
    if request.sampling.top_k is not None:
        losses.append(Loss(field="top_k", why="Chat Completions has no such setting."))
    if len(request.sampling.stop) > MAX_STOPS:
        why = f"Chat Completions takes {MAX_STOPS} sequences; the first {MAX_STOPS} are sent."
        losses.append(Loss(field="stop_sequences", why=why))
    if request.prefill:
        why = "Chat Completions answers after a last assistant turn instead of continuing it."
        losses.append(Loss(field="messages", why=why))
    return tuple(losses)


def _messages(request: ChatRequest) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if request.system:
        messages.append({"role": "system", "content": _content(request.system)})
    messages += [_message(turn) for turn in request.turns]
    return messages


def _message(turn: Turn) -> dict[str, Any]:
    return {"role": turn.role, "content": _content(turn.parts)}


def _content(parts: tuple[Part, ...]) -> str | list[dict[str, str]]:
    match parts:
        case (Text(refusal=False) as only,):
            return only.text
        case _:
            return [_written(part) for part in parts]


def _written(part: Part) -> dict[str, str]:
    match part:
        case Text(refusal=True):
            return {"type": "refusal", "refusal": part.text}
        case Text():
            return {"type": "text", "text": part.text}
        case _:
            assert_never(part)
