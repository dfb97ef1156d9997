"""Files, and the passages of them that a model was given.

A file belongs to the person who brought it, and stands in one conversation of theirs.
"""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Language

FileState = Literal["uploading", "reading", "ready", "kept", "refused"]
"""`kept` is a picture: shown, and never searched. `refused` has no text; `why` says so."""
Sought = Literal["words", "beginning"]
"""`beginning`: no word of the question stands in the files, so that they begin to be told."""


class _Value(msgspec.Struct, frozen=True):
    """Base of the values."""


class Found(_Value, frozen=True, kw_only=True):
    """What reading a file told. `why` is empty unless it was refused."""

    why: str = ""
    notes: tuple[str, ...] = ()
    language: Language = "en"
    characters: int = 0
    pages: int = 0
    passages: int = 0


class StoredFile(_Value, frozen=True, kw_only=True):
    """A file as kept. `sha256` is what its bytes have or shall have, "" while nobody said.

    `start` is the process that reads it.
    """

    id: str
    account: str
    conversation: str
    name: str
    size: int
    sha256: str
    created: datetime
    state: FileState = "uploading"
    received: int = 0
    start: str | None = None
    found: Found = Found()


class FileText(_Value, frozen=True, kw_only=True):
    """A file's text; `pages` are the offsets at which its pages begin, if it has any.

    `tabular` says that its lines are rows.
    """

    text: str
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    tabular: bool = False


class Passage(_Value, frozen=True, kw_only=True):
    """A stretch of a text, from `start` to `end` (exclusive) in characters."""

    start: int
    end: int
    page: int | None = None
    heading: str = ""


class GivenPassage(_Value, frozen=True, kw_only=True):
    """A passage as a model was given it: its words are kept, whatever becomes of the file."""

    number: int
    file: str
    name: str
    start: int
    end: int
    page: int | None
    text: str


class Given(_Value, frozen=True, kw_only=True):
    """The passages that went with a question, and how they were found."""

    passages: tuple[GivenPassage, ...]
    by: Sought


class Indexed(_Value, frozen=True, kw_only=True):
    """The passages of a file, and the stems of each."""

    passages: tuple[Passage, ...]
    stems: tuple[tuple[str, ...], ...]
