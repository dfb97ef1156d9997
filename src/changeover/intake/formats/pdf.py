"""PDF (ISO 32000), page by page, in a process of its own.

What reads PDF is native code that hostile files aim at, and that must not run in two threads
(PDFium): a process of its own bounds its memory and its time, and nothing is lost with it but
the document.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator

import msgspec

from changeover.basics.progress import Progress
from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats.model import DocumentText
from changeover.intake.formats.pages import join_pages
from changeover.intake.formats.pdf_process import RECOGNISING_SECONDS, Outcome
from changeover.intake.formats.recognising import OCR
from changeover.intake.formats.recognition import program

COMMAND = [sys.executable, "-m", "changeover.intake.formats.pdf_process"]
"""What reads a PDF on its standard input."""
_SECONDS = 300


def pdf_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text of a PDF, its pages known; `UnreadableDocumentError` where it has none."""
    pages = _pages(content, name, progress)
    broken = sum(page.broken for page in pages)
    empty = sum(not page.text.strip() for page in pages) - broken
    if broken and broken + empty == len(pages):
        raise _damaged(name)
    if empty == len(pages):
        raise UnreadableDocumentError(
            name, f"{name} holds no text: its pages seem to be pictures (a scan).", do=OCR
        )
    recognised = sum(page.recognised for page in pages)
    text, starts, dropped = join_pages([page.text for page in pages])
    notes = [f"{empty} of {len(pages)} pages hold no text; they may be scans."] if empty else []
    if dropped:
        notes.append("Lines that most pages repeat at their head or foot were left out.")
    if recognised:
        notes.append(
            f"{recognised} of {len(pages)} pages are pictures, whose text was recognised: check it"
            " against them."
        )
    if broken:
        notes.append(f"{broken} of {len(pages)} pages are damaged, and were not read.")
    return DocumentText(text=text, form="pdf", pages=starts, notes=tuple(notes))


def _pages(content: bytes, name: str, progress: Progress) -> list[Outcome]:
    """Each page. All of them or an error: the rest of an order must not be missing unnoticed."""
    pages: list[Outcome] = []
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        # Our own module; nothing of the document is in its arguments.
        with subprocess.Popen(  # noqa: S603
            COMMAND, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            seconds = _SECONDS if program() is None else _SECONDS + RECOGNISING_SECONDS
            clock = threading.Timer(seconds, process.kill)
            clock.start()
            try:
                for told in _told(process):
                    _refuse(told, name)
                    pages.append(told)
                    progress(len(pages), told.total)
            finally:
                clock.cancel()
                process.kill()
    if not pages:
        raise _damaged(name)
    if len(pages) < pages[0].total:
        raise UnreadableDocumentError(
            name,
            f"{name} is damaged at page {len(pages) + 1} of {pages[0].total}: reading ended there,"
            " or was not done within two gigabytes and five minutes.",
            do="Print it to PDF anew, or split it and give the part that matters.",
        )
    return pages


def _told(process: "subprocess.Popen[bytes]") -> Iterator[Outcome]:
    """What the process says, page by page, as far as it gets."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith(b"\n"):
            yield msgspec.json.decode(line, type=Outcome)


def _refuse(told: Outcome, name: str) -> None:
    match told.why:
        case "":
            return
        case "password":
            raise UnreadableDocumentError(
                name,
                f"{name} is protected by a password.",
                do="Remove the password, and give it again.",
            )
        case "pages":
            raise UnreadableDocumentError(
                name,
                f"{name} has {told.total:,} pages; fewer are read.",
                do="Split it, or give the part that matters.",
            )
        case _:
            raise _damaged(name)


def _damaged(name: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        name,
        f"{name} is damaged: it cannot be opened as a PDF, or not within two gigabytes and five"
        " minutes.",
        do="Print it to PDF anew, or copy its text into a file.",
    )
