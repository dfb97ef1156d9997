"""A pack's page as PDF: the same sentences, tables and chart, laid out on A4.

It is made of the page's own HTML (`pack_page`), so that the two cannot say different things. The
same page gives the same bytes. Its fonts are in the file, which runs and fetches nothing.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import reportlab
from lxml import html
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

_MARGIN = 1.8 * cm
_PADDING = 6  # of the library's frame, on each side
_WIDTH: float = A4[0] - 2 * (_MARGIN + _PADDING)
_FONT, _BOLD = "Vera", "VeraBd"
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=8.5, leading=12, spaceAfter=5)
_LINE = ParagraphStyle("line", parent=_TEXT, spaceAfter=2)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=7, leading=9, spaceAfter=0)
_HEADING = ParagraphStyle("heading", parent=_CELL, fontName=_BOLD)
_TITLES = {
    "h1": ParagraphStyle("h1", parent=_TEXT, fontName=_BOLD, fontSize=15, leading=19, spaceAfter=8),
    "h2": ParagraphStyle(
        "h2", parent=_TEXT, fontName=_BOLD, fontSize=11, leading=14, spaceBefore=9, keepWithNext=1
    ),
}
_GRID = [
    ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#555555")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
_BOX = [("BOX", (0, 0), (-1, -1), 1.2, colors.HexColor("#333333"))]
_SHORTEST, _LONGEST = 6, 60


def pdf(page: bytes) -> bytes:
    """The page of a pack as PDF."""
    _fonts()
    read = html.fromstring(page.decode())
    title = read.findtext(".//title")
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, lang=read.get("lang"), invariant=1,
        leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
    )  # fmt: skip
    story = [laid for part in read.find("body") for laid in _laid(part)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


@cache
def _fonts() -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (_FONT, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, 7)
    canvas.drawRightString(A4[0] - _MARGIN, _MARGIN / 2, str(document.page))


def _laid(part: Any) -> Iterator[Flowable]:
    """What an element of the page becomes; the page has no others than these."""
    match part.tag:
        case "h1" | "h2":
            yield Paragraph(_said(part), _TITLES[part.tag])
        case "p" | "strong":
            yield Paragraph(_said(part), _TEXT)
        case "section":
            for inner in part:
                yield from _laid(inner)
        case "div":
            inside = [laid for inner in part for laid in _laid(inner)]
            yield Table([[one] for one in inside], colWidths=[_WIDTH], style=_BOX)
            yield Spacer(1, 8)
        case "ul":
            for item in part:
                yield _item(item)
            yield Spacer(1, 6)
        case "table":
            yield _table(part)
            yield Spacer(1, 6)
        case "svg":
            yield _chart(part)
        case other:
            raise ValueError(f"a page of a pack has no element {other}")


def _said(element: Any) -> str:
    return escape(" ".join(element.text_content().split()), quote=False)


def _item(item: Any) -> Paragraph:
    """A line of a list; of a legend, with its colour."""
    swatch = item.find(".//rect")
    shade = "#000000" if swatch is None else swatch.get("fill")
    size = 8 if swatch is None else 14
    return Paragraph(f'<font color="{shade}" size="{size}">•</font> {_said(item)}', _LINE)


def _table(element: Any) -> LongTable:
    head = [[_said(cell) for cell in row] for row in element.iterfind("thead/tr")]
    body = [[_said(cell) for cell in row] for row in element.iterfind("tbody/tr")]
    rows = [[Paragraph(cell, _HEADING) for cell in row] for row in head]
    rows += [[Paragraph(cell, _CELL) for cell in row] for row in body]
    return LongTable(rows, colWidths=_widths([*head, *body]), repeatRows=1, style=_GRID)


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Columns as wide as what stands in them, within bounds, that fill the page."""
    columns = list(zip(*rows, strict=True))
    longest = [max(map(len, column)) for column in columns]
    words = [max(map(len, column[0].split()), default=0) for column in columns]
    shortest = [max(_SHORTEST, int(1.4 * word)) for word in words]
    weights = [min(max(pair), _LONGEST) + _SHORTEST for pair in zip(longest, shortest, strict=True)]
    return [_WIDTH * weight / sum(weights) for weight in weights]


def _chart(svg: Any) -> Drawing:
    wide, high = (float(one) for one in svg.get("viewbox", svg.get("viewBox")).split()[2:])
    scale = _WIDTH / wide
    drawing = Drawing(_WIDTH, high * scale)

    def place(element: Any, name: str) -> float:
        return float(element.get(name) or 0) * scale

    for part in svg:
        match part.tag:
            case "rect":
                x, y, w, h = (place(part, name) for name in ("x", "y", "width", "height"))
                shade = colors.HexColor(part.get("fill"))
                bar = Rect(x, high * scale - y - h, w, h, fillColor=shade, strokeColor=None)
                drawing.add(bar)
            case "line":
                y = high * scale - place(part, "y1")
                drawing.add(Line(0, y, _WIDTH, y, strokeColor=colors.HexColor("#555555")))
            case "text":
                anchor = part.get("text-anchor", "start")
                at = place(part, "x"), high * scale - place(part, "y")
                told = String(*at, part.text, fontName=_FONT, fontSize=7, textAnchor=anchor)
                drawing.add(told)
            case _:
                # The title is for those who hear the page; the legend says it in words.
                pass
    return drawing
