"""Files being read: from bytes to text, passages and an index, beside everything else.

Two are read at once in a process. A file names the process that reads it; those of processes
that serve no more are read by whoever starts next. When what makes indexes has changed,
each is made anew from the kept text and takes the old one's place, which serves until then.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager

import msgspec
import structlog

from changeover.basics.errors import InvalidInputError
from changeover.basics.progress import Progress
from changeover.documents import pictures, picturing, words
from changeover.documents.language import language_of
from changeover.documents.model import FileState, FileText, Found, Indexed, StoredFile
from changeover.documents.passages import passages
from changeover.documents.ports import FileStore, Offload, Reader

_AT_ONCE = 2
_FEWEST_LETTERS = 12
"""Fewer are taken for marks in a picture, and not for words."""
_SEEN = "A picture whose text was recognised: check it against the picture."


class MisnamedError(InvalidInputError):
    """A file is of another form than its name says."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is not what its name says.",
            do="Check that it is the file that you mean, and give it its right name.",
        )


class Readings:
    """The files that this process, `start`, reads."""

    def __init__(
        self,
        store: FileStore,
        reader: Reader,
        start: str,
        offload: Offload,
        *,
        read: Callable[[], None] = lambda: None,
        sees: Callable[[bytes], str] = lambda _: "",
    ) -> None:
        """`read` is called whenever a file was read; `sees` gives the words in a picture."""
        self.start = start
        self._heard = read
        self._sees = sees
        self._store = store
        self._reader = reader
        self._offload = offload
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: dict[str, tuple[int, int]] = {}

    @asynccontextmanager
    async def running(self, living: Callable[[], frozenset[str]]) -> AsyncGenerator[None]:
        """Takes up what others left unread; at the end, waits for what is being read."""
        self._go(self._recover(living), "files left unread")
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, file: StoredFile, content: bytes) -> None:
        """Has a file read that was kept as being read here."""
        self._go(self._read(file, content), file.id)

    def how_far(self, file: str) -> tuple[int, int]:
        """How many parts of how many are read, where it is read here; else zeros."""
        return self._told.get(file, (0, 0))

    async def settled(self) -> None:
        """Returns when nothing is being read."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _go(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=f"reading {name}")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            structlog.get_logger("changeover.documents").error(
                "a file was not read", task=task.get_name(), exc_info=fault
            )

    async def _read(self, file: StoredFile, content: bytes) -> None:
        async with self._free:
            try:
                await self._offload(lambda: self._reading(file, content))
            finally:
                self._told.pop(file.id, None)
        self._heard()

    def _reading(self, file: StoredFile, content: bytes) -> None:
        def told(done: int, total: int) -> None:
            self._told[file.id] = done, total

        try:
            kind = _picture(content, file.name)
            text = self._text(content, file.name, kind, told)
        except InvalidInputError as error:
            self._settle(file, "refused", Found(why=f"{error.what} {error.do}".strip()))
            return
        if text is None:
            self._settle(file, "kept", Found(picture=kind or ""))
            return
        found, index = indexed(text)
        found = msgspec.structs.replace(found, picture=kind or "")
        with self._store.begin(alone=False) as work:
            work.files.settle(_ended(file, "ready", found), None)
            work.files.put_text(file.id, text)
            work.files.put_index(file.id, words.MAKER, index)

    def _text(self, content: bytes, name: str, kind: str | None, told: Progress) -> FileText | None:
        """The text of a document, or the words in a picture; None for one without any."""
        if kind is None:
            return self._reader(content, name, told)
        picturing.check(content, name)
        words_seen = self._sees(content)
        if sum(map(str.isalnum, words_seen)) < _FEWEST_LETTERS:
            return None
        return FileText(text=words_seen, notes=(_SEEN,))

    def _settle(self, file: StoredFile, state: FileState, found: Found) -> None:
        with self._store.begin(alone=False) as work:
            work.files.settle(_ended(file, state, found), None)

    async def _recover(self, living: Callable[[], frozenset[str]]) -> None:
        left = await self._offload(lambda: self._left(living()))
        for file, content in left:
            await self._read(file, content)
        await self._offload(self._make_anew)

    def _left(self, living: frozenset[str]) -> list[tuple[StoredFile, bytes]]:
        """The files that nobody reads any more; they are read here from now on."""
        with self._store.begin(alone=False) as work:
            nobodys = [
                file
                for file in work.files.reading()
                if file.start not in {self.start, *living}
                and work.files.take(file.id, self.start, file.start)
            ]
            return [(file, work.files.content(file.sha256)) for file in nobodys]

    def _make_anew(self) -> None:
        with self._store.reading() as work:
            stale = work.files.made_otherwise(words.MAKER)
        for name in stale:
            with self._store.begin(alone=False) as work:
                text = work.files.text(name)
                if text is not None:
                    work.files.put_index(name, words.MAKER, indexed(text)[1])


def indexed(text: FileText) -> tuple[Found, Indexed]:
    """What is told of a text, and the index of its passages."""
    language = language_of(text.text)
    cut = passages(text, language)
    index = Indexed(
        passages=cut,
        stems=tuple(
            tuple(words.stems(f"{one.heading}\n{text.text[one.start : one.end]}", language))
            for one in cut
        ),
    )
    found = Found(
        notes=text.notes,
        language=language,
        characters=len(text.text),
        pages=len(text.pages),
        passages=len(cut),
    )
    return found, index


def _picture(content: bytes, name: str) -> str | None:
    """A picture's media type; `InvalidInputError` where its name says otherwise."""
    kind = pictures.picture_type(content)
    if kind is not None and not pictures.named_so(name, kind):
        raise InvalidInputError(
            f"{name} is a picture, and its name says something else.",
            do="Check that it is the file that you mean, and give it its right name.",
        )
    if kind is None and pictures.called_picture(name):
        raise InvalidInputError(
            f"{name} is called a picture, and is none that can be shown.",
            do="Check that it is the file that you mean, or save it as PNG or JPEG.",
        )
    return kind


def _ended(file: StoredFile, state: FileState, found: Found) -> StoredFile:
    return msgspec.structs.replace(file, state=state, found=found, start=None)
