"""Units cut into segments, and put together again.

A unit is cut after its sentences (`sentencex`). What is no word at its ends, such as a bookmark
or a note's own number, stays out of its segments and in its place. A sentence without a letter
goes with the one before.
"""

from collections.abc import Iterable, Sequence

import msgspec
import sentencex

from changeover.translation.model import Segment
from changeover.translation.tagged import Atom, Words, read, written

_STANDS_FOR = "\ufffc"
"""What stands for a thing while sentences are looked for (U+FFFC, object replacement)."""
_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km"})


class Ends(msgspec.Struct, frozen=True):
    """What stands before and after a unit's segments."""

    lead: tuple[Atom, ...]
    inside: tuple[Atom, ...]
    trail: tuple[Atom, ...]


def ends(unit: Sequence[Atom]) -> Ends:
    """A unit's atoms, those at its ends apart that are no words; white space there too."""
    tells = [place for place, atom in enumerate(unit) if _says(atom)]
    if not any(map(_tells, unit)):
        return Ends(tuple(unit), (), ())
    first, last = tells[0], tells[-1] + 1
    inside = list(unit[first:last])
    lead, trail = list(unit[:first]), list(unit[last:])
    begins, stops = inside[0], inside[-1]
    assert isinstance(begins, Words)
    assert isinstance(stops, Words)
    if space := begins.text[: len(begins.text) - len(begins.text.lstrip())]:
        lead.append(Words(space, begins.style))
        inside[0] = Words(begins.text.lstrip(), begins.style)
    stops = inside[-1]
    assert isinstance(stops, Words)
    if space := stops.text[len(stops.text.rstrip()) :]:
        trail.insert(0, Words(space, stops.style))
        inside[-1] = Words(stops.text.rstrip(), stops.style)
    return Ends(tuple(lead), tuple(inside), tuple(trail))


def segments(units: Iterable[Sequence[Atom]], language: str) -> list[Segment]:
    """The segments of units in a language, numbered from 1."""
    found: list[Segment] = []
    for place, unit in enumerate(units):
        inside = ends(unit).inside
        at = 0
        for start, end in _sentences(inside, language):
            source, refs = written(_slice(inside, start, end))
            before = _flat(inside)[at:start]
            number = len(found) + 1
            found.append(
                Segment(number=number, unit=place, before=before, source=source, refs=refs)
            )
            at = end
    return found


def together(unit: Sequence[Atom], own: Sequence[Segment], language: str) -> list[Atom]:
    """A unit with its segments' translations; one that has none stands as it was."""
    if not own:
        return list(unit)
    apart = ends(unit)
    atoms: list[Atom] = list(apart.lead)
    for segment in own:
        glued = language in _WITHOUT_SPACES and not segment.before.strip()
        if segment.before and not glued:
            atoms.append(Words(segment.before))
        atoms += read(segment.target or segment.source, segment.refs)
    return _joined([*atoms, *apart.trail])


def _joined(atoms: Iterable[Atom]) -> list[Atom]:
    """The atoms, neighbours that are formatted alike as one."""
    joined: list[Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if isinstance(last, Words) and isinstance(atom, Words) and last.style == atom.style:
            joined[-1] = Words(last.text + atom.text, last.style)
        else:
            joined.append(atom)
    return joined


def _says(atom: Atom) -> bool:
    return isinstance(atom, Words) and atom.text.strip() != ""


def _tells(atom: Atom) -> bool:
    return isinstance(atom, Words) and any(map(str.isalpha, atom.text))


def _flat(unit: Sequence[Atom]) -> str:
    return "".join(atom.text if isinstance(atom, Words) else _STANDS_FOR for atom in unit)


def _sentences(unit: Sequence[Atom], language: str) -> list[tuple[int, int]]:
    """Where sentences begin and end, without the white space between them."""
    flat = _flat(unit)
    found: list[tuple[int, int]] = []
    at = 0
    for piece in sentencex.segment(language, flat) if flat else ():
        start, at = at, at + len(piece)
        end = start + len(piece.rstrip())
        start += len(piece) - len(piece.lstrip())
        # A note's number behind a full stop is of the sentence before.
        while found and found[-1][1] == start < end and flat[start] == _STANDS_FOR:
            start += 1
            found[-1] = (found[-1][0], start)
        start += len(flat[start:end]) - len(flat[start:end].lstrip())
        if found and not any(map(str.isalpha, piece)):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif found and not any(map(str.isalpha, flat[found[-1][0] : found[-1][1]])):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    assert at == len(flat)
    return found


def _slice(unit: Sequence[Atom], start: int, end: int) -> list[Atom]:
    found: list[Atom] = []
    at = 0
    for atom in unit:
        length = len(atom.text) if isinstance(atom, Words) else 1
        low, high = max(start, at), min(end, at + length)
        if low < high:
            part = atom.text[low - at : high - at] if isinstance(atom, Words) else ""
            found.append(Words(part, atom.style) if isinstance(atom, Words) else atom)
        at += length
    return found
