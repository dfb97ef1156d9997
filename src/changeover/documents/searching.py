"""Finding the passages of a conversation's files that a question should be answered from.

They are found by their words (`words`, `ranking`): no model is asked, and nothing leaves. A
question of few words of its own is looked for together with the one before it. Where no word
stands in any file, the files' beginnings are given: they say what there is to ask about.
"""

from collections.abc import Sequence

import msgspec

from changeover.documents.model import Indexed, Sought, StoredFile
from changeover.documents.ports import FileStore, Offload
from changeover.documents.ranking import WordIndex
from changeover.documents.words import asked_stems

MOST = 6
_FEW = 3


class FoundPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a file, with its words."""

    file: str
    name: str
    start: int
    end: int
    page: int | None
    text: str


class Searched(msgspec.Struct, frozen=True, kw_only=True):
    """The passages found, the best first."""

    passages: tuple[FoundPassage, ...] = ()
    by: Sought = "words"


class Searching:
    """Searches the files of a conversation."""

    def __init__(self, store: FileStore, offload: Offload) -> None:
        self._store = store
        self._offload = offload

    async def search(self, conversation: str, questions: Sequence[str]) -> Searched:
        """What fits the last of the questions, which a person asked one after the other."""
        return await self._offload(lambda: self._search(conversation, questions))

    def _search(self, conversation: str, questions: Sequence[str]) -> Searched:
        with self._store.reading() as work:
            ready = [file for file in work.files.of(conversation) if file.state == "ready"]
            kept = [(file, work.files.index(file.id)) for file in ready]
            indexes = [(file, index[1]) for file, index in kept if index is not None]
            places = [(file, at) for file, one in indexes for at in range(len(one.passages))]
            if not places:
                return Searched()
            ranked = WordIndex([stems for _, one in indexes for stems in one.stems])
            best = ranked.best(_asked(questions), MOST)
            chosen = [places[at] for at in best] or _beginnings(indexes)
            texts = {file.id: work.files.text(file.id) for file, _ in chosen}
        of = {file.id: index for file, index in indexes}
        found = []
        for file, at in chosen:
            passage, text = of[file.id].passages[at], texts[file.id]
            if text is not None:
                found.append(
                    FoundPassage(
                        file=file.id,
                        name=file.name,
                        start=passage.start,
                        end=passage.end,
                        page=passage.page,
                        text=text.text[passage.start : passage.end],
                    )
                )
        return Searched(passages=tuple(found), by="words" if best else "beginning")


def _asked(questions: Sequence[str]) -> frozenset[str]:
    asked = asked_stems(questions[-1]) if questions else frozenset[str]()
    if len(asked) < _FEW * 2 and len(questions) > 1:
        return asked | asked_stems(questions[-2])
    return asked


def _beginnings(indexes: Sequence[tuple[StoredFile, Indexed]]) -> list[tuple[StoredFile, int]]:
    """The first passages of each file, as many of each as there is room for."""
    each = max(1, MOST // len(indexes))
    return [(file, at) for file, one in indexes for at in range(len(one.passages))[:each]][:MOST]
