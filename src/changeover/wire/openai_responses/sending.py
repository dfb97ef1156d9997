"""Responses requests, written to vendors.

* Instructions are written to `instructions` where they are one text and turns follow; else
  as a message before the turns, whose parts may carry marks for the cache.
* `store` is sent as false always: without it, the vendor keeps every answer. Reasoning can
  then go on only with what is encrypted of it, which is asked for with `include` where the
  model is asked to reason, or has before. Newer models give it unasked; a model that does
  not reason refuses to be asked.
* The vendor refuses a limit under 16 tokens; 16 is then sent and reported.
* There are no stop sequences, no `top_k`, no seed and no penalties; leaving them out is
  reported.
* A last assistant turn that is to be continued (Anthropic's prefill) is sent as
  an ordinary turn, because this protocol answers after it; that is a loss.
* On Azure the body is the same. It documents no marks for the cache, so none are sent.
"""

from typing import Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Reasoning, Text, kinds_in, words_of
from changeover.directory.model import Dialect
from changeover.wire.openai_responses.caching import Marks
from changeover.wire.openai_responses.chances import INCLUDED
from changeover.wire.openai_responses.models import (
    never_reasons,
    refuses_sampling,
    takes_marks,
)
from changeover.wire.openai_responses.naming import write_names
from changeover.wire.openai_responses.output_form import (
    SAY_JSON,
    WORD_LOSS,
    lacks_word,
    says_word,
    write_text,
)
from changeover.wire.openai_responses.request import ENCRYPTED
from changeover.wire.openai_responses.thinking import effort_of, write_thinking
from changeover.wire.openai_responses.tools import write_tools
from changeover.wire.openai_responses.writing import Item, ItemWriter
from changeover.wire.silence import loses_silence

MIN_TOKENS = 16
SILENCE_LOSS = Loss(
    field="messages", why="Calls, and turns without words before them, are one turn to Responses."
)
_UNSAID = ("top_k", "seed", "frequency_penalty", "presence_penalty")
_NOTHING = (None,) * len(_UNSAID)
_NONE_SUCH = "Responses has no such setting."


def encode_request(
    request: ChatRequest, upstream_model: str, dialect: Dialect | None = None
) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    losses: dict[Loss, None] = {}
    request = _for_model(request, upstream_model, losses)
    marks = Marks(losses, taken=dialect is None and takes_marks(upstream_model))
    body = {
        "model": upstream_model,
        **_said(request, losses, marks),
        "store": False,
        **_sampling(request),
        **write_tools(request, marks),
        **write_thinking(request.thinking, losses),
        **write_text(request, losses),
        **write_names(request, losses),
        **marks.of_request(request),
    }
    if include := _include(request):
        body["include"] = include
    if request.stream:
        body["stream"] = True
    return msgspec.json.encode(body), (*losses, *_losses(request))


def _for_model(request: ChatRequest, model: str, losses: dict[Loss, None]) -> ChatRequest:
    """The request without what the model refuses."""
    sampling = request.sampling
    kept = sampling
    if refuses_sampling(model, request):
        kept = msgspec.structs.replace(sampling, temperature=None, top_p=None, chances=None)
        for name in ("temperature", "top_p", "chances"):
            if getattr(kept, name) != getattr(sampling, name):
                losses[Loss(field=name, why="A model that reasons takes no such setting.")] = None
    elif request.thinking is None and request.verbosity is None:
        return request
    thinking, verbosity = request.thinking, request.verbosity
    if never_reasons(model):
        if thinking is not None and effort_of(thinking) != "none":
            losses[Loss(field="thinking", why="This model does not reason.")] = None
        if verbosity in {"low", "high"}:
            losses[Loss(field="verbosity", why="This model's answers have one length.")] = None
        thinking, verbosity = None, None
    return msgspec.structs.replace(request, sampling=kept, thinking=thinking, verbosity=verbosity)


def _said(request: ChatRequest, losses: dict[Loss, None], marks: Marks) -> dict[str, Any]:
    freeform = {tool.name for tool in request.tools if tool.freeform is not None}
    writer = ItemWriter(losses, marks, freeform)
    fields: dict[str, Any] = {}
    items: list[Item] = []
    system = list(request.system)
    lacking = lacks_word(request)
    said = lacking and says_word(words_of(system))
    if lacking and not said:
        losses[WORD_LOSS] = None
        items.append(writer.message("developer", (Text(text=SAY_JSON),)))
    match system:
        case [Text() as only] if request.turns and not (only.cache and marks.taken) and not said:
            marks.nowhere(only.cache)
            fields["instructions"] = only.text
        case []:
            pass
        case _:
            items.insert(0, writer.message("system", system))
    for turn in request.turns:
        items += writer.turn(turn)
    if loses_silence(request.turns):
        losses[SILENCE_LOSS] = None
    return {"input": items, **fields}


def _sampling(request: ChatRequest) -> dict[str, Any]:
    sampling = request.sampling
    numbers: dict[str, Any] = {}
    if sampling.max_tokens is not None:
        numbers["max_output_tokens"] = max(sampling.max_tokens, MIN_TOKENS)
    if sampling.temperature is not None:
        numbers["temperature"] = sampling.temperature
    if sampling.top_p is not None:
        numbers["top_p"] = sampling.top_p
    if sampling.chances:
        numbers["top_logprobs"] = sampling.chances
    return numbers


def _include(request: ChatRequest) -> list[str]:
    reasons = request.thinking is not None and effort_of(request.thinking) != "none"
    include = [ENCRYPTED] if reasons or _holds_sealed(request) else []
    return [*include, INCLUDED] if request.sampling.chances is not None else include


def _holds_sealed(request: ChatRequest) -> bool:
    return Reasoning in kinds_in(request.turns) and any(
        isinstance(part, Reasoning) and part.sealed is not None and part.sealed.form == "encrypted"
        for turn in request.turns
        for part in turn.parts
    )


def _losses(request: ChatRequest) -> tuple[Loss, ...]:
    losses: list[Loss] = []
    sampling = request.sampling
    if sampling.max_tokens is not None and sampling.max_tokens < MIN_TOKENS:
        why = f"Responses takes no limit under {MIN_TOKENS}; {MIN_TOKENS} is sent."
        losses.append(Loss(field="max_tokens", why=why))
    unsaid = (
        sampling.top_k,
        sampling.seed,
        sampling.frequency_penalty or None,
        sampling.presence_penalty or None,
    )
    if unsaid != _NOTHING:
        said = zip(_UNSAID, unsaid, strict=True)
        losses += [Loss(field=name, why=_NONE_SUCH) for name, value in said if value is not None]
    if sampling.stop:
        losses.append(Loss(field="stop", why="Responses has no stop sequences."))
    if request.prefill:
        why = "Responses answers after a last assistant turn instead of continuing it."
        losses.append(Loss(field="messages", why=why))
    return tuple(losses)
