"""From a document's bytes to its text: plain text, Markdown, HTML, PDF, Word and e-mail.

What a document is comes from its bytes, not from its name. The same bytes always give
the same text; offsets of quotes count in it. Any bytes give a text or
`UnreadableDocumentError`.
"""

from collections.abc import Callable, Mapping

from changeover.basics.progress import Progress
from changeover.intake.decoding import UnreadableDocumentError, check_size
from changeover.intake.formats.mail import mail_text
from changeover.intake.formats.markup import html_text
from changeover.intake.formats.model import DocumentText, Form
from changeover.intake.formats.pdf import pdf_text
from changeover.intake.formats.plain import plain_text
from changeover.intake.formats.recognising import form_of, named_otherwise
from changeover.intake.formats.word import word_text

__all__ = ["DocumentText", "Form", "text_of"]

MOST_CHARACTERS = 20_000_000

_Reader = Callable[[bytes, str, Progress], DocumentText]
_READERS: Mapping[Form, _Reader] = {
    "text": plain_text,
    "markdown": plain_text,
    "html": html_text,
    "pdf": pdf_text,
    "word": word_text,
    "email": lambda content, name, progress: mail_text(content, name, progress, _attached),
}


def text_of(content: bytes, name: str, progress: Progress | None = None) -> DocumentText:
    """The text of a document, called `name`; `UnreadableDocumentError` where it has none.

    `progress` is told how many parts of how many were read.
    """
    check_size(content, name)
    form = form_of(content, name)
    found = _READERS[form](content, name, progress or _unheard)
    if len(found.text) > MOST_CHARACTERS:
        raise UnreadableDocumentError(
            name,
            f"{name} holds {len(found.text):,} characters; at most {MOST_CHARACTERS:,} are read.",
            do="Split it, or give the part that matters.",
        )
    return found.noting(*named_otherwise(form, name))


def _attached(content: bytes, name: str, progress: Progress) -> DocumentText:
    """An attachment's text; a letter within a letter is not opened."""
    form = form_of(content, name)
    if form == "email":
        raise UnreadableDocumentError(name, f"{name} is a letter of its own.", do="Give it itself.")
    return _READERS[form](content, name, progress)


def _unheard(_done: int, _total: int) -> None:
    """Nobody asked for progress."""
