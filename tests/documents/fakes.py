"""Files in memory."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.documents.collections import Asked, Counts, StoredCollection
from changeover.documents.model import FileText, Indexed, StoredFile
from changeover.documents.vectors import Piece, VectorIndex
from changeover.identity.people import Account
from tests.people import FakeAccounts


class FakeFiles:
    """Implements `documents.ports.Files`; `owners` are the accounts by conversation."""

    def __init__(self, owners: dict[str, str]) -> None:
        self.owners = owners
        self._files: dict[str, StoredFile] = {}
        self._pieces: dict[str, bytes] = {}
        self._contents: dict[str, bytes] = {}
        self._texts: dict[str, FileText] = {}
        self._indexes: dict[str, tuple[str, Indexed]] = {}
        self.classes: Callable[[str], str | None] = lambda _: None

    def owner(self, conversation: str) -> str | None:
        return self.owners.get(conversation)

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

    def of_collections(self, collections: Collection[str]) -> list[StoredFile]:
        every = [file for file in self._files.values() if file.removed is None]
        held = [file for file in every if file.collection in collections]
        return sorted(held, key=lambda file: (file.created, file.id))

    def collected(self) -> list[tuple[StoredFile, str]]:
        ready = [file for _, file in sorted(self._files.items()) if file.state == "ready"]
        standing = [file for file in ready if file.removed is None and file.collection is not None]
        return [
            (file, data_class)
            for file in standing
            if (data_class := self.classes(file.collection or "")) is not None
        ]

    def put_away(self, file: str, at: datetime | None) -> None:
        self._files[file] = msgspec.structs.replace(self._files[file], removed=at)

    def put_away_before(self, before: datetime) -> list[StoredFile]:
        every = sorted(self._files.values(), key=lambda file: file.id)
        return [file for file in every if file.removed is not None and file.removed < before]

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
            removed = self._files[file.id].removed
            self._files[file.id] = msgspec.structs.replace(file, removed=removed)

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

    def makers(self, names: Collection[str]) -> dict[str, str]:
        return {name: self._indexes[name][0] for name in names if name in self._indexes}

    def made_otherwise(self, maker: str) -> list[str]:
        return sorted(file for file, (made, _) in self._indexes.items() if made != maker)

    def stands(self, file: str) -> bool:
        return file in self._files

    def remove(self, file: str) -> None:
        sha256 = self.get(file).sha256
        for kept in (self._files, self._pieces, self._texts, self._indexes):
            kept.pop(file, None)
        if all(other.sha256 != sha256 for other in self._files.values()):
            self._contents.pop(sha256, None)


class FakeCollections:
    """Implements `documents.collections.Collections`, of the files of a fake."""

    def __init__(self, files: FakeFiles) -> None:
        self._files = files
        files.classes = self._class
        self._kept: dict[str, StoredCollection] = {}
        self._asked: dict[str, tuple[str, list[Asked]]] = {}

    def _class(self, collection: str) -> str | None:
        found = self._kept.get(collection)
        return None if found is None or found.removed is not None else found.data_class

    def put(self, collection: StoredCollection) -> None:
        before = self._kept.get(collection.id)
        removed = None if before is None else before.removed
        self._kept[collection.id] = msgspec.structs.replace(collection, removed=removed)

    def get(self, collection: str) -> StoredCollection | None:
        return self._kept.get(collection)

    def of(self, parties: Collection[str]) -> list[StoredCollection]:
        every = [one for _, one in sorted(self._kept.items()) if one.removed is None]
        return [one for one in every if one.party in parties]

    def counts(self, collections: Collection[str]) -> dict[str, Counts]:
        counted = {}
        for name in collections:
            files = self._files.of_collections([name])
            unread = [file for file in files if file.state in {"uploading", "reading"}]
            passages = sum(file.found.passages for file in files)
            counted[name] = Counts(files=len(files), unread=len(unread), passages=passages)
        return counted

    def remove(self, collection: str, at: datetime | None) -> None:
        self._kept[collection] = msgspec.structs.replace(self._kept[collection], removed=at)

    def removed_before(self, before: datetime) -> list[StoredCollection]:
        every = sorted(self._kept.values(), key=lambda one: one.id)
        return [one for one in every if one.removed and one.removed < before]

    def forget(self, collections: Collection[str]) -> None:
        for one in collections:
            del self._kept[one]

    def asked(self, conversation: str) -> list[Asked]:
        return self._asked.get(conversation, ("", []))[1]

    def ask(self, conversation: str, account: str, wanted: Sequence[Asked]) -> None:
        ordered = sorted(wanted, key=lambda one: one.collection)
        self._asked[conversation] = account, ordered

    def asked_as(self, account: str, collection: str) -> str | None:
        own = [asked for owner, asked in self._asked.values() if owner == account]
        return next((o.name for asked in own for o in asked if o.collection == collection), None)


class FakeVectors:
    """Implements `documents.vectors.Vectors`, of the files of a fake."""

    def __init__(self, files: FakeFiles) -> None:
        self._files = files
        self._indexes: dict[str, VectorIndex] = {}
        self._pieces: dict[tuple[str, str, int], Piece] = {}

    def all(self) -> list[VectorIndex]:
        return sorted(self._indexes.values(), key=lambda one: (one.begun, one.id))

    def add(self, index: VectorIndex) -> None:
        self._indexes[index.id] = index

    def take(self, index: str, start: str, instead_of: str | None) -> bool:
        found = self._indexes.get(index)
        if found is None or found.start != instead_of:
            return False
        self._indexes[index] = msgspec.structs.replace(found, start=start)
        return True

    def serve(self, index: str) -> None:
        for other in [one for one in self._indexes if one != index]:
            self.forget(other)
        self._indexes[index] = msgspec.structs.replace(self._indexes[index], state="serving")

    def forget(self, index: str) -> None:
        self._indexes.pop(index, None)
        self._pieces = {key: one for key, one in self._pieces.items() if key[0] != index}

    def add_piece(self, index: str, piece: Piece) -> None:
        if index in self._indexes and self._files.stands(piece.file):
            self._pieces.setdefault((index, piece.file, piece.first), piece)

    def covered(self, index: str) -> dict[str, int]:
        counted: dict[str, int] = {}
        for (of, file, _), piece in self._standing():
            if of == index:
                counted[file] = counted.get(file, 0) + piece.count
        return counted

    def pieces(self, index: str, names: Collection[str]) -> list[Piece]:
        return [piece for (of, file, _), piece in self._standing() if of == index and file in names]

    def _standing(self) -> list[tuple[tuple[str, str, int], Piece]]:
        return [one for one in sorted(self._pieces.items()) if self._files.stands(one[0][1])]


class FakeFileStore:
    """Implements `documents.ports.FileStore` and its own work."""

    def __init__(self, owners: dict[str, str], *accounts: Account) -> None:
        self.files = FakeFiles(owners)
        self.collections = FakeCollections(self.files)
        self.vectors = FakeVectors(self.files)
        self.accounts = FakeAccounts()
        for account in accounts:
            self.accounts.add(account, None)

    @contextmanager
    def begin(self, *, alone: bool) -> Iterator["FakeFileStore"]:
        yield self

    @contextmanager
    def reading(self) -> Iterator["FakeFileStore"]:
        yield self
