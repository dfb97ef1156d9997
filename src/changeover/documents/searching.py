"""Finding the passages that a question should be answered from.

They are found in the files of the conversation and of the collections that it asks and that are
open to its person.

* By their words (`words`, `ranking`): no model is asked, and nothing leaves. A question of few
  words of its own is looked for together with the one before it.
* In collections by their meaning too, where a service is bound for that (`meaning`). Both lists
  are joined by the ranks in them (reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR
  2009), since their scores cannot be compared. Where the model may not be used or gives no
  answer, words alone are looked for, and that is told.
* Where nothing is found, the files' beginnings are given: they say what there is to ask about.
"""

from collections.abc import Mapping, Sequence

import msgspec

from changeover.documents.access import Access
from changeover.documents.collections import StoredCollection, may_read
from changeover.documents.indexes import Place, WordIndexes, Words
from changeover.documents.meaning import Meaning, Question
from changeover.documents.model import NotByMeaning, Sought, StoredFile
from changeover.documents.ports import FileStore, FileWork, Offload
from changeover.documents.words import asked_stems
from changeover.identity.people import Account

MOST = 6
_FEW = 3
_LOOKED_AT = 30
"""How many of each list are joined."""
_EVEN = 60
"""How little the first ranks weigh more than the next (the constant of the paper)."""


class FoundPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a file, with its words.

    `collection` names the collection that the file stands in, `data_class` what that is of;
    both are empty for a file of the conversation.
    """

    file: str
    name: str
    start: int
    end: int
    page: int | None
    text: str
    collection: str = ""
    data_class: str = ""


class Searched(msgspec.Struct, frozen=True, kw_only=True):
    """The passages found, the best first; `words_because` as in `model.Given`."""

    passages: tuple[FoundPassage, ...] = ()
    by: Sought = "words"
    words_because: NotByMeaning | None = None


class Seeking(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, in which conversation; `data_class` is that of what they write."""

    account: Account
    conversation: str
    data_class: str


class _Scope(msgspec.Struct, frozen=True):
    """What is searched: files, the collections that they stand in, and the words of all."""

    files: Mapping[str, StoredFile]
    collections: Mapping[str, StoredCollection]
    words: Words

    def collected(self) -> list[str]:
        return [file.id for file in self.files.values() if file.collection is not None]


class Searching:
    """Searches files; `meaning` is None where no model is bound for that."""

    def __init__(
        self, store: FileStore, access: Access, offload: Offload, meaning: Meaning | None = None
    ) -> None:
        self._store = store
        self._access = access
        self._offload = offload
        self._meaning = meaning
        self._indexes = WordIndexes()

    async def search(self, who: Seeking, questions: Sequence[str]) -> Searched:
        """What fits the last of the questions, which a person asked one after the other."""
        scope = await self._offload(lambda: self._scope(who))
        if not scope.words.places:
            return Searched()
        lists = [await self._offload(lambda: _by_words(scope.words, questions))]
        because, collected = None, scope.collected()
        if self._meaning is not None and collected:
            asked = Question(
                account=who.account.id, text=_whole(questions), data_class=who.data_class
            )
            meant = await self._meaning.nearest(asked, collected, _LOOKED_AT)
            because = meant.because
            if because is None:
                known = {(one.file, one.at): one for one in scope.words.places}
                lists.append([known[place] for place in meant.places if place in known])
        best = _joined(lists)
        found = best or _beginnings(scope.words.places)
        passages = await self._offload(lambda: self._texts(scope, found))
        by: Sought = "beginning" if not best else "meaning" if len(lists) > 1 else "words"
        return Searched(passages=passages, by=by, words_because=because)

    def _scope(self, who: Seeking) -> _Scope:
        parties = self._access.parties(who.account)
        with self._store.reading() as work:
            asked = [
                work.collections.get(one.collection)
                for one in work.collections.asked(who.conversation)
            ]
            open_ = {one.id: one for one in asked if one is not None and may_read(parties, one)}
            every = work.files.of(who.conversation) + work.files.of_collections(sorted(open_))
            ready = [file for file in every if file.state == "ready"]
            words = self._indexes.of(work, ready)
        return _Scope({file.id: file for file in ready}, open_, words)

    def _texts(self, scope: _Scope, found: Sequence[Place]) -> tuple[FoundPassage, ...]:
        with self._store.reading() as work:
            texts = {name: _text(work, name) for name in {one.file for one in found}}
        return tuple(_passage(scope, one, texts[one.file]) for one in found if texts[one.file])


def _by_words(words: Words, questions: Sequence[str]) -> list[Place]:
    return [words.places[at] for at in words.index.best(_asked(questions), _LOOKED_AT)]


def _joined(lists: Sequence[Sequence[Place]]) -> list[Place]:
    """The best of several lists, each the best first."""
    scores: dict[tuple[str, int], float] = {}
    places: dict[tuple[str, int], Place] = {}
    for ranked in lists:
        for rank, one in enumerate(ranked, 1):
            key = one.file, one.at
            places[key] = one
            scores[key] = scores.get(key, 0.0) + 1 / (_EVEN + rank)
    order = sorted(places, key=lambda key: -scores[key])
    return [places[key] for key in order[:MOST]]


def _asked(questions: Sequence[str]) -> frozenset[str]:
    asked = asked_stems(questions[-1]) if questions else frozenset[str]()
    if _is_short(asked, questions):
        return asked | asked_stems(questions[-2])
    return asked


def _whole(questions: Sequence[str]) -> str:
    """The question as a model is asked it: one of few words with the one before it."""
    short = questions and _is_short(asked_stems(questions[-1]), questions)
    return "\n".join(questions[-2:] if short else questions[-1:])


def _is_short(asked: frozenset[str], questions: Sequence[str]) -> bool:
    return len(asked) < _FEW * 2 and len(questions) > 1


def _beginnings(places: Sequence[Place]) -> list[Place]:
    """The first passages of each file, as many of each as there is room for."""
    each = max(1, MOST // len({one.file for one in places}))
    return [one for one in places if one.at < each][:MOST]


def _text(work: FileWork, file: str) -> str:
    text = work.files.text(file)
    return "" if text is None else text.text


def _passage(scope: _Scope, place: Place, text: str) -> FoundPassage:
    file, passage = scope.files[place.file], place.passage
    collection = scope.collections.get(file.collection or "")
    return FoundPassage(
        file=file.id,
        name=file.name,
        start=passage.start,
        end=passage.end,
        page=passage.page,
        text=text[passage.start : passage.end],
        collection="" if collection is None else collection.name,
        data_class="" if collection is None else collection.data_class,
    )
