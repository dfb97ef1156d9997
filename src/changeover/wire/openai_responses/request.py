"""Responses requests, read from clients.

* Instructions stand in `instructions`, or in messages of the roles `system` and
  `developer` anywhere in the input.
* `include` names what an answer holds beside its words. Encrypted reasoning is given in any
  case, because nothing is stored and the client could not go on without it; what one
  vendor's own tools found is not.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import CacheMark, ChatRequest, Loss, Sampling, Text
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_responses.caching import WireCacheOptions, read_mark
from changeover.wire.openai_responses.chances import INCLUDED, read_asked
from changeover.wire.openai_responses.fields import FIELDS
from changeover.wire.openai_responses.items import ItemReader
from changeover.wire.openai_responses.naming import read_user
from changeover.wire.openai_responses.output_form import WireText, read_form
from changeover.wire.openai_responses.thinking import WireReasoning, read_thinking
from changeover.wire.openai_responses.tools import read_tools
from changeover.wire.shapes import object_from_client, shape_from_client, straight
from changeover.wire.transcript import Transcript

ENCRYPTED = "reasoning.encrypted_content"
_KNOWN = frozenset({ENCRYPTED, INCLUDED})
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _Request(msgspec.Struct):
    model: str
    input: str | list[dict[str, Any]]
    instructions: str | None = None
    max_output_tokens: _Count | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    top_logprobs: Annotated[int, msgspec.Meta(ge=0, le=20)] | None = None
    stream: bool | None = None
    include: list[str] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    reasoning: WireReasoning | None = None
    text: WireText | None = None
    user: str | None = None
    safety_identifier: str | None = None
    metadata: dict[str, str] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: WireCacheOptions | None = None


class _StrictReasoning(WireReasoning, forbid_unknown_fields=True):
    pass


class _StrictCacheOptions(WireCacheOptions, forbid_unknown_fields=True):
    pass


class Strict(_Request, forbid_unknown_fields=True):
    """A request that has only fields that are carried, each in one way."""

    reasoning: _StrictReasoning | None = None
    text: None = None
    prompt_cache_options: _StrictCacheOptions | None = None
    store: bool | None = None


_strict = msgspec.json.Decoder(Strict)


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    strict = straight(_strict, body)
    if strict is not None and not strict.store:
        return _canonical(strict, [])
    given = object_from_client(body)
    losses = review(given, FIELDS)
    return _canonical(shape_from_client(given, _Request), losses)


def _canonical(asked: _Request, losses: list[Loss]) -> tuple[ChatRequest, tuple[Loss, ...]]:
    if asked.include:
        losses += _unknown_includes(asked.include)
    transcript = _read_input(asked)
    stream = bool(asked.stream)
    request = ChatRequest(
        model=asked.model,
        system=tuple(transcript.system),
        turns=tuple(transcript.turns),
        sampling=Sampling(
            max_tokens=asked.max_output_tokens,
            temperature=asked.temperature,
            top_p=asked.top_p,
            chances=read_asked(asked.top_logprobs, asked.include or ()),
        ),
        stream=stream,
        stream_usage=stream,
    )
    if not _asks_no_more(asked):
        request = _with_the_rest(request, asked, losses)
    return request, (*losses, *transcript.losses)


def _asks_no_more(asked: _Request) -> bool:
    """Whether nothing is said but what every request says: naming each field costs time."""
    return (
        asked.tools is None
        and asked.tool_choice is None
        and asked.reasoning is None
        and asked.text is None
        and asked.user is None
        and asked.safety_identifier is None
        and asked.metadata is None
        and asked.prompt_cache_options is None
        and asked.prompt_cache_key is None
    )


def _with_the_rest(request: ChatRequest, asked: _Request, losses: list[Loss]) -> ChatRequest:
    of_tools = read_tools(asked.tools or [], asked.tool_choice, losses)
    return msgspec.structs.replace(
        request,
        tools=of_tools.tools,
        tool_choice=of_tools.choice,
        parallel_calls=asked.parallel_tool_calls if of_tools.tools else None,
        thinking=read_thinking(asked.reasoning),
        output=read_form(asked.text),
        verbosity=asked.text.verbosity if asked.text else None,
        user=read_user(asked.user, asked.safety_identifier, losses),
        metadata=asked.metadata or {},
        cache=_cache(asked.prompt_cache_options, losses),
        cache_key=asked.prompt_cache_key,
    )


def _unknown_includes(include: list[str]) -> list[Loss]:
    why = "What one vendor's own tools found is not in an answer, and nothing is repeated in it."
    return [
        Loss(field=f"include[{index}]", why=why)
        for index, name in enumerate(include)
        if name not in _KNOWN
    ]


def _cache(options: WireCacheOptions | None, losses: list[Loss]) -> CacheMark | None:
    if options is not None and options.mode == "explicit":
        why = "A vendor that caches without being asked goes on to do so."
        losses.append(Loss(field="prompt_cache_options.mode", why=why))
    return read_mark(options, "prompt_cache_options", losses)


def _read_input(asked: _Request) -> Transcript:
    transcript = Transcript()
    if asked.instructions is not None:
        transcript.instruct((Text(text=asked.instructions),), "instructions")
    if isinstance(asked.input, str):
        transcript.say("user", (Text(text=asked.input),))
    else:
        reader = ItemReader(transcript)
        for index, item in enumerate(asked.input):
            reader.read(item, index)
        reader.close()
        if not (transcript.turns or transcript.system):
            raise ProtocolError(
                "The input says nothing.", field="input", do="Give it a message with text."
            )
    return transcript
