"""Bytes to text: what a text file may be, and a clear word where it is not one.

UTF-8 is read with or without its byte-order mark, UTF-16 only with one (without
it, any even run of bytes would pass). Nothing is guessed or replaced: an offset
into a text that was repaired would point at words nobody wrote.
"""

import codecs

from changeover.basics.errors import InvalidInputError

MAX_BYTES = 20_000_000
_SAVED_OTHERWISE = (
    "It seems to be in Windows-1252: open it with that encoding, and save it as UTF-8."
)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1b")


class UnreadableDocumentError(InvalidInputError):
    """The bytes are no text that intake reads; `name` is the file's."""

    code = "unreadable_document"

    def __init__(self, name: str, what: str, *, do: str) -> None:
        super().__init__(what, means="Nothing was read from it.", do=do)
        self.name = name


def check_size(document: bytes, name: str) -> None:
    """`UnreadableDocumentError` for a document that is too large to be read, or kept."""
    if len(document) > MAX_BYTES:
        raise UnreadableDocumentError(
            name,
            f"{name} has {len(document):,} bytes; at most {MAX_BYTES:,} are read.",
            do="Split it, or give the part that matters.",
        )


def decode(document: bytes, name: str) -> str:
    """The document's text; `UnreadableDocumentError` when it is none."""
    check_size(document, name)
    text = _decode(document, name)
    if any(character in _CONTROLS for character in text):
        raise UnreadableDocumentError(
            name,
            f"{name} holds control characters: it is not a text file.",
            do="Save it as plain text or Markdown in UTF-8.",
        )
    return text


def _decode(document: bytes, name: str) -> str:
    sixteen = document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if sixteen else "utf-8-sig"
    try:
        return document.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(
            name,
            f"{name} is not text in UTF-8 or UTF-16: "
            f"the byte at offset {error.start} has no place there.",
            do=_SAVED_OTHERWISE if _western(document) else "Save it as UTF-8.",
        ) from error


def _western(document: bytes) -> bool:
    """Whether the bytes would be letters of Western Europe in Windows-1252."""
    try:
        text = document.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return not any(character in _CONTROLS for character in text)
