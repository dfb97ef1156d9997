"""HTML as the text that somebody would see (HTML Standard), blocks as lines.

Headings become lines of `#`, list items lines of `-`, cells of a row are parted by
`|`: the marks that Markdown has for them. Scripts, styles, hidden elements and
navigation are left out; nothing is run and nothing is fetched.
"""

import re
from collections.abc import Iterator

from lxml import etree

from changeover.basics.progress import Progress
from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats.model import DocumentText
from changeover.intake.formats.page_encoding import decoded_page
from changeover.intake.formats.page_lines import Lines

_GONE = frozenset(
    {"script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object", "embed",
     "nav", "button", "select", "textarea", "canvas", "audio", "video", "dialog"}
)  # fmt: skip
_APART = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "blockquote", "ul",
     "ol", "dl", "dt", "dd", "table", "figure", "figcaption", "pre", "address", "form",
     "fieldset", "hr", "body", "details", "summary"}
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_ARRANGED = frozenset({*_HEADINGS, "ul", "ol", "dl", "table", "blockquote", "pre"})
"""What a cell of a table of words does not hold: with one, the table arranges a page."""
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MOST_NODES = 2_000_000


def html_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text of a page; `UnreadableDocumentError` where it has none or cannot be decoded."""
    text = markup_text(decoded_page(content, name), name)
    progress(1, 1)
    return DocumentText(text=text, form="html")


def markup_text(markup: str, name: str) -> str:
    """The text of HTML that is decoded already.

    `UnreadableDocumentError` where it has none, or the parser stops before its end.
    """
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        recover=True,
        huge_tree=True,
    )
    try:
        tree = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        tree = None
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        raise UnreadableDocumentError(
            name,
            f"{name} has elements more than 2,000 deep in one another, or is damaged.",
            do="Save it from the browser as PDF or plain text, and give that.",
        )
    text = "" if tree is None else _Page(name).text(tree)
    if not text.strip():
        raise UnreadableDocumentError(
            name,
            f"{name} is a web page without text.",
            do="Save it from the browser once it shows its text, or copy the text into a file.",
        )
    return text


class _Page:
    """The tree, walked without recursion."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines = Lines()
        self._cells: Iterator[bool] = iter(())

    def text(self, tree: etree._Element) -> str:
        self._cells = iter(self._look(tree))
        gone: etree._Element | None = None
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if event == "start":
                of_words = element.tag in _CELLS and next(self._cells)
                if gone is None and _is_gone(element):
                    gone = element
                elif gone is None:
                    self._open(element, of_words=of_words)
                continue
            if gone is None:
                self._close(element)
            elif gone is element:
                gone = None
            if gone is None:
                self._lines.write(element.tail)
        return self._lines.text()

    def _look(self, tree: etree._Element) -> list[bool]:
        """Whether each cell, in order, is one of a table of words."""
        cells: list[bool] = []
        within: list[int] = []
        nodes = 0
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if event == "end":
                if element.tag in _CELLS:
                    within.pop()
                continue
            nodes += 1
            self._check(nodes)
            if element.tag in _ARRANGED and within:
                cells[within[-1]] = False
            if element.tag in _CELLS:
                within.append(len(cells))
                cells.append(element.getnext() is not None or element.getprevious() is not None)
        return cells

    def _check(self, nodes: int) -> None:
        if nodes > _MOST_NODES:
            raise UnreadableDocumentError(
                self._name,
                f"{self._name} has more than {_MOST_NODES:,} elements.",
                do="Give the part that matters.",
            )

    def _open(self, element: etree._Element, *, of_words: bool) -> None:
        tag = element.tag
        if tag in _HEADINGS:
            self._lines.begin(_HEADINGS[tag], apart=True)
        elif tag == "li":
            self._lines.begin("- ", apart=False)
        elif tag in _CELLS:
            self._lines.open_cell(of_words=of_words)
        elif tag == "br":
            self._lines.wrap()
        elif tag == "tr":
            self._lines.end()
        elif tag in _APART:
            self._lines.apart()
        if tag == "pre":
            self._lines.keep_breaks(keep=True)
        self._lines.write(element.text)

    def _close(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "pre":
            self._lines.keep_breaks(keep=False)
        if tag in _CELLS:
            self._lines.close_cell()
        elif tag == "li":
            self._lines.close_item()
        elif tag in _HEADINGS or tag in _APART:
            self._lines.apart()


def _is_gone(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _GONE:
        return True
    hidden = "hidden" in element.attrib or element.get("aria-hidden") == "true"
    return hidden or _HIDDEN.search(element.get("style", "")) is not None
