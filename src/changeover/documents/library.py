"""Files of conversations and collections: bringing them, seeing them, taking them away.

A file comes in pieces. Each says at which offset it begins, and is taken only where the
bytes before it ended: who lost the connection asks how far the file is, and goes on from
there. Who begins a file that stands unfinished in its place, with the same name, size and
digest, is given that one. When the last byte is there the digest is compared, and the file is
read (`reading`).

A person sees files of their own conversations and of the collections that are open to them
(`access`); others do not exist for them. Taking a file of a collection away can be undone.
"""

import hashlib

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.ids import new_id
from changeover.documents.access import Access, Place
from changeover.documents.collections import MOST_FILES as MOST_IN_COLLECTION
from changeover.documents.model import FileText, StoredFile
from changeover.documents.ports import FileStore, FileWork, Offload
from changeover.documents.reading import Readings
from changeover.identity.people import Account

MOST_BYTES = 20_000_000
MOST_FILES = 50
"""In a conversation."""
MOST_AT_ONCE = 2_000_000
"""The greatest piece, in bytes."""
_LONGEST_NAME = 200


class NewFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to come: its name, how many bytes it has, and their SHA-256 in hexadecimal.

    Without it ("") nothing is compared, and what was broken off begins anew: browsers compute no
    digest on a page that came without TLS.
    """

    name: str
    size: int
    sha256: str


class FileLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file in a list; `done` of `total` parts are read while it is being read."""

    file: StoredFile
    done: int = 0
    total: int = 0


class OffsetError(ConflictError):
    """A piece does not begin where the bytes that came before it end."""

    code = "offset"


class Library:
    """The files of all conversations and collections."""

    def __init__(
        self, store: FileStore, readings: Readings, access: Access, clock: Clock, offload: Offload
    ) -> None:
        self._store = store
        self._access = access
        self._readings = readings
        self._clock = clock
        self._offload = offload

    async def begin(self, account: Account, place: Place, wanted: NewFile) -> FileLine:
        """A new file, or the unfinished one that it is.

        Raises `InvalidInputError`, `NotFoundError`, and `NotAuthorisedError` in a collection
        that the account may only read.
        """
        _check(wanted)
        now = self._clock.now()

        def begin() -> StoredFile:
            with self._store.begin(alone=False) as work:
                self._access.check_place(work, account, place, change=True)
                there = _in(work, place)
                for file in there:
                    if file.state == "uploading" and _same(file, wanted):
                        return file
                _check_room(len(there), place)
                new = StoredFile(
                    id=new_id("file"),
                    account=account.id,
                    conversation=place.conversation,
                    collection=place.collection,
                    name=wanted.name,
                    size=wanted.size,
                    sha256=wanted.sha256,
                    created=now,
                )
                work.files.add(new)
                return new

        return FileLine(file=await self._offload(begin))

    async def receive(self, account: Account, file: str, offset: int, content: bytes) -> FileLine:
        """Takes a piece; `OffsetError` where it does not follow, `InvalidInputError`."""
        if not 0 < len(content) <= MOST_AT_ONCE:
            raise InvalidInputError(
                f"A piece of a file has 1 to {MOST_AT_ONCE:,} bytes, and this one has "
                f"{len(content):,}.",
                means="It was not taken.",
                do="Send the file in smaller pieces.",
            )

        def receive() -> tuple[StoredFile, bytes]:
            with self._store.begin(alone=False) as work:
                found = self._access.file(work, account, file, change=True)
                fits = offset + len(content) <= found.size and found.state == "uploading"
                if not fits or not work.files.receive(file, offset, content):
                    raise OffsetError(
                        f"{found.received:,} of {found.size:,} bytes of {found.name} have come.",
                        means="The piece was not taken.",
                        do="Ask how far the file is, and go on from there.",
                    )
                found = work.files.get(file)
                if found.received < found.size:
                    return found, b""
                return self._whole(work, found)

        found, whole = await self._offload(receive)
        if whole:
            self._readings.begin(found, whole)
        return self._line(found)

    def _whole(self, work: FileWork, file: StoredFile) -> tuple[StoredFile, bytes]:
        """All bytes are there: the file is read, or refused where they are not those promised."""
        content = work.files.received(file.id)
        sha256 = hashlib.sha256(content).hexdigest()
        if file.sha256 not in {"", sha256}:
            work.files.remove(file.id)
            found = msgspec.structs.replace(
                file.found, why="It arrived altered on its way. Give it again."
            )
            return msgspec.structs.replace(file, state="refused", found=found), b""
        read = msgspec.structs.replace(
            file, state="reading", start=self._readings.start, sha256=sha256
        )
        work.files.settle(read, content)
        return read, content

    async def look(self, account: Account, file: str) -> FileLine:
        """How far a file is; `NotFoundError`."""

        def look() -> StoredFile:
            with self._store.reading() as work:
                return self._access.file(work, account, file)

        return self._line(await self._offload(look))

    async def all(self, account: Account, place: Place) -> list[FileLine]:
        """The files of a place, the earliest first; `NotFoundError`."""

        def all_() -> list[StoredFile]:
            with self._store.reading() as work:
                self._access.check_place(work, account, place)
                return _in(work, place)

        return [self._line(file) for file in await self._offload(all_)]

    async def text(self, account: Account, file: str) -> tuple[StoredFile, FileText]:
        """A file's text; `NotFoundError`."""

        def text() -> tuple[StoredFile, FileText]:
            with self._store.reading() as work:
                found = self._access.file(work, account, file)
                read = work.files.text(file)
                if read is None:
                    raise NotFoundError(f"{found.name} has no text.")
                return found, read

        return await self._offload(text)

    async def content(self, account: Account, file: str) -> tuple[StoredFile, bytes]:
        """A file's own bytes; `NotFoundError`."""

        def content() -> tuple[StoredFile, bytes]:
            with self._store.reading() as work:
                found = self._access.file(work, account, file)
                return found, work.files.content(found.sha256)

        return await self._offload(content)

    async def remove(self, account: Account, file: str) -> None:
        """Takes a file away. What answers were given of it stays with them; `NotFoundError`.

        One of a collection can be brought back, if all of it had come. One of a conversation is
        gone at once: `ConflictError` under a legal hold.
        """
        now = self._clock.now()

        def remove() -> None:
            with self._store.begin(alone=False) as work:
                found = self._access.file(work, account, file, change=True)
                if found.collection is None or found.state == "uploading":
                    if found.state != "uploading":
                        self._access.check_removal(account)
                    work.files.remove(file)
                else:
                    work.files.put_away(file, now)

        await self._offload(remove)

    async def bring_back(self, account: Account, file: str) -> FileLine:
        """Undoes taking a file of a collection away; `NotFoundError`, `InvalidInputError`."""

        def bring_back() -> StoredFile:
            with self._store.begin(alone=False) as work:
                found = self._access.file(work, account, file, change=True, removed=True)
                place = Place(collection=found.collection)
                _check_room(len(_in(work, place)), place)
                work.files.put_away(file, None)
                return msgspec.structs.replace(found, removed=None)

        return self._line(await self._offload(bring_back))

    def _line(self, file: StoredFile) -> FileLine:
        done, total = self._readings.how_far(file.id)
        return FileLine(file=file, done=done, total=total)


def _check(wanted: NewFile) -> None:
    if not 0 < len(wanted.name.strip()) <= _LONGEST_NAME:
        raise InvalidInputError(
            f"A file's name has 1 to {_LONGEST_NAME} characters.", means="The file was not taken."
        )
    if wanted.size <= 0:
        raise InvalidInputError(
            f"{wanted.name} is empty.", means="The file was not taken.", do="Give another one."
        )
    if wanted.size > MOST_BYTES:
        raise InvalidInputError(
            f"{wanted.name} has {wanted.size:,} bytes; at most {MOST_BYTES:,} are taken.",
            means="The file was not taken.",
            do="Split it, or give the part that matters.",
        )


def _same(file: StoredFile, wanted: NewFile) -> bool:
    there = file.name, file.size, file.sha256
    return wanted.sha256 != "" and there == (wanted.name, wanted.size, wanted.sha256)


def _in(work: FileWork, place: Place) -> list[StoredFile]:
    if place.collection is not None:
        return work.files.of_collections([place.collection])
    return work.files.of(place.conversation or "")


def _check_room(there: int, place: Place) -> None:
    if place.conversation is not None and there >= MOST_FILES:
        raise InvalidInputError(
            f"A conversation holds at most {MOST_FILES} files.",
            means="The file was not taken.",
            do="Remove one of its files first, or begin another conversation.",
        )
    if place.collection is not None and there >= MOST_IN_COLLECTION:
        raise InvalidInputError(
            f"A collection holds at most {MOST_IN_COLLECTION:,} files.",
            means="The file was not taken.",
            do="Remove files that nobody needs any more, or make another collection.",
        )
