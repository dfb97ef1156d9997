"""What a sentence asks for: a title, a summary, code, or an answer.

Plain patterns in English and French, on one sentence at a time, so that a text
that only mentions a summary is not taken for a request for one.
"""

import re
from typing import Literal

Intent = Literal["title", "summary", "code", "answer"]

_TITLE = re.compile(
    r"\b(?:give|write|suggest|generate|create|make|propose|provide|produce|short|concise)\b"
    r"[^?!]*\b(?:title|headline)\b"
    r"|\b(?:donne\w*|propose\w*|écri\w+|rédige\w*|génère\w*|générer|trouve\w*|suggère\w*|court|bref)\b"
    r"[^?!]*\btitre\b"
    r"|\btitre\s+(?:court|bref)\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(?:summari[sz]e|sum\s+up|tl;?dr|recap)\b"
    r"|\b(?:give|write|make|draft|prepare|produce|need|want)\b[^.?!]*\b(?:summary|digest|overview)\b"
    r"|\b(?:résume[rz]?|résumons|synthétise[rz]?|récapitule[rz]?)\b"
    r"|\b(?:fai[st]|faites|faire|donne\w*|écri\w+|rédige\w*|prépare\w*|veux|voudrais)\b"
    r"[^.?!]*\b(?:résumé|synthèse|récapitulatif)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:write|fix|debug|refactor|implement|generate|complete|translate)\b[^.?!]*"
    r"\b(?:function|code|script|program|class|method|query|regex|tests?|bug|python|java|javascript"
    r"|typescript|sql|bash|rust|cobol)\b"
    r"|\b(?:écri\w*|corrige\w*|génère\w*|implémente\w*|complète\w*|tradui\w*)\b[^.?!]*"
    r"\b(?:fonction|code|script|programme|classe|méthode|requête|regex|tests?|bogue|python|java"
    r"|javascript|typescript|sql|bash|rust|cobol)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:and|but|so|now|please|also|et|mais|donc|alors|maintenant)?[\s,]*"
    r"(?:who|whom|what|when|where|which|how|why|is|are|was|were|do|does|did|can|could|will|would"
    r"|tell|give|find|list|show|explain|say|quote|describe|remind"
    r"|qui|que|qu['’]|quand|où|quel(?:le)?s?|combien|comment|pourquoi|est-ce|peux-tu|pouvez-vous"
    r"|dis|dites|donne[rz]?|trouve[rz]?|explique[rz]?|cite[rz]?|indique[rz]?|décri\w+|rappelle[rz]?)"
    r"(?:\b|(?<=['’]))",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|un|une|deux|trois|quatre|cinq)\s+"
    r"(?:short\s+|courtes?\s+)?(?:sentences?|points?|lines?|phrases?|lignes?)\b",
    re.IGNORECASE,
)
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
}  # fmt: skip


def directive(sentence: str) -> Intent | None:
    """The title, summary or code that the sentence asks for, if any."""
    if _TITLE.search(sentence):
        return "title"
    if _SUMMARY.search(sentence):
        return "summary"
    if _CODE.search(sentence):
        return "code"
    return None


def asks(sentence: str) -> bool:
    """Whether the sentence asks for something instead of stating it."""
    return (
        sentence.rstrip(" \"'”’»").endswith("?")
        or directive(sentence) is not None
        or _OPENING.match(sentence) is not None
    )


def part_request(sentence: str) -> tuple[str, ...]:
    """A request and what it is about, where a colon parts them; else the sentence alone."""
    request, colon, rest = sentence.partition(":")
    if colon and rest.strip() and directive(request) is not None:
        return request.strip(), rest.strip()
    return (sentence,)


def sentence_count(text: str, otherwise: int) -> int:
    """How many sentences a request asks for, between 1 and 20."""
    match = _COUNT.search(text)
    if match is None:
        return otherwise
    word = match.group(1).lower()
    return min(max(_NUMBERS.get(word) or int(word), 1), 20)
