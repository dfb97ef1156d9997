"""Word documents (ECMA-376, Office Open XML) as units, translated in place.

The package that was given is kept: only paragraphs change, in the document itself, its notes,
comments, headers and footers, and nothing else is written anew. In a paragraph, text that is
formatted alike is one piece, whatever runs it was saved in; a link, a content control or an
inserted piece around it is part of how it is formatted. Everything else in it (notes' numbers,
pictures, fields, anchors of comments, text that was deleted with changes tracked) is a thing that
is moved and never changed.

Who opens a package has had it checked: what expands too far or declares a document type never
comes here (`intake.formats.word`).
"""

import copy
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
from lxml import etree

from changeover.translation.tagged import Atom, Thing, Words
from changeover.translation.word_language import Marking, mark_paragraph, mark_run

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PART = re.compile(r"word/(?:document|footnotes|endnotes|comments|header|footer)\d*\.xml")
_WORDLESS = re.compile(r"word/(?:charts/chart|diagrams/data)\d*\.xml")

Element: TypeAlias = Any
"""lxml's; it has no types of its own."""


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


_AROUND = frozenset(
    map(_w, ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "sdt", "dir"))
) | {_w("bdo")}
"""What stands around runs and is kept around their translation."""
_FORGOTTEN = frozenset(map(_w, ("proofErr", "lastRenderedPageBreak")))
"""What Word notes for itself and makes anew."""
_NOT_FORMATTING = frozenset(map(_w, ("lang", "noProof", "rtl")))
_CHARACTERS = {_w("noBreakHyphen"): "\u2011", _w("softHyphen"): "\u00ad"}
_NO_STORY = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class _Style(msgspec.Struct):
    """How words are formatted: what is around them, and their run's properties."""

    around: tuple[Element, ...]
    properties: Element | None


class _Things(msgspec.Struct):
    """What stands together in one place and is no words."""

    around: tuple[Element, ...]
    elements: list[Element]


class WordUnit:
    """A paragraph."""

    def __init__(self, paragraph: Element) -> None:
        self._paragraph = paragraph
        self._styles: list[_Style] = []
        self._things: list[_Things] = []
        self._keys: dict[tuple[Any, ...], int] = {}
        self.atoms = self._read()

    def write(self, atoms: Sequence[Atom], marking: Marking) -> None:
        """Puts these atoms in the place of its own, in another language."""
        paragraph = self._paragraph
        for child in list(paragraph):
            if child.tag != _w("pPr"):
                paragraph.remove(child)
        building = _Building(paragraph)
        for atom in atoms:
            match atom:
                case Thing(number=number):
                    things = self._things[number]
                    building.add(things.around, things.elements)
                case Words(text=text, style=style):
                    formatted = self._styles[style]
                    building.add(formatted.around, [_run(text, formatted.properties, marking)])
        mark_paragraph(paragraph, marking)

    def _read(self) -> tuple[Atom, ...]:
        found: list[Atom] = []
        for child in self._paragraph:
            if child.tag != _w("pPr"):
                self._take(child, (), found)
        # The style of most of the words is the one that needs no tag.
        counts = Counter[int]()
        for atom in found:
            if isinstance(atom, Words):
                counts[atom.style] += len(atom.text)
        if not counts:
            return tuple(found)
        most = counts.most_common(1)[0][0]
        self._styles[0], self._styles[most] = self._styles[most], self._styles[0]
        swapped = {0: most, most: 0}
        return tuple(
            Words(atom.text, swapped.get(atom.style, atom.style))
            if isinstance(atom, Words)
            else atom
            for atom in found
        )

    def _take(self, child: Element, around: tuple[Element, ...], found: list[Atom]) -> None:
        if child.tag == _w("r"):
            self._take_run(child, around, found)
        elif child.tag in _AROUND:
            content = child.find(_w("sdtContent")) if child.tag == _w("sdt") else child
            for inner in content if content is not None else ():
                if inner.tag != _w("rPr"):
                    self._take(inner, (*around, child), found)
        elif child.tag not in _FORGOTTEN:
            self._thing(child, around, found)

    def _take_run(self, run: Element, around: tuple[Element, ...], found: list[Atom]) -> None:
        properties = run.find(_w("rPr"))
        for child in list(run):
            if child is properties or child.tag in _FORGOTTEN:
                continue
            text = child.text or "" if child.tag == _w("t") else _CHARACTERS.get(child.tag)
            if text is None:
                alone = run.makeelement(run.tag, dict(run.attrib), run.nsmap)
                if properties is not None:
                    alone.append(copy.deepcopy(properties))
                # Moved and not copied: paragraphs of a text box in it are units of their own.
                alone.append(child)
                self._thing(alone, around, found)
            elif text:
                self._words(text, _Style(around, properties), found)

    def _words(self, text: str, style: _Style, found: list[Atom]) -> None:
        key = (*map(id, style.around), _formatting(style.properties))
        number = self._keys.setdefault(key, len(self._keys))
        if number == len(self._styles):
            self._styles.append(style)
        last = found[-1] if found else None
        if isinstance(last, Words) and last.style == number:
            found[-1] = Words(last.text + text, number)
        else:
            found.append(Words(text, number))

    def _thing(self, element: Element, around: tuple[Element, ...], found: list[Atom]) -> None:
        last = found[-1] if found else None
        if isinstance(last, Thing) and self._things[last.number].around == around:
            self._things[last.number].elements.append(element)
            return
        self._things.append(_Things(around, [element]))
        found.append(Thing(len(self._things) - 1))


class _Building:
    """A paragraph being filled: what is around neighbours alike is written once."""

    def __init__(self, paragraph: Element) -> None:
        self._open: list[tuple[Element, Element]] = []
        self._paragraph = paragraph
        self._used: set[int] = set()

    def add(self, around: Sequence[Element], elements: Sequence[Element]) -> None:
        shared = 0
        for (original, _), wanted in zip(self._open, around, strict=False):
            if original is not wanted:
                break
            shared += 1
        del self._open[shared:]
        for original in around[shared:]:
            written = self._shell(original)
            self._inside().append(written)
            self._open.append((original, written))
        self._inside().extend(elements)

    def _inside(self) -> Element:
        if not self._open:
            return self._paragraph
        written = self._open[-1][1]
        content = written.find(_w("sdtContent"))
        return written if content is None else content

    def _shell(self, original: Element) -> Element:
        """What is around, without what is in it; a content control has its id once."""
        shell = original.makeelement(original.tag, dict(original.attrib), original.nsmap)
        if original.tag == _w("sdt"):
            for child in original:
                if child.tag != _w("sdtContent"):
                    shell.append(copy.deepcopy(child))
            if id(original) in self._used:
                for again in shell.iter(_w("id")):
                    again.getparent().remove(again)
                    break
            etree.SubElement(shell, _w("sdtContent"))
        self._used.add(id(original))
        return shell


class WordPackage:
    """A document, opened. `units` are its paragraphs, part by part in the order of the package."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._parts: dict[str, Element] = {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            for name in names:
                if _PART.fullmatch(name):
                    self._parts[name] = etree.fromstring(archive.read(name), _parser())
        self.notes = tuple(_notes(names))
        self.units = [
            WordUnit(paragraph)
            for part in self._parts.values()
            # A list first: reading a paragraph takes it apart.
            for paragraph in list(_paragraphs(part))
        ]

    def write(self, units: Sequence[Sequence[Atom]], marking: Marking) -> None:
        """Puts translations in place of the units, all of them in order."""
        for own, atoms in zip(self.units, units, strict=True):
            own.write(atoms, marking)

    @property
    def body(self) -> Element:
        """The body of the document itself."""
        part = next(part for part in self._parts.values() if part.tag == _w("document"))
        return part.find(_w("body"))

    def saved(self, other: dict[str, bytes]) -> bytes:
        """The package again, with `other` parts beside or in place of its own."""
        changed = {
            name: etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True)
            for name, part in self._parts.items()
        } | other
        written = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self._content)) as archive,
            zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out,
        ):
            for info in archive.infolist():
                out.writestr(info, changed.pop(info.filename, None) or archive.read(info))
            for name, content in changed.items():
                out.writestr(name, content)
        return written.getvalue()

    def part(self, name: str) -> bytes | None:
        """A part's bytes; None where there is none."""
        with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
            return archive.read(name) if name in archive.namelist() else None


def _parser() -> Element:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _paragraphs(part: Element) -> Iterator[Element]:
    for paragraph in part.iter(_w("p")):
        note = paragraph.getparent()
        if note.get(_w("type")) not in _NO_STORY:
            yield paragraph


def _formatting(properties: Element | None) -> bytes:
    """What tells formats apart; the language of a run and its spelling marks do not."""
    if properties is None:
        return b""
    told = [
        etree.tostring(child, method="c14n")
        for child in properties
        if child.tag not in _NOT_FORMATTING
    ]
    return b"".join(told)


def _run(text: str, properties: Element | None, marking: Marking) -> Element:
    run = etree.Element(_w("r"), nsmap={"w": W})
    if properties is not None:
        run.append(copy.deepcopy(properties))
    for piece in re.split(r"([\n\t\u2011])", text):
        if piece == "\n":
            etree.SubElement(run, _w("br"))
        elif piece == "\t":
            etree.SubElement(run, _w("tab"))
        elif piece == "\u2011":
            etree.SubElement(run, _w("noBreakHyphen"))
        elif piece:
            words = etree.SubElement(run, _w("t"))
            words.text = piece
            words.set(_XML_SPACE, "preserve")
    mark_run(run, marking)
    return run


def _notes(names: Sequence[str]) -> Iterator[str]:
    if any(map(_WORDLESS.fullmatch, names)):
        yield "Words in charts and diagrams are not translated."
    if any(name.startswith("word/media/") for name in names):
        yield "Words in pictures are not translated."
