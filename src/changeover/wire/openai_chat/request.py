"""Chat Completions requests, read from clients and written to vendors.

* A streamed request always asks the vendor for the counts: they are metered
  whether the client wants to see them or not.
* A last assistant turn that is to be continued (Anthropic's prefill) is sent as
  an ordinary turn, because this protocol answers after it; that is a loss.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling
from changeover.wire.fields import review
from changeover.wire.openai_chat.fields import FIELDS
from changeover.wire.openai_chat.messages import MessageWriter, read_message
from changeover.wire.openai_chat.tools import read_tools, write_tools
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
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    given = object_from_client(body)
    losses = review(given, FIELDS)
    asked = shape_from_client(given, _Request)
    transcript = Transcript()
    for index, message in enumerate(asked.messages):
        read_message(message, f"messages[{index}]", transcript)
    if asked.max_tokens is not None and asked.max_completion_tokens is not None:
        losses.append(Loss(field="max_tokens", why="max_completion_tokens is given and counts."))
    of_tools = read_tools(asked.tools or [], asked.tool_choice, losses)
    request = ChatRequest(
        model=asked.model,
        system=tuple(transcript.system),
        turns=transcript.turns,
        sampling=_sampling(asked),
        stream=bool(asked.stream),
        stream_usage=bool(asked.stream_options and asked.stream_options.include_usage),
        tools=of_tools.tools,
        tool_choice=of_tools.choice,
        parallel_calls=asked.parallel_tool_calls if of_tools.tools else None,
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


def encode_request(request: ChatRequest, upstream_model: str) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    sampling = request.sampling
    numbers = {
        "max_completion_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    writer = MessageWriter()
    messages = writer.instructions(request.system)
    for turn in request.turns:
        messages += writer.turn(turn)
    body: dict[str, Any] = {"model": upstream_model, "messages": messages}
    body |= {name: value for name, value in numbers.items() if value is not None}
    body |= write_tools(request)
    if sampling.stop:
        body["stop"] = sampling.stop[:MAX_STOPS]
    if request.stream:
        body["stream"] = True
        body["stream_options"] = {"include_usage": True}
    return msgspec.json.encode(body), (*writer.losses, *_losses(request))


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
