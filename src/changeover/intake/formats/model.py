"""What a document says, whatever form it came in."""

from bisect import bisect_right
from typing import Literal

import msgspec

Form = Literal["text", "markdown", "html", "pdf", "word", "email"]


class DocumentText(msgspec.Struct, frozen=True, kw_only=True):
    """A document's text.

    `pages` are the offsets in characters at which its pages begin, none where the form
    has no pages. `notes` tell what was left out.
    """

    text: str
    form: Form
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def page(self, offset: int) -> int | None:
        """The number of the page, counted from 1, that an offset of the text stands on."""
        return page_at(self.pages, offset)

    def noting(self, *notes: str) -> "DocumentText":
        return msgspec.structs.replace(self, notes=(*self.notes, *notes)) if notes else self


def page_at(pages: tuple[int, ...], offset: int) -> int | None:
    """The number of the page that begins last before an offset, or at it; None without pages."""
    return max(1, bisect_right(pages, offset)) if pages else None
