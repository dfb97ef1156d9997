"""Chat Completions requests, as clients write them. `sending.py` writes them to servers.

`safety_identifier` replaced `user`, and `max_completion_tokens` replaced `max_tokens`; where
both are given the newer counts. `logprobs` asks for probabilities, and `top_logprobs` says with
how many others in each place.
"""

from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import ChatRequest, Effort, Loss, Sampling, Thinking
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_chat.fields import FIELDS
from changeover.wire.openai_chat.messages import read_message
from changeover.wire.openai_chat.output_form import read_format
from changeover.wire.openai_chat.tools import read_tools
from changeover.wire.openai_responses.caching import WireCacheOptions, read_mark
from changeover.wire.shapes import object_from_client, shape_from_client, straight
from changeover.wire.transcript import Transcript

MAX_STOPS = 4
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
_Penalty = Annotated[float, msgspec.Meta(ge=-2, le=2)]


class _StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class _Request(msgspec.Struct):
    model: str
    messages: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]
    max_tokens: _Count | None = None
    max_completion_tokens: _Count | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    top_k: _Count | None = None
    stop: str | Annotated[list[str], msgspec.Meta(max_length=MAX_STOPS)] | None = None
    seed: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | None = None
    frequency_penalty: _Penalty | None = None
    presence_penalty: _Penalty | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, msgspec.Meta(ge=0, le=20)] | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    response_format: dict[str, Any] | None = None
    reasoning_effort: Effort | None = None
    thinking_token_budget: _Count | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    safety_identifier: str | None = None
    user: str | None = None
    metadata: dict[str, str] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: WireCacheOptions | None = None
    continue_final_message: bool | None = None
    add_generation_prompt: bool | None = None


class _StrictStreamOptions(_StreamOptions, forbid_unknown_fields=True):
    pass


class _StrictCacheOptions(WireCacheOptions, forbid_unknown_fields=True):
    pass


class Strict(_Request, forbid_unknown_fields=True):
    """A request that has only fields that are carried, each in one way."""

    stream_options: _StrictStreamOptions | None = None
    prompt_cache_options: _StrictCacheOptions | None = None


_strict = msgspec.json.Decoder(Strict)


def decode_request(body: bytes) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    losses: list[Loss] = []
    asked: _Request | None = straight(_strict, body)
    if asked is None:
        given = object_from_client(body)
        losses = review(given, FIELDS)
        asked = shape_from_client(given, _Request)
    return _canonical(asked, losses)


def _canonical(asked: _Request, losses: list[Loss]) -> tuple[ChatRequest, tuple[Loss, ...]]:
    transcript = Transcript()
    continued = False
    for index, message in enumerate(asked.messages):
        continued = read_message(message, index, transcript)
    losses += _older(asked)
    turns = transcript.turns
    request = ChatRequest(
        model=asked.model,
        system=tuple(transcript.system),
        turns=turns,
        sampling=_sampling(asked),
        stream=bool(asked.stream),
        stream_usage=bool(asked.stream_options and asked.stream_options.include_usage),
        prefill=bool(turns) and turns[-1].role == "assistant" and (continued or _goes_on(asked)),
    )
    if not _asks_no_more(asked):
        request = _with_the_rest(request, asked, losses)
    return request, (*losses, *transcript.losses)


def _asks_no_more(asked: _Request) -> bool:
    """Whether nothing is said but what every request says: naming each field costs time."""
    return (
        asked.tools is None
        and asked.tool_choice is None
        and asked.reasoning_effort is None
        and asked.thinking_token_budget is None
        and asked.response_format is None
        and asked.verbosity is None
        and asked.user is None
        and asked.safety_identifier is None
        and asked.metadata is None
        and asked.prompt_cache_options is None
        and asked.prompt_cache_key is None
    )


def _with_the_rest(request: ChatRequest, asked: _Request, losses: list[Loss]) -> ChatRequest:
    of_tools = read_tools(asked.tools or (), asked.tool_choice, losses)
    return msgspec.structs.replace(
        request,
        tools=of_tools.tools,
        tool_choice=of_tools.choice,
        parallel_calls=asked.parallel_tool_calls if of_tools.tools else None,
        thinking=_thinking(asked),
        output=read_format(asked.response_format, losses),
        verbosity=asked.verbosity,
        user=asked.user if asked.safety_identifier is None else asked.safety_identifier,
        metadata=asked.metadata or {},
        cache=read_mark(asked.prompt_cache_options, "prompt_cache_options", losses),
        cache_key=asked.prompt_cache_key,
    )


def _goes_on(asked: _Request) -> bool:
    """Whether the last message is left open, in vLLM's fields."""
    return bool(asked.continue_final_message) or asked.add_generation_prompt is False


def _older(asked: _Request) -> list[Loss]:
    """The older fields that are given beside the newer ones."""
    losses: list[Loss] = []
    newer = asked.max_completion_tokens
    if newer is not None and asked.max_tokens not in {None, newer}:
        losses.append(_given("max_tokens", "max_completion_tokens"))
    if asked.user is not None and asked.safety_identifier not in {None, asked.user}:
        losses.append(_given("user", "safety_identifier"))
    return losses


def _given(older: str, newer: str) -> Loss:
    return Loss(field=older, why=f"{newer} is given and counts.")


def _sampling(asked: _Request) -> Sampling:
    newer = asked.max_completion_tokens
    stop = [asked.stop] if isinstance(asked.stop, str) else asked.stop
    return Sampling(
        max_tokens=asked.max_tokens if newer is None else newer,
        temperature=asked.temperature,
        top_p=asked.top_p,
        top_k=asked.top_k,
        stop=tuple(stop) if stop else (),
        seed=asked.seed,
        frequency_penalty=asked.frequency_penalty,
        presence_penalty=asked.presence_penalty,
        chances=_chances(asked) if asked.logprobs or asked.top_logprobs else None,
    )


def _chances(asked: _Request) -> int | None:
    if asked.top_logprobs and not asked.logprobs:
        raise ProtocolError(
            "Other tokens' probabilities are asked for, but none of the answer's.",
            field="top_logprobs",
            do="Set logprobs to true with it.",
        )
    return asked.top_logprobs or 0


def _thinking(asked: _Request) -> Thinking | None:
    effort, budget = asked.reasoning_effort, asked.thinking_token_budget
    if effort is None and budget is None:
        return None
    return Thinking(effort=effort, budget=budget)
