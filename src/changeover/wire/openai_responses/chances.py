"""Tokens of an answer with their probabilities: `logprobs` of a text.

Source: `ResponseOutputText.Logprob` of OpenAI's SDK. A stream tells them with the words
that they are of, and once more with the whole text. The others in a token's place are
`top_logprobs`. They come to whoever includes `message.output_text.logprobs`; `top_logprobs`
of the request is how many others there are, none without it.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from changeover.conversation.model import TokenChance

INCLUDED = "message.output_text.logprobs"


class WireChance(msgspec.Struct):
    """A token in a vendor's answer; streams leave out what they do not know."""

    token: str = ""
    logprob: float = 0.0
    bytes: list[int] | None = None
    top_logprobs: "list[WireChance] | None" = None


def read_asked(top: int | None, include: Iterable[str]) -> int | None:
    """How many others are asked for in each place; None where no probabilities are."""
    return (top or 0) if top or INCLUDED in include else None


def read_chances(given: Iterable[WireChance]) -> tuple[TokenChance, ...]:
    """The tokens of a vendor's answer."""
    return tuple(
        TokenChance(
            token=each.token,
            logprob=each.logprob,
            octets=None if each.bytes is None else tuple(each.bytes),
            others=read_chances(each.top_logprobs or ()),
        )
        for each in given
    )


def write_chances(chances: Iterable[TokenChance]) -> list[dict[str, Any]]:
    """The tokens as a client reads them."""
    return [
        {**_written(each), "top_logprobs": [_written(other) for other in each.others]}
        for each in chances
    ]


def _written(chance: TokenChance) -> dict[str, Any]:
    octets = chance.token.encode(errors="replace") if chance.octets is None else chance.octets
    return {"token": chance.token, "logprob": chance.logprob, "bytes": list(octets)}
