"""Plain text and Markdown as units, and written again around their translations.

In plain text a unit is a line, or lines that one sentence was broken over. In Markdown
(CommonMark, with GitHub's tables) it is a block's text: what makes it a heading, an item, a
quotation or a cell stays; code stays as it is, and so do addresses of links.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from changeover.translation.tagged import Atom, Thing, Words

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BROKEN_AFTER = 50
"""How long a line is at least that a program broke."""
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_KEPT = re.compile(r"\s*(?:\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*|[-*_=\s]+|<!--.*-->|\[[^\]]+\]:\s.*)\n?")
"""Rules, tables' second lines, comments, definitions of links."""
_PREFIX = re.compile(r"\s*(?:>\s?)*\s*(?:#{1,6}\s+|(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?)?")
_CELL = re.compile(r"(?:\\.|[^|\\])+")
_INLINE = re.compile(
    r"(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))"
    r"|(?P<picture>!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\))"
    r"|(?P<bare><https?://[^>\s]+>|https?://[^\s)>\]]+)"
    r"|\[(?P<link>[^\[\]]+)\](?P<to>\([^)\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])"
    r"|(?P<mark>\*\*\*|\*\*|__|~~|\*|(?<!\w)_)(?P<marked>[^\s*_~`\[\]](?:[^*_~`\[\]]*[^\s*_~`\[\]])?)(?P=mark)"
)


class PlainUnit(msgspec.Struct, frozen=True):
    """A unit, and what its numbers stand for: around words of a style, and as things."""

    atoms: tuple[Atom, ...]
    styles: tuple[tuple[str, str], ...] = (("", ""),)
    things: tuple[str, ...] = ()

    def text(self, atoms: Sequence[Atom]) -> str:
        """The atoms as they stand in the file."""
        return "".join(map(self._text, atoms))

    def _text(self, atom: Atom) -> str:
        match atom:
            case Thing(number=number):
                return self.things[number]
            case Words(text=text, style=style):
                before, after = self.styles[style]
                return f"{before}{text}{after}"


Piece = str | PlainUnit


def text_pieces(text: str) -> list[Piece]:
    """A plain text: what stays as it is, and units."""
    pieces: list[Piece] = []
    broken = ""
    for line in _lines(text):
        words, end = line.rstrip("\n"), line[len(line.rstrip("\n")) :]
        if broken and not words[:1].islower():
            pieces += _ended(broken, "\n")
            broken = ""
        words = f"{broken} {words}" if broken else words
        goes_on = len(words) - len(broken) >= _BROKEN_AFTER and end != ""
        if not goes_on:
            pieces += _ended(words, end)
        broken = words if goes_on else ""
    return [*pieces, *(_ended(broken, "\n") if broken else ())]


def markdown_pieces(text: str) -> list[Piece]:
    """A Markdown text: what stays as it is, and units."""
    pieces: list[Piece] = []
    paragraph: list[str] = []
    fence = ""

    def end_paragraph() -> None:
        if paragraph:
            joined = " ".join(line.strip() for line in paragraph)
            pieces.extend((_marked(joined), "\n"))
            paragraph.clear()

    for line in _lines(text):
        opens = _FENCE.match(line)
        if opens or fence:
            end_paragraph()
            pieces.append(line)
            if opens and (not fence or opens[1].startswith(fence)):
                fence = "" if fence else opens[1]
        elif _KEPT.fullmatch(line) or line.startswith(("    ", "\t")):
            end_paragraph()
            pieces.append(line)
        elif line.lstrip().startswith("|"):
            end_paragraph()
            pieces += _cells(line)
        else:
            prefix = _prefix(line)
            if prefix:
                end_paragraph()
                pieces.append(prefix)
                pieces += [_marked(line[len(prefix) :].rstrip("\n")), "\n"]
            else:
                paragraph.append(line)
    end_paragraph()
    if not text.endswith("\n") and pieces and pieces[-1] == "\n":
        pieces.pop()
    return pieces


def units_of(pieces: Sequence[Piece]) -> list[tuple[Atom, ...]]:
    """The units among the pieces."""
    return [piece.atoms for piece in pieces if isinstance(piece, PlainUnit)]


def rebuilt(pieces: Sequence[Piece], units: Sequence[Sequence[Atom]]) -> str:
    """The text with these units in place of its own, in order."""
    translated = iter(units)
    return "".join(
        piece.text(next(translated)) if isinstance(piece, PlainUnit) else piece for piece in pieces
    )


def _lines(text: str) -> Iterator[str]:
    for found in _LINE.finditer(text):
        yield found.group()


def _ended(words: str, end: str) -> list[Piece]:
    unit: list[Piece] = [PlainUnit((Words(words),))] if words.strip() else [words]
    return [*unit, end]


def _prefix(line: str) -> str:
    found = _PREFIX.match(line)
    prefix = found.group() if found else ""
    return prefix if prefix.strip() else ""


def _cells(line: str) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for cell in _CELL.finditer(line):
        pieces.append(line[at : cell.start()])
        at = cell.end()
        pieces.append(_marked(cell.group()) if cell.group().strip() else cell.group())
    return [*pieces, line[at:]]


def _marked(text: str) -> PlainUnit:
    """A block's text with what is formatted in it; marks inside marks stay among the words."""
    atoms: list[Atom] = []
    styles, things = [("", "")], list[str]()
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            atoms.append(Words(text[at : found.start()]))
        at = found.end()
        if found["link"] is not None:
            styles.append(("[", f"]{found['to']}"))
            atoms.append(Words(found["link"], len(styles) - 1))
        elif found["mark"] is not None:
            styles.append((found["mark"], found["mark"]))
            atoms.append(Words(found["marked"], len(styles) - 1))
        else:
            things.append(found.group())
            atoms.append(Thing(len(things) - 1))
    if at < len(text):
        atoms.append(Words(text[at:]))
    return PlainUnit(tuple(atoms), tuple(styles), tuple(things))
