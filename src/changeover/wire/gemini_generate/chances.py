"""Probabilities of an answer's tokens: `logprobsResult`, both ways.

`chosenCandidates` are the tokens of the answer, `topCandidates` the most likely ones in
the place of each, in two lists side by side. They stand beside the candidate and not
beside a part, so that tokens are dealt out to its texts by their length. A token's
number in the vendor's own vocabulary says nothing to others.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from changeover.conversation.model import TokenChance


class _Token(msgspec.Struct, rename="camel"):
    token: str = ""
    log_probability: float = 0.0


class _Top(msgspec.Struct):
    candidates: list[_Token] | None = None


class _Result(msgspec.Struct, rename="camel"):
    chosen_candidates: list[_Token] | None = None
    top_candidates: list[_Top] | None = None


_decoder = msgspec.json.Decoder(_Result)


class Chances:
    """The tokens that a candidate tells, dealt out to its texts in their order."""

    def __init__(self, result: msgspec.Raw) -> None:
        read = _decoder.decode(result)
        tops = [top.candidates or [] for top in read.top_candidates or ()]
        self._left = [
            _chance(chosen, tops[at] if at < len(tops) else [])
            for at, chosen in enumerate(read.chosen_candidates or ())
        ]

    def of(self, words: str) -> tuple[TokenChance, ...]:
        """The next tokens, as many as make the words."""
        length = 0
        for at, chance in enumerate(self._left):
            if length >= len(words):
                return self._taken(at)
            length += len(chance.token)
        return self.rest()

    def rest(self) -> tuple[TokenChance, ...]:
        return self._taken(len(self._left))

    def _taken(self, count: int) -> tuple[TokenChance, ...]:
        taken, self._left = self._left[:count], self._left[count:]
        return tuple(taken)


def _chance(chosen: _Token, others: list[_Token]) -> TokenChance:
    return TokenChance(
        token=chosen.token,
        logprob=chosen.log_probability,
        others=tuple(
            TokenChance(token=other.token, logprob=other.log_probability) for other in others
        ),
    )


def written_chances(chances: Iterable[TokenChance]) -> dict[str, Any]:
    """The `logprobsResult` for a client."""
    told = list(chances)
    return {
        "chosenCandidates": [_token(chance) for chance in told],
        "topCandidates": [{"candidates": [_token(o) for o in chance.others]} for chance in told],
    }


def _token(chance: TokenChance) -> dict[str, Any]:
    return {"token": chance.token, "logProbability": chance.logprob}
