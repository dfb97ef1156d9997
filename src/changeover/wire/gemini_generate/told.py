"""What a vendor tells beside an answer's words, and the words that it is kept for.

Sources and probabilities stand beside a candidate. They belong to its texts, by the
number of a part or by their order, or to the text that an earlier piece began. Where a
source's place is in a text shows when the text is whole.
"""

import msgspec

from changeover.conversation.model import Citation, Loss, TokenChance
from changeover.wire.gemini_generate.chances import Chances
from changeover.wire.gemini_generate.response import WireCandidate, WirePart, is_given
from changeover.wire.gemini_generate.sources import Cited, grounded, placed, quoted

SOURCES = Loss(field="groundingMetadata", why="Sources told without words of theirs are left out.")
CHANCES = Loss(field="logprobsResult", why="Probabilities told without words are left out.")
_UNKNOWN = "It is told in a form that is not known."


class OpenThoughts:
    """Thoughts are being told."""


class OpenText:
    """Words are being said; where they come from is placed when they are whole.

    They are kept as the bytes that places are counted in, which is also the smallest form.
    """

    def __init__(self) -> None:
        self._said = bytearray()
        self._cited: list[tuple[Cited, int]] = []

    @property
    def octets(self) -> int:
        return len(self._said)

    def say(self, words: str) -> None:
        self._said += words.encode(errors="replace")

    def cite(self, cited: list[Cited], before: int) -> None:
        self._cited += [(each, before) for each in cited]

    def citations(self) -> list[Citation]:
        """Each once; of a source that is placed somewhere, no second mention of it all."""
        if not self._cited:
            return []
        words = self._said.decode()
        found = list(dict.fromkeys(placed(cited, words, at) for cited, at in self._cited))
        somewhere = {_named(each) for each in found if each.start is not None}
        return [each for each in found if each.start is not None or _named(each) not in somewhere]


def _named(citation: Citation) -> tuple[str, str, str]:
    return citation.url, citation.title, citation.quote


class Told:
    """What stands beside a candidate's parts: the sources and the probabilities of its words."""

    def __init__(self, candidate: WireCandidate, losses: list[Loss]) -> None:
        self.cited = _cited(candidate, losses)
        self._chances = _chances(candidate, losses)
        self._texts = [at for at, part in enumerate(candidate.parts) if _is_said(part)]

    @property
    def of_words_here(self) -> bool:
        return bool(self._texts)

    def of_part(self, index: int) -> list[Cited]:
        """The sources of one text; those of a part that is no text are the first text's."""
        first = index == self._texts[0]
        return [c for c in self.cited if c.part == index or (first and c.part not in self._texts)]

    def chances_of(self, index: int, words: str) -> tuple[TokenChance, ...]:
        if self._chances is None or index == self._texts[-1]:
            return self.rest()
        return self._chances.of(words)

    def rest(self) -> tuple[TokenChance, ...]:
        return () if self._chances is None else self._chances.rest()


def _is_said(part: WirePart) -> bool:
    return bool(part.text) and not part.thought and part.function_call is None


def _cited(candidate: WireCandidate, losses: list[Loss]) -> list[Cited]:
    cited: list[Cited] = []
    try:
        if is_given(candidate.grounding_metadata):
            cited += grounded(candidate.grounding_metadata)
        if is_given(candidate.citation_metadata):
            cited += quoted(candidate.citation_metadata)
    except msgspec.ValidationError:
        losses.append(Loss(field="groundingMetadata", why=_UNKNOWN))
    if not cited and is_given(candidate.url_context_metadata):
        losses.append(SOURCES)
    return cited


def _chances(candidate: WireCandidate, losses: list[Loss]) -> Chances | None:
    if not is_given(candidate.logprobs_result):
        return None
    try:
        return Chances(candidate.logprobs_result)
    except msgspec.ValidationError:
        losses.append(Loss(field="logprobsResult", why=_UNKNOWN))
        return None
