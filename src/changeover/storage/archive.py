"""The file of a backup: a gzip-compressed tar that is read in one pass and trusted in none.

Its members stand in this order, and there are no others:

1. `manifest.json`: what is in it, with each table's length, rows and SHA-256;
2. `ledger.key`, where the manifest tells its digest;
3. `tables/NAME.jsonl`, in the manifest's order: a row to a line, a JSON array in the
   order of the manifest's columns, bytes as base64.

So a reader knows what each member must be before it comes, and holds one row at a
time. A row is checked as it is read, but a table only when its last row was: whoever
loads rows keeps them in a transaction until `Archive.tables` has ended.
"""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, Literal, TypeAlias

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.ledger.standing import Standing
from changeover.storage.progress import Meter

FORMAT = 1
MANIFEST, KEY = "manifest.json", "ledger.key"
_LEVEL = 4
_MANIFEST_LIMIT, _KEY_LIMIT = 4 << 20, 4 << 10

Cell: TypeAlias = int | str | bytes | bool | None
ColumnKind = Literal["integer", "text", "bytes", "boolean"]

_TYPES: dict[ColumnKind, Any] = {
    "integer": int | None,
    "text": str | None,
    "bytes": bytes | None,
    "boolean": bool | None,
}
_encoder = msgspec.json.Encoder()


class BackupError(ChangeoverError):
    """The file is no backup, or not as it was written."""

    code = "backup"


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column and what its cells are; any of them may be null here."""

    name: str
    kind: ColumnKind


class TablePart(msgspec.Struct, frozen=True, kw_only=True):
    """A table in a backup; `size` and `sha256` are those of its lines."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds.

    `product` is the version that wrote it, `installation` a demonstration or
    production (None before its first start), `verifier` the ledger's public key
    where it was known, `key` the SHA-256 of the private key's text if it is there.
    """

    format: int
    product: str
    schema: str
    database: str
    installation: str | None
    at: str
    ledger: Standing
    verifier: str | None
    key: str | None
    tables: tuple[TablePart, ...]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables)

    @property
    def size(self) -> int:
        return sum(part.size for part in self.tables)


class _Format(msgspec.Struct, frozen=True):
    format: int
    product: str = ""


def line(row: Sequence[Cell]) -> bytes:
    """A row as it stands in a backup."""
    return _encoder.encode(row) + b"\n"


def write(
    file: BinaryIO,
    manifest: Manifest,
    key: str | None,
    lines: Callable[[TablePart], Iterable[bytes]],
    *,
    modified: int,
) -> None:
    """Writes a backup; `lines` gives a table's, which must be those of the manifest."""
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=modified) as zipped,
        tarfile.open(fileobj=zipped, mode="w|") as tar,
    ):
        told = msgspec.json.format(_encoder.encode(manifest), indent=1)
        _add(tar, (MANIFEST, len(told)), [told], modified)
        if key is not None:
            _add(tar, (KEY, len(key.encode())), [key.encode()], modified)
        for part in manifest.tables:
            _add(tar, (_member(part), part.size), lines(part), modified)


def _add(
    tar: tarfile.TarFile, named: tuple[str, int], pieces: Iterable[bytes], modified: int
) -> None:
    member = tarfile.TarInfo(named[0])
    member.size, member.mtime, member.mode = named[1], modified, 0o600
    source = _Pieces(pieces)
    tar.addfile(member, source)
    if source.read(1):
        raise RuntimeError(f"{named[0]} is longer than it was when it was counted")


def _member(part: TablePart) -> str:
    return f"tables/{part.name}.jsonl"


class _Pieces:
    """Bytes that come in pieces, to be read in others."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()

    def read(self, size: int = 0, /) -> bytes:
        while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        given = bytes(self._held[:size])
        del self._held[:size]
        return given


class Archive:
    """A backup that is read from its beginning; `name` is how errors call it.

    Everything raises `BackupError` where the file is not as a backup was written.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        self._zipped = gzip.GzipFile(fileobj=file, mode="rb")
        with self._readable():
            self._tar = tarfile.open(fileobj=self._zipped, mode="r|")  # noqa: SIM115 - as long as the file
        self.manifest = self._read_manifest()
        self.key = None if self.manifest.key is None else self._read_key(self.manifest.key)

    def tables(self, meter: Meter) -> Iterator[tuple[TablePart, Iterator[tuple[Cell, ...]]]]:
        """Each table with its rows, which must be read to their end before the next table's."""
        for part in self.manifest.tables:
            yield part, self._rows(part, meter)
        meter.end()
        with self._readable():
            member = self._tar.next()
            # What fills the last record up may not have been read with the end of the tar.
            rest = self._zipped.read(tarfile.RECORDSIZE + 1)
        if member is not None or len(rest) > tarfile.RECORDSIZE or any(rest):
            raise self._fault("something was added after its end")

    def _rows(self, part: TablePart, meter: Meter) -> Iterator[tuple[Cell, ...]]:
        kinds = tuple(_TYPES[column.kind] for column in part.columns)
        decoder: msgspec.json.Decoder[tuple[Cell, ...]] = msgspec.json.Decoder(tuple[kinds])  # type: ignore[valid-type]
        lines = self._member(_member(part), part.size)
        seen, count = hashlib.sha256(), 0
        while True:
            with self._readable():
                read = lines.readline()
                row = decoder.decode(read) if read else None
            if row is None:
                break
            seen.update(read)
            count += 1
            meter.add(len(read))
            yield row
        if (seen.hexdigest(), count) != (part.sha256, part.rows):
            raise self._fault(f"the rows of {part.name} are not those that were written")

    def _read_manifest(self) -> Manifest:
        told = self._text(MANIFEST, _MANIFEST_LIMIT)
        with self._readable():
            about = msgspec.json.decode(told, type=_Format)
        if about.format != FORMAT:
            raise BackupError(
                f"The backup {self._name} has form {about.format}, which this program cannot read.",
                means=f"Changeover {about.product} wrote it; this one reads form {FORMAT}.",
                do="Restore it with the version that wrote it.",
            )
        with self._readable():
            return msgspec.json.decode(told, type=Manifest)

    def _read_key(self, expected: str) -> str:
        text = self._text(KEY, _KEY_LIMIT)
        if hashlib.sha256(text).hexdigest() != expected:
            raise self._fault("the ledger's key is not the one that was written")
        with self._readable():
            return text.decode()

    def _text(self, name: str, limit: int) -> bytes:
        with self._readable():
            return self._member(name, None, limit=limit).read()

    def _member(self, name: str, size: int | None, *, limit: int = 0) -> IO[bytes]:
        with self._readable():
            found = self._tar.next()
        if found is None or found.name != name or not found.isreg():
            what = "it ends" if found is None else f"{found.name[:80]!r} stands"
            raise self._fault(f"{what} where {name} should begin")
        if found.size != size and (size is not None or found.size > limit):
            raise self._fault(f"{name} has not the length that was written")
        member = self._tar.extractfile(found)
        assert member is not None, "a regular member has contents"
        return member

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except gzip.BadGzipFile as error:
            raise self._fault("it is no gzip file, or was altered") from error
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise self._fault("it is cut short or was altered") from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self._fault(f"it cannot be read ({error})") from error
        except OSError as error:
            raise BackupError(
                f"The backup {self._name} cannot be read: {error.strerror or error}."
            ) from error

    def _fault(self, why: str) -> BackupError:
        return BackupError(
            f"The backup {self._name} does not hold: {why}.",
            means="It is not what `changeover backup` wrote. Nothing was restored from it.",
            do="Take another copy of it, or another backup.",
        )
