"""Indexes by words of sets of files, kept ready between questions.

Making one takes half a second for ten thousand passages and asking it some milliseconds. So those
that were asked last are kept, each under its files and what made their indexes: one more file, or
one made anew, is another set.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from changeover.documents.model import Passage, StoredFile
from changeover.documents.ports import FileWork
from changeover.documents.ranking import WordIndex

_KEPT = 6


class Place(msgspec.Struct, frozen=True):
    """A passage among those of its file."""

    file: str
    at: int
    passage: Passage


class Words:
    """The passages of some files, and their words."""

    def __init__(self, places: Sequence[Place], stems: Sequence[Sequence[str]]) -> None:
        self.places = places
        self.index = WordIndex(stems)


class WordIndexes:
    """Makes indexes, and keeps the last asked ones. For any thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[tuple[str, str], ...], Words] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, work: FileWork, files: Sequence[StoredFile]) -> Words:
        """The passages of these files that have an index, in the files' order."""
        made = work.files.makers([file.id for file in files])
        key = tuple((file.id, made[file.id]) for file in files if file.id in made)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = _words(work, [file for file, _ in key])
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found


def _words(work: FileWork, files: Sequence[str]) -> Words:
    places: list[Place] = []
    stems: list[Sequence[str]] = []
    for file in files:
        kept = work.files.index(file)
        if kept is not None:
            index = kept[1]
            places += [Place(file, at, one) for at, one in enumerate(index.passages)]
            stems += index.stems
    return Words(places, stems)
