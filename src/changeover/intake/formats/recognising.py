"""What a document is, by its first bytes.

The expressions here are possessive: on bytes made to be hard for them they fail at once.
"""

import codecs
import re
from pathlib import PurePath

from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats.model import Form

_LEAD = rb"(?:\xef\xbb\xbf)?+\s*+(?:<\?xml[^>]*+>\s*+)?+(?><!--.*?-->\s*+)*+"
_HTML = re.compile(_LEAD + rb"<(?:!doctype\s++html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_PART_OF_HTML = re.compile(
    _LEAD + rb"<(?:script|iframe|h1|div|font|table|a|style|title|b|br|p|meta)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
"""Tags that a page may begin with (MIME Sniffing Standard, 7.1), as Markdown may."""
_FIELD = re.compile(rb"(?:[!-9;-~]++:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)++\r?+\n")
"""The header section of a message (RFC 5322, 2.2)."""
_PDF = re.compile(rb"(?:\A|[^\t -~])%PDF-")
"""A PDF's mark, behind what programs put before it; not in the middle of a line of text."""
_PRESCAN = 1024
_MAILED = re.compile(rb"^(?:message-id|mime-version|received):", re.IGNORECASE | re.MULTILINE)
_HEAD = 65_536
_ENDINGS: dict[str, Form] = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".htm": "html",
    ".html": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "word", ".docm": "word",
    ".eml": "email",
}  # fmt: skip
_CALLED = {
    "text": "plain text", "markdown": "Markdown", "html": "a web page", "pdf": "a PDF",
    "word": "a Word document", "email": "an e-mail",
}  # fmt: skip
AS_OTHERS = "Save it as PDF, Word (.docx) or plain text, and give that."
OCR = "Run text recognition on it, for example with ocrmypdf, and give the PDF that it makes."

_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n", "a picture", OCR),
    (b"\xff\xd8\xff", "a picture", OCR),
    (b"GIF8", "a picture", OCR),
    (b"II*\x00", "a picture", OCR),
    (b"MM\x00*", "a picture", OCR),
    (b"{\\rtf", "a file in Rich Text Format", AS_OTHERS),
    (b"\x7fELF", "a program", "Check that it is the file that you mean."),
    (b"\x1f\x8b", "an archive", "Give the documents in it."),
    (b"7z\xbc\xaf\x27\x1c", "an archive", "Give the documents in it."),
    (b"Rar!", "an archive", "Give the documents in it."),
)
_TWO_LETTERS: tuple[tuple[bytes, str, str], ...] = (
    (b"BM", "a picture", OCR),
    (b"MZ", "a program", "Check that it is the file that you mean."),
)
"""Beginnings that a text may have too: then no zero byte follows."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def form_of(content: bytes, name: str) -> Form:
    """The form; `UnreadableDocumentError` for one that is known and not read."""
    head = content[:_HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode()
    for refused in (_other(head), _old_office(content) if head.startswith(_OLE) else None):
        if refused is not None:
            what, do = refused
            raise UnreadableDocumentError(name, f"{name} is {what}, which is not read.", do=do)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "word"
    if _HTML.match(head):
        return "html"
    return _written(head, name)


def _written(head: bytes, name: str) -> Form:
    """A form that is text at its beginning: by what that is, or by its name."""
    fields = _FIELD.match(head)
    named = _ENDINGS.get(PurePath(name).suffix.lower(), "text")
    if fields is not None and (named == "email" or _MAILED.search(fields[0])):
        return "email"
    if _PDF.search(head[:_PRESCAN]):
        return "pdf"
    if named != "markdown" and _PART_OF_HTML.match(head):
        return "html"
    return "markdown" if named == "markdown" else "text"


def _other(head: bytes) -> tuple[str, str] | None:
    known = _BEGINNINGS + (_TWO_LETTERS if b"\0" in head[:64] else ())
    found = next(((what, do) for begins, what, do in known if head.startswith(begins)), None)
    if found is None and head[4:12] in {b"ftypheic", b"ftypheif", b"ftypavif"}:
        return "a picture", OCR
    if found is None and head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a picture", OCR
    return found


def _old_office(content: bytes) -> tuple[str, str]:
    """What a compound file holds (MS-CFB): its streams' names are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return (
            "an Office document protected by a password",
            "Remove the password, and give it again.",
        )
    if "__substg1.0_".encode("utf-16-le") in content:
        return "an Outlook message (.msg)", "Save it as .eml, PDF or plain text, and give that."
    return "a document of an old Office (.doc, .xls, .ppt)", AS_OTHERS


def named_otherwise(form: Form, name: str) -> tuple[str, ...]:
    """A note where a document's name says that it is something else than it is."""
    named = _ENDINGS.get(PurePath(name).suffix.lower())
    alike = {"text", "markdown"}
    if named is None or named == form or {named, form} <= alike:
        return ()
    return (f"Its name says {_CALLED[named]}; it is {_CALLED[form]}, and was read so.",)
