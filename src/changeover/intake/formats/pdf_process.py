"""The process that reads a PDF: its bytes come in, a line of JSON for each page goes out.

It may use so much memory and time, and nothing else: it opens no file and no connection. Pages
that are pictures go to Tesseract (`recognition`), for so long in all.
"""

import resource
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage

from changeover.intake.formats.recognition import DOTS_PER_INCH, program, recognise

_MEMORY = 2 * 1024**3
_SECONDS = 240
RECOGNISING_SECONDS = 1_200
"""How long recognition may take in all; pages that come later stay unread, which is noted."""
_MOST_DOTS = 30_000_000
"""Of a page's picture: A3 at 300 dots per inch has half of it."""
_MOST_PAGES = 5_000
_APART = 1.4
"""How much more than usual two lines must be apart for a paragraph to begin."""


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page's text, of `total` pages; or why none is read.

    `broken` is a page that has none because it is damaged; `recognised` says that its text was
    recognised in a picture.
    """

    text: str = ""
    total: int = 0
    broken: bool = False
    recognised: bool = False
    why: str = ""


def main() -> None:
    """Reads standard input whole and writes a line for each page."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    content = sys.stdin.buffer.read()
    for outcome in _read(content):
        sys.stdout.buffer.write(msgspec.json.encode(outcome) + b"\n")
        sys.stdout.buffer.flush()


def _read(content: bytes) -> Iterator[Outcome]:
    try:
        document = PdfDocument(content)
    except PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        yield Outcome(why="password" if locked else "damaged")
        return
    total = len(document)
    if total > _MOST_PAGES:
        yield Outcome(why="pages", total=total)
        return
    ends = time.monotonic() + RECOGNISING_SECONDS
    for number in range(total):
        tesseract = program() if time.monotonic() < ends else None
        try:
            text, recognised = _page(document, number, tesseract)
        except PdfiumError:
            yield Outcome(total=total, broken=True)
        else:
            yield Outcome(text=text, total=total, recognised=recognised)


def _page(document: PdfDocument, number: int, tesseract: str | None) -> tuple[str, bool]:
    """A page's text, and whether it was recognised in its picture."""
    page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            text = _lines(textpage)
        finally:
            textpage.close()
        if text.strip() or tesseract is None or not _is_picture(page):
            return text, False
        text = recognise(tesseract, _picture(page))
        return text, bool(text)
    finally:
        page.close()


def _is_picture(page: PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


def _picture(page: PdfPage) -> bytes:
    """The page as a grey picture (PGM, binary)."""
    width, height = page.get_size()
    scale = DOTS_PER_INCH / 72
    if width * height * scale**2 > _MOST_DOTS:
        scale = (_MOST_DOTS / (width * height)) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        rows = memoryview(bitmap.buffer).cast("B")
        lines = (rows[y * bitmap.stride :][: bitmap.width] for y in range(bitmap.height))
        return b"P5 %d %d 255\n%b" % (bitmap.width, bitmap.height, b"".join(lines))
    finally:
        bitmap.close()


def _lines(textpage: PdfTextPage) -> str:
    """The page's lines, an empty one where the space between two is greater than usual."""
    text = textpage.get_text_range()
    lines: list[str] = []
    bottoms: list[float] = []
    place = 0
    for line in text.split("\r\n"):
        lead = len(line) - len(line.lstrip())
        if line.strip():
            lines.append(line.strip())
            bottoms.append(_bottom(textpage, place + lead, bottoms))
        place += len(line) + 2
    gaps = [above - below for above, below in pairwise(bottoms)]
    usual = _usual(gaps)
    out = lines[:1]
    for gap, line in zip(gaps, lines[1:], strict=True):
        apart = gap < -usual or gap > _APART * usual
        out += ["", line] if apart else [line]
    return "\n".join(out)


def _bottom(textpage: PdfTextPage, place: int, above: list[float]) -> float:
    """Where a line stands: as the one above it, if PDFium cannot tell."""
    try:
        return float(textpage.get_charbox(place, loose=True)[1])
    except (PdfiumError, ValueError, IndexError):
        return above[-1] if above else 0


def _usual(gaps: list[float]) -> float:
    """The distance of two lines of a paragraph: most are no further apart than a quarter are."""
    downwards = sorted(gap for gap in gaps if gap > 0)
    return downwards[len(downwards) // 4] if downwards else 0


if __name__ == "__main__":
    main()
