"""The longest answer that a request asks for, in whichever protocol it is written.

The names do not collide: what one protocol calls `max_tokens` is the same in another. A
request may ask for several answers at once. What is not said or cannot be read is None; it
is for the vendor to refuse.
"""

import msgspec

from changeover.wire.shapes import UNREADABLE


class _Generation(msgspec.Struct, rename="camel"):
    max_output_tokens: int | None = None
    candidate_count: int | None = None


class _Inference(msgspec.Struct, rename="camel"):
    max_tokens: int | None = None


class _Asked(msgspec.Struct):
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    max_output_tokens: int | None = None
    n: int | None = None
    generation: _Generation | None = msgspec.field(default=None, name="generationConfig")
    inference: _Inference | None = msgspec.field(default=None, name="inferenceConfig")


class Longest(msgspec.Struct, frozen=True):
    """At most so many tokens in each of so many answers."""

    tokens: int | None = None
    answers: int = 1


_decoder = msgspec.json.Decoder(_Asked)


def longest_answer(body: bytes) -> Longest:
    """What a request's body says of it."""
    try:
        asked = _decoder.decode(body)
    except UNREADABLE:
        return Longest()
    generation, inference = asked.generation or _Generation(), asked.inference or _Inference()
    named = (
        asked.max_completion_tokens,
        asked.max_output_tokens,
        asked.max_tokens,
        generation.max_output_tokens,
        inference.max_tokens,
    )
    tokens = next((each for each in named if each is not None and each > 0), None)
    return Longest(tokens, max(asked.n or 1, generation.candidate_count or 1, 1))
