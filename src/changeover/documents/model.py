"""Files, collections, and the passages that a model was given.

A file belongs to the person who brought it and stands in one place: a conversation
of theirs, or a collection. A collection belongs to a party and to whoever made it.
"""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual, Language

FileState = Literal["uploading", "reading", "ready", "kept", "refused"]
"""`kept` is a picture: shown, and never searched. `refused` has no text; `why` says so."""
Opening = Literal["named", "party"]
"""To the people named alone, or to everybody of the party."""
May = Literal["ask", "add"]
Sought = Literal["words", "words-and-meaning", "beginning"]


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the values."""


class Place(_Value):
    """Where a file stands: one of the two."""

    conversation: str | None = None
    collection: str | None = None


class Found(_Value):
    """What reading a file told. `why` is empty unless it was refused."""

    why: str = ""
    notes: tuple[str, ...] = ()
    language: Language = "en"
    characters: int = 0
    pages: int = 0
    passages: int = 0


class StoredFile(_Value):
    """A file as kept. `sha256` is what its bytes have or shall have, "" while nobody said.

    `start` is the process that reads it.
    """

    id: str
    account: str
    place: Place
    name: str
    size: int
    sha256: str
    created: datetime
    state: FileState = "uploading"
    received: int = 0
    start: str | None = None
    found: Found = Found()


class FileText(_Value):
    """A file's text; `pages` are the offsets at which its pages begin, if it has any.

    `tabular` says that its lines are rows.
    """

    text: str
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    tabular: bool = False


class Passage(_Value):
    """A stretch of a text, from `start` to `end` (exclusive) in characters."""

    start: int
    end: int
    page: int | None = None
    heading: str = ""


class Collection(_Value):
    """Files of a party. Who made it may do everything with it.

    `asking` and `adding` say who else may ask and add: the people named, or the party.
    """

    id: str
    name: str
    party: str
    account: str
    created: datetime
    asking: Opening = "named"
    adding: Opening = "named"


class Sharing(_Value):
    """Somebody named, and what they may do: who may add may ask too."""

    account: str
    may: May


class GivenPassage(_Value):
    """A passage as a model was given it: its words are kept, whatever becomes of the file."""

    number: int
    file: str
    name: str
    start: int
    end: int
    page: int | None
    text: str


class Given(_Value):
    """The passages that went with a question, how they were found, and what to know of that."""

    passages: tuple[GivenPassage, ...]
    by: Sought
    notes: tuple[Bilingual, ...] = ()
