import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
from docx import Document
from fpdf import FPDF

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.documents import words
from changeover.documents.access import Access
from changeover.documents.access import Place as At
from changeover.documents.library import MOST_BYTES, FileLine, Library, NewFile, OffsetError
from changeover.documents.reading import Readings
from changeover.documents.searching import Searching, Seeking
from changeover.wiring.files import read_document, words_seen
from tests.chat.world import ANA, MARC
from tests.documents.fakes import FakeFileStore
from tests.documents.test_picturing import picture, sign
from tests.documents.worlds import rules_of
from tests.orders.worlds import T0

HANDBOOK = (
    "# Leave\n\nStaff have 30 days of leave a year.\n\n# Parking\n\nThe garage closes at ten.\n"
)
GUIDE = "# Congés\n\nLe personnel a droit à trente jours de congés.\n\n# Garage\n\nIl ferme à dix heures.\n"
HERE = At(conversation="c")
ASKS = Seeking(account=ANA, conversation="c", data_class="internal")
PNG = picture("PNG")


class Place:
    def __init__(self, sees: Callable[[bytes], str] = lambda _: "") -> None:
        self.store = FakeFileStore({"c": ANA.id, "d": MARC.id})
        self.readings = Readings(self.store, read_document, "s1", asyncio.to_thread, sees=sees)
        self.held: set[str] = set()
        access = Access(rules_of(), self.held.__contains__)
        self.library = Library(self.store, self.readings, access, FixedClock(T0), asyncio.to_thread)
        self.searching = Searching(self.store, access, asyncio.to_thread)

    async def begin(self, name: str, content: bytes) -> str:
        new = NewFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        return (await self.library.begin(ANA, HERE, new)).file.id

    async def bring(self, name: str, content: bytes) -> FileLine:
        file = await self.begin(name, content)
        await self.library.receive(ANA, file, 0, content)
        await self.readings.settled()
        return await self.library.look(ANA, file)

    def made_by(self, file: str) -> str | None:
        index = self.store.files.index(file)
        return None if index is None else index[0]

    async def found(self, *questions: str) -> list[str]:
        searched = await self.searching.search(ASKS, questions)
        return [one.text for one in searched.passages]


@asynccontextmanager
async def open_place() -> AsyncIterator[Place]:
    place = Place()
    async with place.readings.running(frozenset):
        yield place


async def test_a_file_comes_in_pieces_and_goes_on_where_it_was_broken_off():
    content = HANDBOOK.encode()
    async with open_place() as place:
        file = await place.begin("handbook.md", content)
        await place.library.receive(ANA, file, 0, content[:20])
        with pytest.raises(OffsetError, match=r"20 of \d+ bytes of handbook.md have come"):
            await place.library.receive(ANA, file, 0, content[:20])
        assert await place.begin("handbook.md", content) == file
        line = await place.library.look(ANA, file)
        line = await place.library.receive(ANA, file, line.file.received, content[20:])
        assert line.file.state in {"reading", "ready"}
        await place.readings.settled()
        line = await place.library.look(ANA, file)
        assert (line.file.state, line.file.found.passages) == ("ready", 2)
        assert (await place.library.content(ANA, file))[1] == content


async def test_what_arrives_altered_is_refused_and_not_kept():
    async with open_place() as place:
        file = await place.begin("a.txt", b"abc")
        line = await place.library.receive(ANA, file, 0, b"abd")
        assert line.file.state == "refused"
        with pytest.raises(NotFoundError):
            await place.library.look(ANA, file)


async def test_nobody_sees_anothers_files():
    async with open_place() as place:
        file = (await place.bring("a.txt", b"Words.")).file.id
        for act in (
            place.library.look(MARC, file),
            place.library.text(MARC, file),
            place.library.content(MARC, file),
            place.library.remove(MARC, file),
            place.library.receive(MARC, file, 0, b"x"),
            place.library.all(MARC, HERE),
            place.library.begin(MARC, HERE, NewFile(name="b", size=1, sha256="")),
        ):
            with pytest.raises(NotFoundError):
                await act


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
async def test_the_size_is_refused_before_a_byte_comes(size: int):
    async with open_place() as place:
        with pytest.raises(InvalidInputError, match=r"a\.txt (is empty|has 20,000,001 bytes)"):
            await place.library.begin(ANA, HERE, NewFile(name="a.txt", size=size, sha256=""))


def locked() -> bytes:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="reader")
    pdf.set_font("helvetica", size=12)
    pdf.add_page()
    pdf.multi_cell(0, 6, "The garage closes at ten.")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("locked.pdf", locked(), "password"),
        ("a.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("a.pdf", b"Plain words.", "not what its name says"),
        ("a.pdf", PNG, "is a picture, and its name says something else"),
        ("a.png", b"Plain words.", "is none that can be shown"),
        ("a.png", PNG[:40], "a damaged picture"),
        ("a.txt", b"\x7fELF\0\0", "a program"),
        ("a.txt", b"caf\xe9", "UTF-8"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_plain_words(name: str, content: bytes, why: str):
    async with open_place() as place:
        line = await place.bring(name, content)
        assert line.file.state == "refused"
        assert why in line.file.found.why
        assert await place.found("words") == []


async def test_a_picture_is_kept_and_not_searched():
    async with open_place() as place:
        line = await place.bring("a.png", PNG)
        assert (line.file.state, line.file.found.passages) == ("kept", 0)
        assert line.file.found.picture == "image/png"
        assert await place.found("PNG") == []


async def test_the_words_in_a_picture_are_searched_where_they_can_be_recognised():
    place = Place(sees=words_seen)
    async with place.readings.running(frozenset):
        line = await place.bring("sign.png", sign("The garage closes at ten"))
        assert (line.file.state, line.file.found.picture) == ("ready", "image/png")
        assert line.file.found.notes == (
            "A picture whose text was recognised: check it against the picture.",
        )
        assert "garage" in (await place.found("When does the garage close?"))[0]


async def test_passages_are_found_by_stems_in_both_languages():
    async with open_place() as place:
        word = io.BytesIO()
        document = Document()
        document.add_paragraph("The canteen serves lunch from noon.")
        document.save(word)
        await place.bring("handbook.md", HANDBOOK.encode())
        await place.bring("guide.md", GUIDE.encode())
        await place.bring("canteen.docx", word.getvalue())
        assert "The garage closes" in (await place.found("When does the garage close?"))[0]
        assert "Le personnel" in (await place.found("Combien de jours de congé ?"))[0]
        assert "canteen" in (await place.found("Who serves lunches?"))[0]
        first = await place.found("When does the garage close?", "Why?")
        assert "The garage closes" in first[0]


async def test_a_passage_of_a_pdf_knows_its_page():
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for said in ("The garage closes at ten.", "The canteen serves lunch from noon."):
        pdf.add_page()
        pdf.multi_cell(0, 6, said)
    async with open_place() as place:
        line = await place.bring("house.pdf", bytes(pdf.output()))
        assert line.file.found.pages == 2
        searched = await place.searching.search(ASKS, ("Who serves lunches?",))
        best = searched.passages[0]
        assert (best.text, best.page) == ("The canteen serves lunch from noon.", 2)


async def test_without_a_word_in_common_the_beginnings_are_given():
    async with open_place() as place:
        await place.bring("handbook.md", HANDBOOK.encode())
        searched = await place.searching.search(ASKS, ("Summarise, please.",))
        assert searched.by == "beginning"
        assert searched.passages[0].text.startswith("# Leave")


async def test_a_removed_file_is_found_no_more():
    async with open_place() as place:
        file = (await place.bring("handbook.md", HANDBOOK.encode())).file.id
        await place.library.remove(ANA, file)
        assert await place.found("garage") == []
        assert await place.library.all(ANA, HERE) == []


async def test_what_a_killed_process_left_unread_is_read_by_the_next():
    place = Place()
    content = HANDBOOK.encode()
    file = await place.begin("handbook.md", content)
    place.store.files.receive(file, 0, content)
    left = place.store.files.get(file)
    for start in ("s0", "lives"):
        place.store.files.settle(
            msgspec.structs.replace(left, state="reading", start=start), content
        )
        async with place.readings.running(lambda: frozenset({"lives"})):
            await place.readings.settled()
        ready = start == "s0"
        assert (place.store.files.get(file).state == "ready") is ready


async def test_an_index_is_made_anew_when_its_maker_changes(monkeypatch: pytest.MonkeyPatch):
    async with open_place() as place:
        file = (await place.bring("handbook.md", HANDBOOK.encode())).file.id
    assert place.made_by(file) == words.MAKER
    monkeypatch.setattr(words, "MAKER", "newer")
    assert "garage" in (await place.found("garage"))[0]
    async with place.readings.running(frozenset):
        await place.readings.settled()
    assert place.made_by(file) == "newer"


async def test_under_a_legal_hold_a_conversations_file_stays():
    async with open_place() as place:
        file = (await place.bring("a.txt", b"Words.")).file.id
        place.held.add(ANA.party)
        with pytest.raises(ConflictError, match="legal hold"):
            await place.library.remove(ANA, file)
        assert (await place.library.content(ANA, file))[1] == b"Words."
        place.held.clear()
        await place.library.remove(ANA, file)
        with pytest.raises(NotFoundError):
            await place.library.look(ANA, file)
