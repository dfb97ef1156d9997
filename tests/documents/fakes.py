"""Files in memory."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.documents.model import FileText, Indexed, StoredFile


class FakeFiles:
    """Implements `documents.ports.Files`; `owners` are the accounts by conversation."""

    def __init__(self, owners: dict[str, str]) -> None:
        self._owners = owners
        self._files: dict[str, StoredFile] = {}
        self._pieces: dict[str, bytes] = {}
        self._contents: dict[str, bytes] = {}
        self._texts: dict[str, FileText] = {}
        self._indexes: dict[str, tuple[str, Indexed]] = {}

    def owner(self, conversation: str) -> str | None:
        return self._owners.get(conversation)

    def add(self, file: StoredFile) -> None:
        self._files[file.id] = file
        self._pieces[file.id] = b""

    def get(self, file: str) -> StoredFile:
        if file not in self._files:
            raise NotFoundError(f"There is no file {file}.")
        return self._files[file]

    def of(self, conversation: str) -> list[StoredFile]:
        own = [file for file in self._files.values() if file.conversation == conversation]
        return sorted(own, key=lambda file: (file.created, file.id))

    def receive(self, file: str, offset: int, content: bytes) -> bool:
        found = self.get(file)
        if found.received != offset or found.state != "uploading":
            return False
        self._pieces[file] += content
        self._files[file] = msgspec.structs.replace(found, received=offset + len(content))
        return True

    def received(self, file: str) -> bytes:
        return self._pieces[file]

    def settle(self, file: StoredFile, content: bytes | None) -> None:
        if content is not None:
            self._contents[hashlib.sha256(content).hexdigest()] = content
        if file.id in self._files:
            self._files[file.id] = file

    def take(self, file: str, start: str, instead_of: str | None) -> bool:
        found = self.get(file)
        if found.state != "reading" or found.start != instead_of:
            return False
        self._files[file] = msgspec.structs.replace(found, start=start)
        return True

    def reading(self) -> list[StoredFile]:
        return [file for file in self._files.values() if file.state == "reading"]

    def content(self, sha256: str) -> bytes:
        if sha256 not in self._contents:
            raise NotFoundError("The bytes of this file are not kept.")
        return self._contents[sha256]

    def put_text(self, file: str, text: FileText) -> None:
        if file in self._files:
            self._texts[file] = text

    def text(self, file: str) -> FileText | None:
        return self._texts.get(file)

    def put_index(self, file: str, maker: str, index: Indexed) -> None:
        if file in self._files:
            self._indexes[file] = maker, index

    def index(self, file: str) -> tuple[str, Indexed] | None:
        return self._indexes.get(file)

    def made_otherwise(self, maker: str) -> list[str]:
        return sorted(file for file, (made, _) in self._indexes.items() if made != maker)

    def remove(self, file: str) -> None:
        sha256 = self.get(file).sha256
        for kept in (self._files, self._pieces, self._texts, self._indexes):
            kept.pop(file, None)
        if all(other.sha256 != sha256 for other in self._files.values()):
            self._contents.pop(sha256, None)


class FakeFileStore:
    """Implements `documents.ports.FileStore` and its own work."""

    def __init__(self, owners: dict[str, str]) -> None:
        self.files = FakeFiles(owners)

    @contextmanager
    def begin(self, *, alone: bool) -> Iterator["FakeFileStore"]:
        yield self

    @contextmanager
    def reading(self) -> Iterator["FakeFileStore"]:
        yield self
