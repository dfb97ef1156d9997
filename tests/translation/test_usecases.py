"""What people do with translations, and what they give to be translated."""

import io
import zipfile

import docx
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.identity.people import Account
from changeover.translation.originals import MOST_BYTES, MOST_CHARACTERS
from changeover.translation.usecases import MOST, Edit
from tests.chat.world import ANA, MARC
from tests.translation.documents import memo
from tests.translation.world import Desk, states, targets

FRENCH = "La note est nouvelle. Lisez-la attentivement."


@pytest.fixture
def desk() -> Desk:
    return Desk()


def edit(desk: Desk, job: str, target: str, *, approved: bool = False, seen: int | None = None):
    (first, *_) = desk.look(job).segments
    version = first.version if seen is None else seen
    change = Edit(target=target, approved=approved, seen=version)
    return desk.translations.edit(ANA, job, 1, change)


async def test_a_person_edits_and_approves_and_the_notice_counts_it(desk: Desk):
    job = (await desk.translated()).line.id
    edited = edit(desk, job, " La note\x00 est nouvelle. ")
    assert [one.number for one in edited.segments] == [1]
    assert (edited.segments[0].target, edited.segments[0].state) == (
        "La note est nouvelle.",
        "edited",
    )
    assert "edited by people: 1; approved by people: 0" in edited.notice.en
    approved = edit(desk, job, "La note est nouvelle.", approved=True)
    assert approved.segments[0].state == "approved"
    assert "approuvés : 1" in approved.notice.fr
    # What changed since a version, and nothing else.
    told = desk.translations.look(ANA, job, edited.version)
    assert [one.number for one in told.segments] == [1]
    assert desk.translations.look(ANA, job, told.version).segments == ()
    written = desk.translations.file(ANA, job)
    assert (written.name, written.type) == (
        "The memo is new. Read it. It takes effect tomorrow. (fr).txt",
        "text/plain",
    )
    assert written.content.decode().startswith("La note est nouvelle. READ IT.\nIT TAKES EFFECT")
    assert approved.notice.fr in written.content.decode()


async def test_who_saw_another_version_writes_over_nothing(desk: Desk):
    job = (await desk.translated()).line.id
    before = desk.look(job).segments[0].version
    edit(desk, job, "Un.")
    with pytest.raises(ConflictError, match="changed meanwhile"):
        edit(desk, job, "Deux.", seen=before)
    assert targets(desk.look(job))[0] == "Un."


async def test_an_edit_loses_nothing_of_the_document(desk: Desk):
    seen = await desk.translated(
        "", name="a.md", content=b"This **very** new thing is `code` here.\n"
    )
    job = seen.line.id
    for wrong in ("sans rien", "<1>x</1> <2/> <2/>", "<3/> <2/>", "<1>x <2/>", "  "):
        with pytest.raises(InvalidInputError, match=r"tag|empty"):
            edit(desk, job, wrong)
    assert states(desk.look(job)) == ["machine"]
    edit(desk, job, "Ceci est du <2/>, sans gras.")
    assert desk.translations.file(ANA, job).content.startswith(b"Ceci est du `code`, sans gras.\n")


@pytest.mark.parametrize("account", [MARC])
async def test_it_is_nobody_elses(desk: Desk, account: Account):
    job = (await desk.translated()).line.id
    assert [line.id for line in desk.translations.all(ANA)] == [job]
    assert desk.translations.all(account) == []
    change = Edit(target="x", approved=False, seen=1)
    for wrong in (
        lambda: desk.translations.look(account, job),
        lambda: desk.translations.edit(account, job, 1, change),
        lambda: desk.translations.again(account, job, 1),
        lambda: desk.translations.stop(account, job),
        lambda: desk.translations.go_on(account, job),
        lambda: desk.translations.file(account, job),
        lambda: desk.translations.edit(ANA, job, 99, change),
    ):
        with pytest.raises(NotFoundError):
            wrong()


async def test_a_word_document_comes_back_as_one(desk: Desk):
    seen = await desk.translated("", name="memo <b>x</b>.docx", content=memo(), target="ar")
    assert (seen.line.form, seen.line.name) == ("word", "memo <b>x</b>.docx")
    assert seen.to_language.direction == "rtl"
    written = desk.translations.file(ANA, seen.line.id)
    assert written.name == "memo -b-x--b- (ar).docx"
    document = docx.Document(io.BytesIO(written.content))
    assert document.paragraphs[0].text == "MEMO ON MODELS"
    assert document.paragraphs[-1].text.startswith("This text was translated by a machine")


async def test_the_language_is_found_out_and_the_register_is_asked_for(desk: Desk):
    seen = await desk.translated(FRENCH, target="de", register="formal")
    assert (seen.line.source, seen.detected) == ("fr", True)
    assert "from French into German" in desk.said[0]
    assert "formally" in desk.said[0]
    assert not (await desk.translated(FRENCH, target="de", source="fr")).detected


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 70_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": " \n "}, "Too little"),
        ({"text": "12.5 + 3"}, "Too little"),
        ({"text": "12", "source": "en"}, "no words"),
        ({"text": FRENCH}, "in the language already"),
        ({"text": FRENCH, "target": "xx"}, "'xx'"),
        ({"text": FRENCH, "source": "xx"}, "'xx'"),
        ({"text": "word " * (MOST_CHARACTERS // 5 + 1)}, "at most"),
        ({"name": "a.docx", "content": b""}, "is empty"),
        ({"name": "a.docx", "content": b"PK\x03\x04 nothing"}, "a.docx is damaged"),
        ({"name": "a.docx", "content": b"Hello, this is a text."}, "not what its name says"),
        ({"name": "a.docx", "content": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)}, "a.docx"),
        ({"name": "bomb.docx", "content": bomb()}, "expand to far more"),
        ({"name": "big.txt", "content": b"x" * (MOST_BYTES + 1)}, "at most"),
    ],
)
def test_what_cannot_be_translated_is_refused_in_words(
    desk: Desk, fields: dict[str, str | bytes], words: str
):
    with pytest.raises(InvalidInputError) as refused:
        desk.begin(**({"text": "", "target": "fr"} | fields))  # type: ignore[arg-type]  # as told
    assert words in str(refused.value)
    assert desk.translations.all(ANA) == []


async def test_of_other_documents_the_text_is_translated_and_that_is_said(desk: Desk):
    page = b"<html><body><h1>The memo</h1><p>It takes effect tomorrow.</p></body></html>"
    seen = await desk.translated("", name="memo.html", content=page)
    assert seen.line.form == "text"
    assert any("only the text" in note for note in seen.notes)
    assert desk.translations.file(ANA, seen.line.id).name == "memo (fr).txt"


def test_there_are_not_more_than_somebody_can_look_after(desk: Desk):
    for _ in range(MOST):
        desk.begin("One sentence in English.")
    with pytest.raises(ConflictError, match="as many as there can be"):
        desk.begin("One sentence in English.")
