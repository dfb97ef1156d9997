"""HTML as the text that somebody would see (HTML Standard), blocks as lines.

Headings become lines of `#`, list items lines of `-`, cells of a row are parted by
`|`: the marks that Markdown has for them. Scripts, styles, hidden elements and
navigation are left out; nothing is run and nothing is fetched.
"""

import codecs
import re

from lxml import etree

from changeover.intake.decoding import UnreadableDocumentError, decode
from changeover.intake.formats.model import DocumentText, Progress

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
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_PRESCAN = 1024
_SPACE = re.compile(r"[ \t\r\n\f\v\u200b]+")
_MOST_NODES = 2_000_000


def html_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text of a page; `UnreadableDocumentError` where it has none or cannot be decoded."""
    text = markup_text(_decoded(content, name), name)
    progress(1, 1)
    return DocumentText(text=text, form="html")


def markup_text(markup: str, name: str) -> str:
    """The text of HTML that is decoded already."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        tree = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        tree = None
    text = "" if tree is None else _Page(name).text(tree)
    if not text.strip():
        raise UnreadableDocumentError(
            name,
            f"{name} is a web page without text.",
            do="Save it from the browser once it shows its text, or copy the text into a file.",
        )
    return text


def _decoded(content: bytes, name: str) -> str:
    """By the byte-order mark, else by what the page declares, else as UTF-8."""
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(content, name)
    head = content[:_PRESCAN]
    declared = _DECLARED.search(head) or _CHARSET.search(head)
    if declared is None:
        return decode(content, name)
    label = declared[1].decode("ascii").lower()
    # The Encoding Standard reads these labels as Windows-1252.
    label = "cp1252" if label in {"iso-8859-1", "latin1", "ascii", "us-ascii"} else label
    try:
        return content.decode(label)
    except LookupError:
        return decode(content, name)
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(
            name,
            f"{name} says that it is {label}, and is not: byte {error.start} has no place there.",
            do="Save it as UTF-8.",
        ) from error


class _Page:
    """Lines being written while the tree is walked, without recursion: nesting has no limit."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[str] = [""]
        self._nodes = 0
        self._cells = 0

    def text(self, tree: etree._Element) -> str:
        gone: etree._Element | None = None
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if event == "start":
                self._count()
                if gone is None and _is_gone(element):
                    gone = element
                elif gone is None:
                    self._open(element)
            else:
                if gone is None:
                    self._close(element)
                elif gone is element:
                    gone = None
                if gone is None:
                    self._write(element.tail)
        return "\n".join(line.rstrip() for line in self._lines).strip() + "\n"

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise UnreadableDocumentError(
                self._name,
                f"{self._name} has more than {_MOST_NODES:,} elements.",
                do="Give the part that matters.",
            )

    def _open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _HEADINGS:
            self._apart()
            self._lines[-1] = _HEADINGS[tag]
        elif tag == "li":
            self._line()
            self._lines[-1] = "- "
        elif tag in {"br", "tr"}:
            self._line()
        elif tag in _CELLS:
            self._cells += 1
            if self._lines[-1]:
                self._lines[-1] = f"{self._lines[-1].rstrip()} | "
        elif tag in _APART and not self._in_item():
            self._apart()
        self._write(element.text)

    def _close(self, element: etree._Element) -> None:
        self._cells -= element.tag in _CELLS
        if element.tag in _HEADINGS or (element.tag in _APART and not self._in_item()):
            self._apart()

    def _in_item(self) -> bool:
        """Whether an item, or a heading, has begun and has no words yet."""
        return self._lines[-1] != "" and not self._lines[-1].strip("#- ")

    def _write(self, text: str | None) -> None:
        words = _SPACE.sub(" ", text or "")
        if not words or (words == " " and self._lines[-1][-1:] in {"", " "}):
            return
        if self._lines[-1][-1:] in {"", " "}:
            words = words.lstrip(" ")
        self._lines[-1] += words

    def _line(self) -> None:
        if self._cells:
            self._write(" ")
        elif self._lines[-1].strip("#- "):
            self._lines.append("")

    def _apart(self) -> None:
        self._line()
        if not self._cells and len(self._lines) > 1 and self._lines[-2]:
            self._lines.append("")


def _is_gone(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _GONE:
        return True
    hidden = "hidden" in element.attrib or element.get("aria-hidden") == "true"
    return hidden or _HIDDEN.search(element.get("style", "")) is not None
