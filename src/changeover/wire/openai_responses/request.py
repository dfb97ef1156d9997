"""Responses requests, read from clients and written to vendors.

* Instructions stand in `instructions`, or in messages of the roles `system` and
  `developer` anywhere in the input. They are written to `instructions` where
  they are one text and turns follow; else as a message before the turns.
* `store` is sent as false always: without it, the vendor keeps every answer.
* The vendor refuses a limit under 16 tokens; 16 is then sent and reported.
* There are no stop sequences and no `top_k`; leaving them out is reported.
* A last assistant turn that is to be continued (Anthropic's prefill) is sent as
  an ordinary turn, because this protocol answers after it; that is a loss.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling, Text
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_responses.fields import FIELDS
from changeover.wire.openai_responses.items import ItemReader
from changeover.wire.openai_responses.tools import read_tools, write_tools
from changeover.wire.openai_responses.writing import Item, ItemWriter, message
from changeover.wire.shapes import object_from_client, shape_from_client
from changeover.wire.transcript import Transcript

MIN_TOKENS = 16
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _Request(msgspec.Struct):
    model: str
    input: str | list[dict[str, Any]]
    instructions: str | None = None
    max_output_tokens: _Count | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    stream: bool | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    given = object_from_client(body)
    losses = review(given, FIELDS)
    asked = shape_from_client(given, _Request)
    transcript = _read_input(asked)
    of_tools = read_tools(asked.tools or [], asked.tool_choice, losses)
    stream = bool(asked.stream)
    request = ChatRequest(
        model=asked.model,
        system=tuple(transcript.system),
        turns=tuple(transcript.turns),
        sampling=Sampling(
            max_tokens=asked.max_output_tokens,
            temperature=asked.temperature,
            top_p=asked.top_p,
        ),
        stream=stream,
        stream_usage=stream,
        tools=of_tools.tools,
        tool_choice=of_tools.choice,
        parallel_calls=asked.parallel_tool_calls if of_tools.tools else None,
    )
    return request, (*losses, *transcript.losses)


def _read_input(asked: _Request) -> Transcript:
    transcript = Transcript()
    if asked.instructions is not None:
        transcript.instruct((Text(text=asked.instructions),), "instructions")
    if isinstance(asked.input, str):
        transcript.say("user", (Text(text=asked.input),))
    else:
        reader = ItemReader(transcript)
        for index, item in enumerate(asked.input):
            reader.read(item, f"input[{index}]")
        reader.close()
        if not (transcript.turns or transcript.system):
            raise ProtocolError(
                "The input says nothing.", field="input", do="Give it a message with text."
            )
    return transcript


def encode_request(request: ChatRequest, upstream_model: str) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    sampling, writer = request.sampling, ItemWriter()
    items: list[Item] = []
    body: dict[str, Any] = {"model": upstream_model, "input": items, "store": False}
    if len(request.system) == 1 and request.turns:
        body["instructions"] = request.system[0].text
    elif request.system:
        items.append(message("system", request.system))
    for turn in request.turns:
        items += writer.turn(turn)
    limit = sampling.max_tokens
    numbers = {
        "max_output_tokens": None if limit is None else max(limit, MIN_TOKENS),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    body |= {name: value for name, value in numbers.items() if value is not None}
    body |= write_tools(request)
    if request.stream:
        body["stream"] = True
    return msgspec.json.encode(body), (*writer.losses, *_losses(request))


def _losses(request: ChatRequest) -> tuple[Loss, ...]:
    losses: list[Loss] = []
    sampling = request.sampling
    if sampling.max_tokens is not None and sampling.max_tokens < MIN_TOKENS:
        why = f"Responses takes no limit under {MIN_TOKENS}; {MIN_TOKENS} is sent."
        losses.append(Loss(field="max_tokens", why=why))
    if sampling.top_k is not None:
        losses.append(Loss(field="top_k", why="Responses has no such setting."))
    if sampling.stop:
        losses.append(Loss(field="stop", why="Responses has no stop sequences."))
    if request.prefill:
        why = "Responses answers after a last assistant turn instead of continuing it."
        losses.append(Loss(field="messages", why=why))
    return tuple(losses)
