"""A conversation as sentences, each with where it was said.

Paragraphs and list items are split first, then sentences (`sentencex`), then
titles that `sentencex` takes for a sentence's end in French ("M. ") are joined
again. Numbered passages that a message brings (`<passage number="1">`) are sources with
their number, and ask nothing. White space inside a sentence is folded to one space;
nothing else of the input is changed.
"""

import re

import msgspec
import sentencex

from changeover.basics.text import Language
from changeover.standin import intents, voices
from changeover.standin.asked import Role, Said

_BLOCKS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")
_GIVEN = re.compile(
    r"<passage number=\"(?P<number>\d{1,6})\"[^>]*>\n(?P<text>.*?)\n</passage>", re.DOTALL
)
_TITLE_END = re.compile(r"(?:^|\s)(?:MM?|Mme|Mlle|Me|Dr|Pr|St|Ste|Mr|Mrs|Ms|art|Art|n°)\.$")


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence. `number` counts its role's messages from 1; `last` marks the last message.

    `asks` is set where the sentence asks for something instead of stating it, `given` is the
    number of the passage that it stands in.
    """

    text: str
    role: Role
    number: int
    last: bool
    asks: bool
    given: int | None = None


def sentences(text: str, language: Language) -> tuple[str, ...]:
    """The sentences of `text`, in order, without the empty ones."""
    found: list[str] = []
    for block in _BLOCKS.split(text):
        folded = " ".join(block.split())
        joined = ""
        for piece in sentencex.segment(language, folded):
            joined = f"{joined} {piece.strip()}".strip()
            if not _TITLE_END.search(joined):
                found.append(joined)
                joined = ""
        found.append(joined)
    return tuple(sentence for sentence in found if sentence)


def passages(conversation: tuple[Said, ...], language: Language) -> tuple[Passage, ...]:
    """Every sentence of the conversation, except those of a stand-in's own earlier replies.

    A stand-in's reply only quotes what stands elsewhere in the conversation, so
    nothing is lost, and no framing is ever quoted as if it were a source.
    """
    found: list[Passage] = []
    numbers: dict[Role, int] = {"system": 0, "user": 0, "assistant": 0, "tool": 0}
    last = last_message(conversation)
    for position, said in enumerate(conversation):
        numbers[said.role] += 1
        if said.role == "assistant" and voices.is_framed(said.text):
            continue
        found += _given(said, numbers[said.role], language, last=position == last)
        found += [
            Passage(
                text=part,
                role=said.role,
                number=numbers[said.role],
                last=position == last,
                asks=said.role == "user" and intents.asks(part),
            )
            for sentence in sentences(without_given(said.text), language)
            for part in intents.part_request(sentence)
        ]
    return tuple(found)


def without_given(text: str) -> str:
    """A message without the numbered passages that it brings."""
    return _GIVEN.sub("", text)


def _given(said: Said, number: int, language: Language, *, last: bool) -> list[Passage]:
    """The sentences of the numbered passages that a message brings."""
    return [
        Passage(
            text=sentence,
            role=said.role,
            number=number,
            last=last,
            asks=False,
            given=int(match["number"]),
        )
        for match in _GIVEN.finditer(said.text)
        for sentence in sentences(match["text"], language)
    ]


def last_message(conversation: tuple[Said, ...]) -> int | None:
    """Where the person's last message stands; None when there is none."""
    return max(
        (position for position, said in enumerate(conversation) if said.role == "user"),
        default=None,
    )
