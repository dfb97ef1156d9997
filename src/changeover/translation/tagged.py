"""Tagged text: words, and numbers for what is formatted or stands among them.

`<1>very</1>` is formatted as the original is at its mark 1, `<2/>` is the thing that stands there:
a note's number, a picture, a line break. Tags do not nest. Words that look like a tag are written
with `&lt;`, and what looks like that with `&amp;`, so that every text can be written and read back;
all other words stand as they are, as people edit them.

A translation must have every thing exactly once. A machine's must have every formatted piece too;
a person may take formatting away.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

_TAG = re.compile(r"<(/?)([1-9][0-9]{0,3})(/?)>")
_LIKE_A_TAG = re.compile(r"<(?=/?[0-9]{1,4}/?>|/?segment\b)", re.IGNORECASE)
_LIKE_AN_ESCAPE = re.compile(r"&(?=(?:amp|lt);)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
"""What no document may hold (XML 1.0, section 2.2)."""


class Words(msgspec.Struct, frozen=True):
    """Words formatted in one way; `style` 0 is that of most of the unit."""

    text: str
    style: int = 0


class Thing(msgspec.Struct, frozen=True):
    """Something that is not words, by its number in the unit."""

    number: int


Atom: TypeAlias = Words | Thing


class TagFault(msgspec.Struct, frozen=True):
    """What is wrong with a text's tags: `tag` is the one."""

    kind: str
    tag: str


def escaped(words: str) -> str:
    """Words that nothing takes for a tag."""
    return _LIKE_A_TAG.sub("&lt;", _LIKE_AN_ESCAPE.sub("&amp;", words))


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&amp;", "&")


def cleaned(text: str) -> str:
    """The text without what no document may hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def written(atoms: Iterable[Atom]) -> tuple[str, tuple[int, ...]]:
    """The atoms as tagged text, and what each tag's number leads to."""
    pieces: list[str] = []
    refs: list[int] = []
    for atom in atoms:
        match atom:
            case Words(text=text, style=0):
                pieces.append(escaped(text))
            case Words(text=text, style=style):
                refs.append(style)
                pieces.append(f"<{len(refs)}>{escaped(text)}</{len(refs)}>")
            case Thing(number=number):
                refs.append(number)
                pieces.append(f"<{len(refs)}/>")
    return "".join(pieces), tuple(refs)


def read(text: str, refs: Sequence[int]) -> list[Atom]:
    """The atoms of a text whose tags are sound (`fault`)."""
    atoms: list[Atom] = []
    at, style = 0, 0

    def add(words: str) -> None:
        if words:
            atoms.append(Words(unescaped(words), style))

    for tag in _TAG.finditer(text):
        add(text[at : tag.start()])
        at = tag.end()
        closes, number, alone = tag.groups()
        if alone:
            atoms.append(Thing(refs[int(number) - 1]))
        else:
            style = 0 if closes else refs[int(number) - 1]
    add(text[at:])
    return atoms


def bare(text: str) -> str:
    """The words alone."""
    pieces, at = [], 0
    for tag in _TAG.finditer(text):
        pieces.append(text[at : tag.start()])
        at = tag.end()
    return "".join(map(unescaped, [*pieces, text[at:]]))


def fault(source: str, target: str, *, strict: bool) -> TagFault | None:
    """What is wrong with a translation's tags; `strict` where no formatting may be gone."""
    wanted = Counter(tag.group() for tag in _TAG.finditer(source))
    given = [tag.group() for tag in _TAG.finditer(target)]
    counted = Counter(given)
    for tag, count in counted.items():
        if tag not in wanted:
            return TagFault("unknown", tag)
        if count > 1:
            return TagFault("twice", tag)
    for tag in wanted:
        if tag not in counted and (strict or tag.endswith("/>")):
            return TagFault("missing", tag)
    return _unpaired(given)


def _unpaired(given: Sequence[str]) -> TagFault | None:
    opened = ""
    for tag in given:
        if tag.endswith("/>"):
            continue
        if tag.startswith("</"):
            if opened != tag.replace("/", ""):
                return TagFault("unpaired", tag)
            opened = ""
        elif opened:
            return TagFault("unpaired", tag)
        else:
            opened = tag
    return TagFault("unpaired", opened) if opened else None
