"""Probabilities of an answer's tokens (`logprobs`), in which the protocol is alike everywhere.

A choice has lists for its content and for its refusal. A token's `bytes` are its part of the
text in UTF-8, or null. Some servers count reasoning or calls among the content's tokens;
what comes while no text is being said is left out.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from changeover.conversation.model import Loss, TokenChance

NO_TEXT = Loss(field="logprobs", why="Probabilities of what is no text are not carried.")


class WireChance(msgspec.Struct):
    """A token as a server tells it."""

    token: str
    logprob: float
    bytes: list[int] | None = None
    top_logprobs: "list[WireChance] | None" = None


class WireChances(msgspec.Struct):
    """A choice's `logprobs`."""

    content: list[WireChance] | None = None
    refusal: list[WireChance] | None = None


def read_chances(given: Iterable[WireChance]) -> tuple[TokenChance, ...]:
    """Tokens, canonically."""
    return tuple(
        TokenChance(
            token=one.token,
            logprob=one.logprob,
            octets=None if one.bytes is None else tuple(one.bytes),
            others=read_chances(one.top_logprobs or ()),
        )
        for one in given
    )


def written_chances(chances: Iterable[TokenChance]) -> list[dict[str, Any]]:
    """Tokens as a client reads them."""
    return [
        {**_token(one), "top_logprobs": [_token(other) for other in one.others]} for one in chances
    ]


def _token(chance: TokenChance) -> dict[str, Any]:
    return {"token": chance.token, "logprob": chance.logprob, "bytes": chance.octets}
