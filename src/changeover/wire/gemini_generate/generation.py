"""`generationConfig`, both ways: how words are chosen, how much is thought, what form is given.

`responseLogprobs` asks for the probabilities of an answer's tokens, `logprobs` for so
many others beside each, twenty at most. Five stop sequences are the most that are taken.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, OutputForm, Sampling, Thinking
from changeover.wire.errors import ProtocolError
from changeover.wire.gemini_generate.output import read_output, written_output
from changeover.wire.gemini_generate.receiver import Receiver
from changeover.wire.gemini_generate.thinking import (
    WireThinking,
    read_thinking,
    written_thinking,
)

_NAMES = {
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "max_tokens": "maxOutputTokens",
    "seed": "seed",
    "frequency_penalty": "frequencyPenalty",
    "presence_penalty": "presencePenalty",
}
MAX_STOPS = 5
MAX_CHANCES = 20
_MOST = 2**31 - 1
_Count = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
_Penalty = Annotated[float, msgspec.Meta(ge=-2, le=2)]


class WireGeneration(msgspec.Struct, rename="camel"):
    """A `generationConfig` as clients write it."""

    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    top_k: Annotated[float, msgspec.Meta(ge=0, le=_MOST)] | None = None
    max_output_tokens: _Count | None = None
    stop_sequences: Annotated[list[str], msgspec.Meta(max_length=MAX_STOPS)] | None = None
    seed: Annotated[int, msgspec.Meta(ge=-(2**31), le=_MOST)] | None = None
    frequency_penalty: _Penalty | None = None
    presence_penalty: _Penalty | None = None
    response_logprobs: bool | None = None
    logprobs: Annotated[int, msgspec.Meta(ge=0, le=MAX_CHANCES)] | None = None
    thinking_config: WireThinking | None = None
    response_mime_type: str | None = None
    response_schema: dict[str, Any] | None = None
    response_json_schema: dict[str, Any] | None = None

    @property
    def sampling(self) -> Sampling:
        return Sampling(
            max_tokens=self.max_output_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=_whole(self.top_k),
            stop=tuple(self.stop_sequences) if self.stop_sequences else (),
            seed=self.seed,
            frequency_penalty=self.frequency_penalty,
            presence_penalty=self.presence_penalty,
            chances=self._chances(),
        )

    @property
    def asks_only_for_words(self) -> bool:
        """Whether neither thoughts nor a form of the answer are asked for."""
        return (
            self.thinking_config is None
            and self.response_mime_type is None
            and self.response_schema is None
            and self.response_json_schema is None
        )

    @property
    def thinking(self) -> Thinking | None:
        return read_thinking(self.thinking_config)

    @property
    def output(self) -> OutputForm | None:
        kind = self.response_mime_type or ""
        return read_output(kind, self.response_schema, self.response_json_schema)

    def _chances(self) -> int | None:
        if self.response_logprobs:
            return self.logprobs or 0
        if self.logprobs:
            raise ProtocolError(
                "The field generationConfig.logprobs counts what is not asked for.",
                field="generationConfig.logprobs",
                do="Set responseLogprobs to true, or leave logprobs out.",
            )
        return None


def _whole(top_k: float | None) -> int | None:
    if top_k is not None and top_k != int(top_k):
        raise ProtocolError(
            "The field generationConfig.topK is no whole number.",
            field="generationConfig.topK",
            do="Give a whole number.",
        )
    return None if top_k is None else int(top_k)


def written_generation(
    request: ChatRequest, receiver: Receiver, losses: list[Loss]
) -> dict[str, Any]:
    """The request's `generationConfig`; empty where there is nothing to say."""
    sampling = request.sampling
    asked = msgspec.to_builtins(sampling)  # without what is not set
    fields: dict[str, Any] = {_NAMES[name]: asked[name] for name in asked if name in _NAMES}
    if stops := _stops(sampling, losses):
        fields["stopSequences"] = stops
    fields |= _chances(sampling.chances, losses)
    if thinking := written_thinking(request.thinking, receiver, losses):
        fields["thinkingConfig"] = thinking
    return fields | written_output(request.output, losses)


def _stops(sampling: Sampling, losses: list[Loss]) -> list[str]:
    if not sampling.stop:
        return []
    stop = [sequence for sequence in sampling.stop if sequence]
    if len(stop) < len(sampling.stop):
        losses.append(Loss(field="stop", why="Gemini takes no empty stop sequence."))
    if len(stop) > MAX_STOPS:
        why = f"Gemini takes {MAX_STOPS} stop sequences; the first {MAX_STOPS} are sent."
        losses.append(Loss(field="stop", why=why))
    return stop[:MAX_STOPS]


def _chances(others: int | None, losses: list[Loss]) -> dict[str, Any]:
    if others is None:
        return {}
    if others > MAX_CHANCES:
        why = f"Gemini tells {MAX_CHANCES} tokens beside each at most; so many are asked."
        losses.append(Loss(field="top_logprobs", why=why))
    beside = {"logprobs": min(others, MAX_CHANCES)} if others else {}
    return {"responseLogprobs": True, **beside}
