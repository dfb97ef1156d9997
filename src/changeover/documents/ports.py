"""What files need from outside: a place to keep them, and readers of their forms."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from changeover.basics.progress import Progress
from changeover.documents.collections import Collections
from changeover.documents.model import FileText, Indexed, StoredFile
from changeover.documents.vectors import Vectors
from changeover.identity.ports import Accounts

T = TypeVar("T")


class Files(Protocol):
    """Files with their bytes, texts and indexes. The same bytes are kept once."""

    def owner(self, conversation: str) -> str | None:
        """The account whose conversation it is; None where there is none."""
        ...

    def add(self, file: StoredFile) -> None:
        """Keeps a new file, of which no byte came yet."""
        ...

    def get(self, file: str) -> StoredFile:
        """The file; `NotFoundError`."""
        ...

    def of(self, conversation: str) -> list[StoredFile]:
        """The files of a conversation, the earliest first."""
        ...

    def of_collections(self, collections: Collection[str]) -> list[StoredFile]:
        """The files that stand in the collections, the earliest first."""
        ...

    def collected(self) -> list[tuple[StoredFile, str]]:
        """The files of all collections that stand that are `ready`, by id, each with its class."""
        ...

    def put_away(self, file: str, at: datetime | None) -> None:
        """Marks a file of a collection removed; None brings it back."""
        ...

    def put_away_before(self, before: datetime) -> list[StoredFile]:
        """The files that were marked removed before."""
        ...

    def receive(self, file: str, offset: int, content: bytes) -> bool:
        """Adds bytes at the end of those that came; False where these do not follow them."""
        ...

    def received(self, file: str) -> bytes:
        """All bytes that came of a file that is being uploaded."""
        ...

    def settle(self, file: StoredFile, content: bytes | None) -> None:
        """Keeps the file as it is now, and its bytes, instead of the pieces that they came in."""
        ...

    def take(self, file: str, start: str, instead_of: str | None) -> bool:
        """Has the process `start` read a file that `instead_of` was reading; once for each."""
        ...

    def reading(self) -> list[StoredFile]:
        """The files of all people that are being read."""
        ...

    def content(self, sha256: str) -> bytes:
        """Bytes that are kept; `NotFoundError`."""
        ...

    def put_text(self, file: str, text: FileText) -> None:
        """Keeps a file's text, so that offsets into it stay."""
        ...

    def text(self, file: str) -> FileText | None:
        """A file's text; None where it has none."""
        ...

    def put_index(self, file: str, maker: str, index: Indexed) -> None:
        """Keeps an index of a file instead of every earlier one."""
        ...

    def index(self, file: str) -> tuple[str, Indexed] | None:
        """A file's index, and what made it."""
        ...

    def makers(self, names: Collection[str]) -> dict[str, str]:
        """What made the index of each of these files that has one."""
        ...

    def made_otherwise(self, maker: str) -> list[str]:
        """The files whose index another maker made."""
        ...

    def remove(self, file: str) -> None:
        """Forgets a file, its text, its index, and its bytes where no other file has them."""
        ...


class FileWork(Protocol):
    """One unit of work."""

    @property
    def files(self) -> Files: ...

    @property
    def collections(self) -> Collections: ...

    @property
    def vectors(self) -> Vectors: ...

    @property
    def accounts(self) -> Accounts: ...


class FileStore(Protocol):
    """Opens units of work. They block: never on the event loop's thread."""

    def begin(self, *, alone: bool) -> AbstractContextManager[FileWork]: ...

    def reading(self) -> AbstractContextManager[FileWork]: ...


class Reader(Protocol):
    """Reads any form of document."""

    def __call__(self, content: bytes, name: str, progress: Progress, /) -> FileText:
        """The text; `InvalidInputError` says in plain words why there is none."""
        ...


class Offload(Protocol):
    """Runs what blocks somewhere else; `asyncio.to_thread` is one."""

    def __call__(self, act: Callable[[], T], /) -> Awaitable[T]: ...
