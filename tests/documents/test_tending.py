"""The index by meaning: built in the background, resumed, and switched without a gap."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from changeover.basics.clock import FixedClock
from changeover.documents import passages
from changeover.documents.access import Access
from changeover.documents.collections import Asked, StoredCollection
from changeover.documents.meaning import (
    Bound,
    Meaning,
    NotEmbeddedError,
    Texts,
    Vectored,
)
from changeover.documents.model import FileText, NotByMeaning, StoredFile
from changeover.documents.reading import indexed
from changeover.documents.searching import Searched, Searching, Seeking
from changeover.documents.tending import AT_ONCE, MeaningStanding, Tending, TendingParts
from tests.chat.world import ANA
from tests.documents.fakes import FakeFileStore
from tests.documents.worlds import rules_of
from tests.orders.worlds import T0

MEANINGS = (("garage", "parking", "car"), ("leave", "holiday", "vacation"), ("canteen", "food"))
GARAGE = "Cars stand in the garage until ten."
LEAVE = "Staff have thirty days of leave."


class FakeEmbedder:
    """Implements `documents.meaning.Embedder`: a direction for each meaning that it knows."""

    def __init__(self) -> None:
        self.model = "beta/far"
        self.version = "far-1"
        self.barred: set[str] = set()
        self.barred_classes: set[str] = set()
        self.fails: NotByMeaning | None = None
        self.asked: list[Texts] = []
        self.on_asked: Callable[[], None] = lambda: None

    def bound(self) -> Bound | None:
        return Bound(model=self.model, name=self.name_of(self.model), allowed=self._may(self.model))

    def may_read(self, model: str, content: tuple[str, ...]) -> bool:
        return self._may(model) and self.barred_classes.isdisjoint(content)

    def name_of(self, model: str) -> str:
        return model.partition("/")[2]

    async def embed(self, texts: Texts) -> Vectored:
        self.asked.append(texts)
        self.on_asked()
        if not self.may_read(texts.model, texts.content):
            raise NotEmbeddedError("barred", "barred")
        if self.fails is not None:
            raise NotEmbeddedError(self.fails, "failed")
        return Vectored(vectors=tuple(map(_vector, texts.texts)), version=self.version)

    def _may(self, model: str) -> bool:
        return model not in self.barred


def _vector(text: str) -> tuple[float, ...]:
    known = [float(any(word in text.lower() for word in words)) for words in MEANINGS]
    return (*known, 0.1)


class Place:
    """One collection of the bureau, which Ana's conversation `c` asks."""

    def __init__(self) -> None:
        self.store = FakeFileStore({"c": ANA.id}, ANA)
        self.embedder = FakeEmbedder()
        self.collection = StoredCollection(
            id="coll_1",
            party="bureau",
            name="Handbook",
            description="",
            data_class="internal",
            owners=(ANA.id,),
            edited_by=(),
            created=T0,
        )
        self.store.collections.put(self.collection)
        self.store.collections.ask("c", ANA.id, [Asked(collection="coll_1", name="Handbook")])
        self.clock = FixedClock(T0)
        self.living: frozenset[str] = frozenset()
        self.tending = self.other("s1")
        meaning = Meaning(self.store, self.embedder, asyncio.to_thread)
        access = Access(rules_of(), frozenset().__contains__)
        self.searching = Searching(self.store, access, asyncio.to_thread, meaning)

    def other(self, start: str) -> Tending:
        return Tending(
            TendingParts(
                store=self.store,
                embedder=self.embedder,
                clock=self.clock,
                offload=asyncio.to_thread,
                start=start,
                living=lambda: self.living,
                held=frozenset().__contains__,
            )
        )

    def bring(self, name: str, text: str, collection: str = "coll_1") -> None:
        file = StoredFile(
            id=f"file_{name}",
            account=ANA.id,
            collection=collection,
            name=name,
            size=1,
            sha256="",
            created=T0,
        )
        found, index = indexed(FileText(text=text))
        self.store.files.add(file)
        ready = msgspec.structs.replace(file, state="ready", found=found)
        self.store.files.settle(ready, None)
        self.store.files.put_text(file.id, FileText(text=text))
        self.store.files.put_index(file.id, "words", index)

    async def tend(self, tending: Tending | None = None) -> int:
        """Rounds until nothing is left to do; how many calls that took."""
        before = len(self.embedder.asked)
        while await (tending or self.tending).round():
            pass
        return len(self.embedder.asked) - before

    async def found(self, question: str) -> Searched:
        asks = Seeking(account=ANA, conversation="c", data_class="internal")
        return await self.searching.search(asks, (question,))

    async def standing(self) -> MeaningStanding:
        told = await self.tending.standing()
        assert told is not None
        return told

    def indexes(self) -> list[tuple[str, str, str]]:
        return [(one.model, one.version, one.state) for one in self.store.vectors.all()]


@pytest.fixture
def place() -> Place:
    opened = Place()
    opened.bring("a", GARAGE)
    opened.bring("b", LEAVE)
    return opened


async def test_what_no_word_shares_is_found_by_meaning(place: Place):
    before = await place.found("Where is parking allowed?")
    assert (before.by, before.words_because) == ("beginning", "not-yet")
    assert (await place.standing()).state == "building"
    assert await place.tend() == 2
    assert place.indexes() == [("beta/far", "far-1", "serving")]
    found = await place.found("Where is parking allowed?")
    assert (found.passages[0].text, found.by, found.words_because) == (GARAGE, "meaning", None)
    told = await place.standing()
    assert (told.state, told.version, told.done, told.total, told.serving) == (
        "serving",
        "far-1",
        2,
        2,
        "far",
    )
    question = place.embedder.asked[-1]
    assert (question.question, question.account, question.content) == (True, ANA.id, ("internal",))


async def test_words_and_meaning_are_joined(place: Place):
    await place.tend()
    found = await place.found("How many days of vacation?")
    assert found.passages[0].text == LEAVE


@pytest.mark.parametrize(("trouble", "why"), [("barred", "barred"), ("unreached", "unreached")])
async def test_retrieval_goes_on_by_words_and_says_why(
    place: Place, trouble: NotByMeaning, why: str
):
    await place.tend()
    if trouble == "barred":
        place.embedder.barred.add("beta/far")
    else:
        place.embedder.fails = trouble
    found = await place.found("How many days of leave?")
    assert (found.passages[0].text, found.by, found.words_because) == (LEAVE, "words", why)
    if trouble == "barred":
        assert (await place.standing()).state == "barred"
        assert await place.tend() == 0


async def test_a_new_binding_builds_beside_the_index_that_serves(place: Place):
    await place.tend()
    place.embedder.model, place.embedder.version = "gamma/near", "near-1"
    assert await place.tending.round()
    assert place.indexes() == [
        ("beta/far", "far-1", "serving"),
        ("gamma/near", "near-1", "building"),
    ]
    told = await place.standing()
    assert (told.state, told.done, told.total, told.serving) == ("building", 1, 2, "far")
    # Meanwhile the old one answers, by its own model.
    place.embedder.version = "far-1"
    found = await place.found("Where is parking allowed?")
    assert (found.by, place.embedder.asked[-1].model) == ("meaning", "beta/far")
    place.embedder.version = "near-1"
    await place.tend()
    assert place.indexes() == [("gamma/near", "near-1", "serving")]
    assert (await place.found("Where is parking allowed?")).by == "meaning"
    assert place.embedder.asked[-1].model == "gamma/near"


async def test_another_version_of_the_model_begins_another_index(place: Place):
    await place.tend()
    place.embedder.version = "far-2"
    assert (await place.found("Where is parking allowed?")).words_because == "not-yet"
    place.bring("c", "The canteen serves food.")
    await place.tend()
    assert place.indexes() == [("beta/far", "far-2", "serving")]
    assert len(place.store.vectors.covered(place.store.vectors.all()[0].id)) == 3


async def test_what_a_killed_process_left_is_gone_on_with_and_not_begun_anew(place: Place):
    long = "\n\n".join(f"Rule {at} about cars: {'word ' * 150}" for at in range(2 * AT_ONCE))
    place.bring("long", long)
    total = (await place.standing()).total
    assert await place.tending.round()
    assert await place.tending.round()
    left = (await place.standing()).done
    other = place.other("s2")
    place.living = frozenset({"s1"})
    assert await place.tend(other) == 0
    place.living = frozenset()
    await place.tend(other)
    assert place.store.vectors.all()[0].state == "serving"
    texts = sum(len(one.texts) for one in place.embedder.asked)
    assert left > 0
    assert texts == total


async def test_content_that_the_model_may_not_have_is_found_by_words(place: Place):
    secret = msgspec.structs.replace(place.collection, id="coll_2", data_class="secret")
    place.store.collections.put(secret)
    place.bring("s", "The vault opens at noon.", "coll_2")
    place.embedder.barred_classes.add("secret")
    await place.tend()
    assert place.indexes() == [("beta/far", "far-1", "serving")]
    told = await place.standing()
    assert (told.state, told.withheld, told.done, told.total) == ("serving", 1, 2, 3)
    assert all("vault" not in text for one in place.embedder.asked for text in one.texts)
    asked = [Asked(collection=one, name=one) for one in ("coll_1", "coll_2")]
    place.store.collections.ask("c", ANA.id, asked)
    texts = [one.text for one in (await place.found("When does the vault open?")).passages]
    assert "The vault opens at noon." in texts


async def test_an_unreached_model_is_told_and_tried_again(place: Place):
    place.embedder.fails = "unreached"
    tending = place.other("s1")
    asked = asyncio.Event()
    place.embedder.on_asked = asked.set
    async with tending.running():
        await asked.wait()
        await until(tending, "unreached")
        place.embedder.fails = None
        tending.soon()
        await until(tending, "serving")


async def until(tending: Tending, state: str) -> None:
    while True:
        told = await tending.standing()
        if told is not None and told.state == state:
            return
        await asyncio.sleep(0.01)


async def test_texts_cut_otherwise_are_embedded_anew(place: Place, monkeypatch: pytest.MonkeyPatch):
    await place.tend()
    monkeypatch.setattr(passages, "VERSION", "9")
    assert (await place.found("parking")).words_because == "not-yet"
    await place.tend()
    assert [one.cut for one in place.store.vectors.all()] == ["9"]
