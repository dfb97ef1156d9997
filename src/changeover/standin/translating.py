"""Translations, of which a stand-in makes none: it gives back what it was given, and says so.

Asked to translate segments (`<segment n="…">`, as Changeover asks), it gives each back in that
form, under its number, with its tags, behind the language's name in brackets. Of terms whose
translations were given it writes those, so that what a glossary does can be seen.
"""

import re
from collections.abc import Iterator, Sequence

from changeover.standin.asked import Said

_ASKED = re.compile(r"Translate from [^.\n]{1,60} into (?P<into>[^.\n]{1,60})\.")
_SEGMENT = re.compile(r'<segment n="(\d+)">(.*?)</segment>', re.DOTALL)
_TERM = re.compile(r"^“([^”\n]+)” → “([^”\n]+)”$", re.MULTILINE)


def given_back(conversation: Sequence[Said]) -> str | None:
    """The segments that were to be translated; None where none were."""
    system = "\n".join(said.text for said in conversation if said.role == "system")
    asked = _ASKED.search(system)
    last = next((said.text for said in reversed(conversation) if said.role == "user"), "")
    segments = _SEGMENT.findall(last)
    if asked is None or not segments:
        return None
    terms = _TERM.findall(system)
    return "\n".join(
        f'<segment n="{number}">[{asked["into"]}] {"".join(_worded(text, terms))}</segment>'
        for number, text in segments
    )


def _worded(text: str, terms: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The text in pieces, with the terms' translations in it; none is looked for in another's."""
    if not terms:
        yield text
        return
    translated = {source.casefold(): target for source, target in terms}
    sources = sorted(map(re.escape, translated), key=len, reverse=True)
    wanted = re.compile(rf"\b({'|'.join(sources)})(?:e?s|x)?\b", re.IGNORECASE)
    at = 0
    for found in wanted.finditer(text):
        yield text[at : found.start()]
        yield translated[found[1].casefold()]
        at = found.end()
    yield text[at:]
