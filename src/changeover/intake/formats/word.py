"""Word documents (ECMA-376, Office Open XML), through HTML.

Headings, lists, tables and notes are read; what was deleted with changes tracked is left
out, what was inserted is kept. Macros are not run, nothing outside the file is read.
Before it is opened the archive is measured: what expands too far is refused.
"""

import io
import re
import zipfile
import zlib
from xml.parsers.expat import ExpatError

import mammoth

from changeover.basics.progress import Progress
from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats.markup import markup_text
from changeover.intake.formats.model import DocumentText
from changeover.intake.formats.recognising import AS_OTHERS

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_MOST_FILES = 5_000
_MOST_OF_ONE = 60_000_000
_MOST_TOGETHER = 300_000_000
_MOST_DENSE = 200
"""How many times its own size a part may expand to: text does not compress further."""
_SMALL = 5_000_000
_MOST_TAGS = 500_000
"""Several hundred full pages; mammoth takes ten seconds and 300 MB for so many."""
_MOST_ATTRIBUTES = 1_500_000
_DECLARATION = "<!DOCTYPE"
_WRITTEN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The ways to compress that a part may have (ECMA-376, part 2)."""
_TRACKED = re.compile(rb"<w:(?:ins|del)[ >]")
_KINDS = {
    "xl/workbook.xml": "a spreadsheet",
    "ppt/presentation.xml": "a presentation",
    "mimetype": "a document of another office program",
}
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ExpatError, EOFError, KeyError, ValueError, IndexError,
    AttributeError, TypeError, RecursionError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What opening a damaged archive, and mammoth on damaged content, ends in."""


def word_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text of a Word document; `UnreadableDocumentError` where there is none to read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive, name)
            inside = set(archive.namelist())
            _refuse_others(inside, name)
            tracked = _look(archive, name)
        markup = mammoth.convert_to_html(io.BytesIO(content), convert_image=_no_picture).value
    except _BROKEN as error:
        raise UnreadableDocumentError(
            name,
            f"{name} is damaged: it cannot be opened as a Word document.",
            do="Open it in Word, save it anew, and give that.",
        ) from error
    if not markup.strip():
        raise UnreadableDocumentError(
            name,
            f"{name} is a Word document without text.",
            do="If it holds pictures of pages, run text recognition on them first.",
        )
    progress(1, 1)
    return DocumentText(
        text=markup_text(f"<body>{markup}</body>", name),
        form="word",
        notes=tuple(_notes(inside, tracked=tracked)),
    )


def _no_picture(_image: object) -> list[object]:
    return []


def _measure(archive: zipfile.ZipFile, name: str) -> None:
    files = archive.infolist()
    dense = any(
        file.file_size > _SMALL and file.file_size > _MOST_DENSE * max(1, file.compress_size)
        for file in files
    )
    great = max((file.file_size for file in files), default=0) > _MOST_OF_ONE
    together = sum(file.file_size for file in files) > _MOST_TOGETHER
    if dense or great or together or len(files) > _MOST_FILES:
        raise _expands(name)
    if any(file.compress_type not in _WRITTEN for file in files):
        raise zipfile.BadZipFile


def _expands(name: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        name,
        f"{name} would expand to far more than a document holds, and was not opened.",
        do="Do not open it if you do not know where it comes from. Else save it as PDF.",
    )


def _look(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether changes are tracked; `UnreadableDocumentError` for XML that is none of Word's.

    A part declares no document type (ECMA-376, part 2): entities would expand, or be fetched.
    """
    declarations = [_DECLARATION.encode(how) for how in ("utf-8", "utf-16-le", "utf-16-be")]
    tags, attributes, tracked = 0, 0, False
    for file in archive.infolist():
        if not file.filename.lower().endswith((".xml", ".rels")):
            continue
        part = archive.read(file)
        tags += part.count(b"<")
        attributes += part.count(b"=")
        if tags > _MOST_TAGS or attributes > _MOST_ATTRIBUTES:
            raise UnreadableDocumentError(
                name,
                f"{name} has more than {_MOST_TAGS:,} pieces, which is too much for one document.",
                do="Save it as PDF, or give the part that matters.",
            )
        if any(declaration in part for declaration in declarations):
            raise UnreadableDocumentError(
                name,
                f"{name} declares a document type, which no Word document does.",
                do="Do not open it if you do not know where it comes from. Else save it as PDF.",
            )
        if _DOCUMENT.fullmatch(file.filename):
            tracked = tracked or _TRACKED.search(part) is not None
    return tracked


def _refuse_others(inside: set[str], name: str) -> None:
    if any(map(_DOCUMENT.fullmatch, inside)):
        return
    what = next((what for part, what in _KINDS.items() if part in inside), None)
    if what is None:
        raise UnreadableDocumentError(
            name, f"{name} is an archive.", do="Give the documents in it."
        )
    raise UnreadableDocumentError(name, f"{name} is {what}, which is not read.", do=AS_OTHERS)


def _notes(inside: set[str], *, tracked: bool) -> list[str]:
    notes = []
    if any(part.startswith("word/media/") for part in inside):
        notes.append("Pictures in it were not read.")
    if tracked:
        notes.append("It has tracked changes: it was read as if they were accepted.")
    return notes
