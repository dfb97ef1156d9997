"""The file of an evidence pack: a ZIP of a signed manifest and the parts it gives digests of.

`verifier`, which stands alone, says what each part must hold; this writes it.

* `manifest.json`: canonical JSON of `Manifest`, with the SHA-256 and the lines of each part;
  `manifest.note`: a C2SP signed note over its SHA-256, by the ledger's key.
* `checkpoints.jsonl`: signed notes from the range's beginning to its end.
* `openings.jsonl`: the bytes under every leaf of the range, a line each.
* `entries.jsonl`: what is shown whole, with its proof of inclusion.
* `stamps.jsonl`: what others say of these checkpoints (`vouched_pack`), a line each.
* `declaration.txt`: a draft for the custodian, for people only.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from changeover.basics.canonical import canonical
from changeover.evidence.reconciling.model import Report
from changeover.evidence.verifier import FORMAT, SIGNED_AS
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import write_instant
from changeover.ledger.numbering import StartReport

_STAMP = (1980, 1, 1, 0, 0, 0)
"""ZIP's first instant: the same pack has the same bytes."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack is asked to show: calls of a party, or of all, to a vendor in [since, until)."""

    vendor: str
    since: datetime
    until: datetime
    party: str | None = None


class DeclaredRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A way to the vendor that a directory declared at some time."""

    route: str
    model: str
    makers: tuple[str, ...]
    host: str
    reseller: str | None
    protocol: str


class ShownKey(msgspec.Struct, frozen=True, kw_only=True):
    """A service's key by its public prefix."""

    prefix: str
    service: str
    created: str
    expires: str | None
    revoked: str | None


class SourceDigest(msgspec.Struct, frozen=True, kw_only=True):
    """A text that an instrument was read from."""

    address: str
    sha256: str


class ShownInstrument(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument, and how it stood when the window began and ended, as known now."""

    id: str
    kind: str
    issuer: str
    title: str
    recorded: str
    at_from: str
    at_to: str
    sources: tuple[SourceDigest, ...]


class Redacted(msgspec.Struct, frozen=True, kw_only=True):
    """That something was left out of a pack, `of` being the SHA-256 of its manifest."""

    by: str
    why: str
    of: str
    calls: int
    orders: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack says beside the ledger's own words; `parts` is added when it is written.

    The range of the ledger that is shown is `first` up to `size`; `subtrees` are those of what
    came before. `makers` are those whose calls are all shown, because a route of theirs
    leads to the vendor. `parties` are None where everybody's calls are asked for. `reached` is
    the instant up to which the organisation's clock had come. `reconciled` is what others
    counted, beside the ledger; None where nobody's counts were given.
    """

    format: str = FORMAT
    vendor: str
    vendor_name: str
    since: datetime = msgspec.field(name="from")
    until: datetime = msgspec.field(name="to")
    party: str | None
    parties: tuple[str, ...] | None
    reached: datetime
    software: str
    demonstration: bool
    key: str
    first: int
    size: int
    subtrees: tuple[str, ...]
    calls_before: int
    waiting_calls: int
    makers: tuple[str, ...]
    routes: tuple[DeclaredRoute, ...]
    keys: tuple[ShownKey, ...]
    starts: tuple[StartReport, ...]
    instruments: tuple[ShownInstrument, ...]
    not_covered: tuple[str, ...]
    reconciled: Report | None = None
    redacted: Redacted | None = None


class PackWriter:
    """Writes the parts of a pack, one after the other, then what signs them. In a `with` block."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._parts: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @contextmanager
    def part(self, name: str) -> Iterator["PartWriter"]:
        """Takes the lines of a part."""
        with self._zip.open(_info(name), "w", force_zip64=True) as file:
            part = PartWriter(file)
            yield part
        self._parts[name] = {"sha256": part.digest.hexdigest(), "lines": part.lines}

    def sign(self, manifest: Manifest | dict[str, Any], key: SigningKey) -> str:
        """Writes and signs the manifest; gives its SHA-256, which names the pack."""
        told = _plain(msgspec.to_builtins(manifest, builtin_types=(datetime,)))
        body = canonical(told | {"parts": self._parts})
        digest = hashlib.sha256(body).hexdigest()
        note = key.sign(f"{SIGNED_AS}\n{digest}\n")
        self._zip.writestr(_info("manifest.json"), body)
        self._zip.writestr(_info("manifest.note"), note)
        return digest


class PartWriter:
    """Lines on their way into a part."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.lines = 0

    def write(self, line: bytes) -> None:
        """Adds a line, which holds no line break."""
        whole = line + b"\n"
        self._file.write(whole)
        self.digest.update(whole)
        self.lines += 1


def _plain(value: Any) -> Any:
    """The same with every instant in an entry's form."""
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
