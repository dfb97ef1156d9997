"""All of one's translations as a ZIP."""

import io
import zipfile

import msgspec

from changeover.translation.exporting import ExportedTranslation, TranslationExports
from tests.chat.world import ANA, MARC
from tests.translation.documents import memo
from tests.translation.world import Desk, targets


async def test_each_stands_in_it_as_its_file_and_as_all_that_is_known_of_it():
    desk = Desk()
    seen = await desk.translated()
    for _ in range(2):
        await desk.translated("", name="memo.docx", content=memo())
    exports = TranslationExports(desk.translations, desk.world.clock)
    content = b"".join([piece async for piece in exports.archive(ANA)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
        told = archive.read("The memo is new. Read it. It takes effect tomorrow. (fr).json")
    assert names == [
        "The memo is new. Read it. It takes effect tomorrow. (fr).json",
        "The memo is new. Read it. It takes effect tomorrow. (fr).txt",
        "memo (fr).2.docx",
        "memo (fr).2.json",
        "memo (fr).docx",
        "memo (fr).json",
    ]
    again = msgspec.json.decode(told, type=ExportedTranslation).translation
    assert targets(again) == targets(seen)
    assert again.served == seen.served
    nothing = b"".join([piece async for piece in exports.archive(MARC)])
    assert zipfile.ZipFile(io.BytesIO(nothing)).namelist() == []
