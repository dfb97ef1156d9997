"""Files, and the passages of them that a model was given.

A file stands in a conversation of the person who brought it, and is theirs alone, or in a
collection of a party (`collections`).
"""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Language

FileState = Literal["uploading", "reading", "ready", "kept", "refused"]
"""`kept` is a picture without words: shown, and never searched. `refused` has no text; `why` says
so."""
Sought = Literal["words", "beginning", "meaning"]
"""`beginning`: no word of the question stands in the files, so that they begin to be told.
`meaning`: by the question's words and by what a model takes it to mean, both."""
NotByMeaning = Literal["barred", "unreached", "not-yet"]
"""Why words alone were looked for, though a model is bound that knows more: it may not be used, it
gave no answer, or it has not read everything yet."""


class _Value(msgspec.Struct, frozen=True):
    """Base of the values."""


class Found(_Value, frozen=True, kw_only=True):
    """What reading a file told. `why` is empty unless it was refused.

    `picture` is the media type of a picture.
    """

    why: str = ""
    notes: tuple[str, ...] = ()
    language: Language = "en"
    characters: int = 0
    pages: int = 0
    passages: int = 0
    picture: str = ""


class StoredFile(_Value, frozen=True, kw_only=True):
    """A file as kept, in a conversation or in a collection; `account` brought it.

    `sha256` is what its bytes have or shall have, "" while nobody said. `start` is the process
    that reads it. One that was `removed` can be brought back.
    """

    id: str
    account: str
    conversation: str | None = None
    collection: str | None = None
    name: str
    size: int
    sha256: str
    created: datetime
    state: FileState = "uploading"
    received: int = 0
    start: str | None = None
    found: Found = Found()
    removed: datetime | None = None


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
    """A passage as a model was given it: its words are kept, whatever becomes of the file.

    `collection` names the collection that the file stands in, `data_class` is what that is of;
    both are empty for a file of the conversation.
    """

    number: int
    file: str
    name: str
    start: int
    end: int
    page: int | None
    text: str
    collection: str = ""
    data_class: str = ""


class SentPicture(_Value, frozen=True, kw_only=True):
    """A picture that went with a message: its file, and what that was called."""

    file: str
    name: str


class Given(_Value, frozen=True, kw_only=True):
    """The passages that went with a question, and how they were found.

    `words_because` is why words alone were looked for, where a model is bound for more.
    """

    passages: tuple[GivenPassage, ...]
    by: Sought
    words_because: NotByMeaning | None = None


class Indexed(_Value, frozen=True, kw_only=True):
    """The passages of a file, and the stems of each."""

    passages: tuple[Passage, ...]
    stems: tuple[tuple[str, ...], ...]
