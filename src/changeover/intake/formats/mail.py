"""E-mail (RFC 5322 and MIME, RFC 2045 to 2049): its head as lines, its text, what is attached.

`From`, `To`, `Cc`, `Date` and `Subject` are written as a memo's head has them.
"""

import re
from collections.abc import Callable, Iterator
from email import policy
from email.errors import MessageError
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from changeover.basics.progress import Progress
from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats.markup import markup_text
from changeover.intake.formats.model import DocumentText

_HEAD = ("From", "To", "Cc", "Date", "Subject")
_MOST_ATTACHED = 20
_BROKEN = (
    MessageError, LookupError, UnicodeError, ValueError, AttributeError, TypeError, RecursionError,
    OverflowError,
)  # fmt: skip
"""What the library ends in on parts whose encoding is unknown, or is not kept to."""
_UNDECODED = "\ufffd"
_FLOWED = re.compile(r"(?<=[^\s-]) \r?\n(?=\S)")
"""Where a line of `format=flowed` goes on (RFC 3676, 4.1)."""

_LONGEST_FIELD = 20_000
_LONGEST_OF_A_PART = 2_000
_MOST_OF_FIELDS = 500_000

Attached = Callable[[bytes, str, Progress], DocumentText]


class _Fields(HeaderRegistry):
    """The library's fields of a head, as far as they are read in a time that can be waited for.

    It takes the square of a field's length, again at each look at it. `ValueError` beyond.
    """

    def __init__(self) -> None:
        super().__init__()
        self._read = 0

    def __call__(self, name: str, value: str) -> BaseHeader:
        part = name.lower().startswith("content-")
        self._read += len(value)
        if len(value) > (_LONGEST_OF_A_PART if part else _LONGEST_FIELD):
            raise ValueError(f"{name} is too long")
        if self._read > _MOST_OF_FIELDS:
            raise ValueError("too many fields")
        return super().__call__(name, value)


def mail_text(content: bytes, name: str, progress: Progress, attached: Attached) -> DocumentText:
    """The text of a message; `UnreadableDocumentError` where none of it can be read.

    `attached` reads an attachment; what it refuses is named in the notes.
    """
    try:
        bounded = policy.default.clone(header_factory=_Fields())
        message = BytesParser(EmailMessage, policy=bounded).parsebytes(content)
        parts = list(message.iter_attachments())
        notes: list[str] = []
        head, pieces = "\n".join(_head(message, notes)), list(_body(message, name))
        "".join((head, *pieces)).encode()
    except _BROKEN as error:
        raise UnreadableDocumentError(
            name,
            f"{name} is damaged, or its parts are too many: it cannot be read as an e-mail.",
            do="Save it anew from the mail program, or copy its text into a file.",
        ) from error
    progress(1, 1 + len(parts))
    for place, part in enumerate(parts[:_MOST_ATTACHED]):
        try:
            pieces.append(_attachment(part, attached))
        except UnreadableDocumentError as error:
            notes.append(f"An attachment was not read: {error.what}")
        progress(2 + place, 1 + len(parts))
    if len(parts) > _MOST_ATTACHED:
        notes.append(f"{len(parts) - _MOST_ATTACHED} more attachments were not read.")
    if not pieces:
        raise UnreadableDocumentError(
            name,
            f"{name} is an e-mail without text that can be read.",
            do="Give what is attached to it by itself.",
        )
    text = "\n\n".join(piece.strip() for piece in (head, *pieces)) + "\n"
    if _UNDECODED in text:
        notes.append("It is not in the encoding that it says: what has no place there stands as �.")
    return DocumentText(text=text, form="email", notes=tuple(notes))


def _head(message: EmailMessage, notes: list[str]) -> Iterator[str]:
    for field in _HEAD:
        try:
            value = message.get(field)
        except _BROKEN:
            notes.append(f"Its field {field} cannot be read, or is too long.")
            continue
        if value is not None:
            words = " ".join(str(value).split())
            yield f"{field}: {_day(words) if field == 'Date' else words}"


def _day(words: str) -> str:
    """A date as the reader of documents takes it; as it is where it is none."""
    try:
        return f"{parsedate_to_datetime(words):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return words


def _body(message: EmailMessage, name: str) -> Iterator[str]:
    """The message's own text: as plain text, or where that is empty as a page."""
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        content = part.get_content() if isinstance(part, EmailMessage) else ""
        if not isinstance(part, EmailMessage) or not isinstance(content, str):
            continue
        if content.strip() and kind == "html":
            yield markup_text(content, name)
        elif content.strip():
            flowed = part.get_param("format") == "flowed"
            yield _FLOWED.sub(" ", content) if flowed else content
        if content.strip():
            return


def _attachment(part: EmailMessage, attached: Attached) -> str:
    name, content = _carried(part)
    found = attached(content, name, lambda _done, _total: None)
    return f"# {name}\n\n{found.text}"


def _carried(part: EmailMessage) -> tuple[str, bytes]:
    """An attachment's name and bytes."""
    try:
        kind = part.get_content_type()
        name = " ".join((part.get_filename() or f"an attachment of type {kind}").split())
        name.encode()
        content = part.get_payload(decode=True)
    except _BROKEN as error:
        raise UnreadableDocumentError(
            "", "Its name or encoding cannot be read.", do="Give it itself."
        ) from error
    if kind.startswith("message/"):
        raise UnreadableDocumentError(name, f"{name} is a letter of its own.", do="Give it itself.")
    if not isinstance(content, bytes):
        raise UnreadableDocumentError(name, f"{name} cannot be decoded.", do="Give it itself.")
    return name, content
