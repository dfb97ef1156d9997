"""The journal's files: their names, and how a record stands in them.

A start (one run of a process) writes `<start>-<number>.journal`, numbered from
1, and holds a lock on `<start>.lock` for as long as it lives: the system drops
the lock with the process, however it ends. A file that was found damaged keeps
its bytes under `<name>.damaged`.

A record is one line: the CRC-32 of its JSON in eight hexadecimal digits, a
space, the JSON. The first record of a file says which start, number and next
sequence number it begins with. A checksum per record tells a torn or altered
line from a whole one without trusting the file's length; it guards against
accidents, the ledger's hash tree guards against people.
"""

import errno
import fcntl
import os
import re
import zlib
from pathlib import Path

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.gateway.model import CallOutcome, Intent

FORMAT = 1
_NAME = re.compile(r"(?P<start>[A-Za-z0-9_]+)-(?P<number>\d{8})\.journal")
_START = re.compile(r"[A-Za-z0-9_]+")
_encoder = msgspec.json.Encoder()


class JournalError(ChangeoverError):
    """The journal cannot take an intent, so nothing may leave for a vendor."""

    code = "journal"


class Opened(msgspec.Struct, frozen=True, kw_only=True, tag="opened"):
    """A file's first record. `next_seq` is the first sequence number not yet given then."""

    start: str
    number: int
    next_seq: int
    format: int = FORMAT


class Intended(msgspec.Struct, frozen=True, tag="intent"):
    intent: Intent


class Concluded(msgspec.Struct, frozen=True, tag="outcome"):
    outcome: CallOutcome


Record = Opened | Intended | Concluded
_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def line(record: Record) -> bytes:
    """A record as it stands in a file, newline included."""
    body = _encoder.encode(record)
    return b"%08x %b\n" % (zlib.crc32(body), body)


def record_in(text: bytes) -> Record | None:
    """The record in a line (without its newline); None if the line is not whole."""
    checksum, _, body = text.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError:
        return None


class Lock:
    """A start's sign of life in a directory."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, directory: Path, start: str) -> "Lock | None":
        """The lock, or None while a living process holds it; `OSError` as the system says."""
        if not _START.fullmatch(start):
            raise ValueError(f"{start!r} cannot name a file")
        path = directory / f"{start}.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def release(self, *, remove: bool) -> None:
        """Lets go; with `remove` the file goes too, once nothing of the start is left."""
        if remove:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


class Segment:
    """One file that is written to. Only `sync` may run in another thread."""

    def __init__(self, directory: Path, opened: Opened) -> None:
        """Creates the file with its first record; `OSError` leaves nothing behind."""
        self.path = directory / f"{opened.start}-{opened.number:08}.journal"
        self.number = opened.number
        self.size = 0
        self._torn = False
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._descriptor = os.open(self.path, flags, 0o600)
        try:
            self.append(line(opened))
        except OSError:
            os.close(self._descriptor)
            self.path.unlink()
            raise

    def append(self, data: bytes) -> None:
        """Writes all of `data` or nothing; `OSError` when the disk is full."""
        if self._torn:
            raise OSError(errno.EIO, "a record was torn and could not be taken back")
        written = 0
        self._torn = True
        try:
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
        except OSError:
            # Half a record would tear the next one too. Shrinking needs no space.
            os.ftruncate(self._descriptor, self.size)
            self._torn = False
            raise
        self._torn = False
        self.size += written

    def sync(self) -> None:
        """Returns once the file and its name are on the disk."""
        os.fsync(self._descriptor)
        directory = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def close(self) -> None:
        os.close(self._descriptor)


def starts_in(directory: Path) -> dict[str, list[Path]]:
    """The files in a directory by start, each start's in their order."""
    found: dict[str, list[Path]] = {}
    for path in sorted(directory.iterdir()):
        named = _NAME.fullmatch(path.name)
        if named is not None:
            found.setdefault(named["start"], []).append(path)
    return found
