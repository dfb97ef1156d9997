"""Answers by extraction: everything but the framing is quoted from the conversation.

The rules, in order:

0. Tools are called first (`calling.py`), with a sentence that says so. Where their
   results came last, the results are what is quoted, in order.
1. The language is that of the person's last message.
   Segments to be translated are given back as they are (`translating.py`).
2. What is asked comes from the last message; where it asks for no title, summary
   or code, the instructions (the system text) may ask for a title or a summary,
   and then every message is material.
3. A title is the words said most often. A summary is the most central sentences
   in their own order. A request for code says what a stand-in cannot do.
4. Anything else is a question: the sentences that match it best, of the whole
   conversation, each with where it was said. Questions never answer questions.
   Where numbered passages were given, those are quoted, each with its number in brackets.
5. With nothing to quote, the stand-in says what it is, whose model it stands in
   for, and what it can do.

The same conversation always gives the same answer. Ranking loads numpy, so this
module is imported when the first answer is made.
"""

from collections.abc import Sequence

from changeover.basics.text import Language
from changeover.standin import intents, language, passages, ranking, translating, voices
from changeover.standin.asked import Called, Said
from changeover.standin.intents import Intent
from changeover.standin.passages import Passage
from changeover.standin.voices import Voice

_QUOTES = 3
_SENTENCES = 3
_TITLE_WORDS = 4


def answer(conversation: tuple[Said, ...], voice: Voice, model: str) -> str:
    """The stand-in's reply to `conversation`, in `voice`, for the model named `model`."""
    last = passages.last_message(conversation)
    asked = "" if last is None else passages.without_given(conversation[last].text)
    tongue = language.detect(asked, *(said.text for said in reversed(conversation)))
    if results := _last_results(conversation):
        quoted = "\n".join(_result(number, text, tongue) for number, text in results)
        return voice.quotes.in_language(tongue) + "\n\n" + quoted
    if (translation := translating.given_back(conversation)) is not None:
        return translation
    found = passages.passages(conversation, tongue)
    intent, by_instructions = _intent(found)
    match intent:
        case "title":
            return _title(found, tongue)
        case "summary":
            return _summary(found, voice, tongue, model, by_instructions=by_instructions)
        case "code":
            lead = voices.NO_CODE.in_language(tongue)
            return _lookup(found, voice, tongue, model, lead)
        case "answer":
            return _lookup(found, voice, tongue, model, "")


def calling(conversation: tuple[Said, ...], voice: Voice, calls: Sequence[Called]) -> str:
    """What the stand-in says as it calls tools."""
    last = passages.last_message(conversation)
    tongue = language.detect("" if last is None else conversation[last].text)
    named = ", ".join(call.name for call in calls)
    vendor = voice.name.in_language(tongue)
    return voices.CALLING.in_language(tongue).format(vendor=vendor, tools=named)


def _last_results(conversation: Sequence[Said]) -> list[tuple[int, str]]:
    """The results at the conversation's end, with their numbers among all results."""
    ending = 0
    while ending < len(conversation) and conversation[-1 - ending].role == "tool":
        ending += 1
    texts = [said.text for said in conversation if said.role == "tool"]
    numbered = list(enumerate(texts, start=1))
    return numbered[len(texts) - ending :]


def _result(number: int, text: str, tongue: Language) -> str:
    source = voices.SOURCES["tool"].in_language(tongue).format(number=number)
    return voices.QUOTATION.in_language(tongue).format(text=text, source=source)


def _intent(found: Sequence[Passage]) -> tuple[Intent, bool]:
    """What is asked, and whether the instructions ask it rather than the last message."""
    for passage in found:
        wanted = intents.directive(passage.text) if passage.last and passage.asks else None
        if wanted:
            return wanted, False
    for passage in found:
        wanted = intents.directive(passage.text) if passage.role == "system" else None
        if wanted in {"title", "summary"}:
            return wanted, True
    return "answer", False


def _title(found: Sequence[Passage], tongue: Language) -> str:
    said = [
        passage.text
        for passage in found
        if passage.role != "system" and intents.directive(passage.text) != "title"
    ]
    spoken = language.detect(*said)
    words = ranking.keywords(said, spoken, _TITLE_WORDS) if said else []
    if not words:
        return voices.UNTITLED.in_language(tongue)
    title = ", ".join(words)
    return title[0].upper() + title[1:]


def _summary(
    found: Sequence[Passage],
    voice: Voice,
    tongue: Language,
    model: str,
    *,
    by_instructions: bool,
) -> str:
    material = _material(found, by_instructions=by_instructions)
    if not material:
        return _lacks(voice, tongue, model, "")
    request = " ".join(
        passage.text
        for passage in found
        if (passage.role == "system" if by_instructions else passage.last and passage.asks)
    )
    most = intents.sentence_count(request, _SENTENCES)
    texts = [passage.text for passage in material]
    chosen = [texts[position] for position in ranking.central(texts, tongue, most)]
    return voice.summary.in_language(tongue) + "\n\n" + " ".join(chosen)


def _material(found: Sequence[Passage], *, by_instructions: bool) -> list[Passage]:
    """What a summary is of: the last message's text if it brings one, else what came before."""
    stated = [passage for passage in found if not passage.asks]
    said = [passage for passage in stated if passage.role != "system"]
    if by_instructions:
        return said
    return [passage for passage in said if passage.last] or said or stated


def _lookup(found: Sequence[Passage], voice: Voice, tongue: Language, model: str, lead: str) -> str:
    asking = [passage for passage in found if passage.last and passage.asks]
    if not asking:
        asking = [passage for passage in found if passage.last and passage.given is None]
    query = " ".join(passage.text for passage in asking)
    given = [passage for passage in found if passage.given is not None]
    sources = given or [p for p in found if not p.asks and p not in asking]
    texts = [passage.text for passage in sources]
    chosen = ranking.best(texts, query, tongue, _QUOTES) if texts else []
    if not chosen:
        unmatched = voices.UNMATCHED.in_language(tongue) if texts and not lead else ""
        return _lacks(voice, tongue, model, lead or unmatched)
    quoted = "\n".join(_quotation(sources[position], tongue) for position in chosen)
    opening = voice.quotes.in_language(tongue)
    return "\n\n".join(part for part in (opening, quoted, lead) if part)


def _lacks(voice: Voice, tongue: Language, model: str, reason: str) -> str:
    opening = voice.lacks.in_language(tongue)
    return " ".join(
        part for part in (opening, reason, voices.abilities(voice, model, tongue)) if part
    )


def _quotation(passage: Passage, tongue: Language) -> str:
    if passage.given is not None:
        cited = voices.CITED.in_language(tongue)
        return cited.format(text=passage.text, number=passage.given)
    source = voices.SOURCES["last" if passage.last else passage.role].in_language(tongue)
    return voices.QUOTATION.in_language(tongue).format(
        text=passage.text, source=source.format(number=passage.number)
    )
