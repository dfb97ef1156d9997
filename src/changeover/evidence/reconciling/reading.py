"""A file of another's counts as lines, whatever form it has, in bounded memory.

What a file is comes from its first bytes. Files may be packed (gzip), as clouds deliver
them. A line that is damaged is an error with its number: a count with lines left out
would call a bypass reconciled.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from pathlib import Path

from changeover.basics.errors import InvalidInputError
from changeover.evidence.reconciling import clouds, invoices, networks, usage
from changeover.evidence.reconciling.model import Kind, Line, Source
from changeover.evidence.reconciling.places import Places
from changeover.evidence.reconciling.text import File

Reader = Callable[[File, Places], Iterator[Line | None]]
"""Gives a line for each that counts, and None for each that is not about a model's vendor."""

READERS: Mapping[Kind, Reader] = {
    "openai-usage": usage.openai,
    "anthropic-usage": usage.anthropic,
    "cloudtrail": clouds.cloudtrail,
    "google-audit": clouds.google,
    "squid": networks.squid,
    "zeek": networks.zeek,
    "focus": invoices.focus,
}
_SIGNS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb'"num_model_requests"|"object"\s*:\s*"(?:page|bucket)"'), "openai-usage"),
    (re.compile(rb'"uncached_input_tokens"|"starting_at"'), "anthropic-usage"),
    (re.compile(rb'"eventSource"|\A\s*\{\s*"Records"'), "cloudtrail"),
    (re.compile(rb'"protoPayload"'), "google-audit"),
    (re.compile(rb'^#separator|^#fields|"id\.orig_h"'), "zeek"),
    (re.compile(rb"\bChargePeriodStart\b"), "focus"),
    (re.compile(rb"\A\s*\d{9,10}\.\d{3} +-?\d+ \S+ \w+/\d{3} \d+ [A-Z]+ "), "squid"),
)
"""What is found near the beginning of files of each kind."""
_GZIP = b"\x1f\x8b"
_HEAD = 65_536


class Reading:
    """The lines of one file; `source` tells of it once they were all taken."""

    def __init__(self, path: Path, places: Places, kind: Kind | None = None) -> None:
        self._path = path
        self._places = places
        self._kind = kind
        self.source: Source | None = None

    def __iter__(self) -> Iterator[Line]:
        try:
            yield from self._lines()
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InvalidInputError(
                f"{self._path.name} is a packed file that is damaged or ends too soon.",
                means="Nothing was counted: a count with lines left out would mislead.",
                do="Fetch it again.",
            ) from error

    def _lines(self) -> Iterator[Line]:
        lines = counted = 0
        with self._path.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").hexdigest()
            raw.seek(0)
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            stream = BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else raw
            kind = self._kind or recognise(stream.peek(_HEAD), self._path.name)
            for line in READERS[kind](File(stream, self._path.name), self._places):
                lines += 1
                if line is not None:
                    counted += 1
                    yield line
        self.source = Source(
            file=self._path.name,
            kind=kind,
            sha256=digest,
            lines=lines,
            counted=counted,
            passed_over=lines - counted,
        )


def recognise(head: bytes, name: str) -> Kind:
    """What a file is by its first bytes; `InvalidInputError` for what is none of these."""
    for sign, kind in _SIGNS:
        if sign.search(head[:_HEAD]):
            return kind
    raise InvalidInputError(
        f"{name} is none of the files that are reconciled.",
        means="Nothing was counted.",
        do=f"Say what it is with --kind: {', '.join(READERS)}.",
    )
