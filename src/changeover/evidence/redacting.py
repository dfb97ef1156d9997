"""Redacting a pack: another pack, that says so and still verifies.

What is redacted is replaced by its digest. Of a call there remain what its leaf opens to (maker,
outcome, result, and the digest of the rest, `ledger.leaves`), which the tree proves, and what a
verifier needs to put it into its place: instant, start, number, host and route, and its party
where the pack asks for parties. These are then the word of whoever signs the redacted pack, which
takes the ledger's key: whoever has the whole entry computes the digest again. Of an order there
remains its entry, with the digest of its text.

The new manifest names the digest of the one it was made of, and leaves out the services' keys.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.evidence.pack import PackWriter
from changeover.evidence.verifier import PARTS, Key, verdict
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.leaves import OPENED, opening

HIDDEN = "(redacted)"
_KEPT = ("at", "start", "seq", "host", "route", "stand_in", "overtaken_by")


class Redaction(msgspec.Struct, frozen=True, kw_only=True):
    """What is left out, by whom and why. `calls` are places in the ledger; None means all."""

    by: str
    why: str
    calls: frozenset[int] | None = frozenset()
    orders: frozenset[str] = frozenset()


def redact(source: Path, out: IO[bytes], redaction: Redaction, key: SigningKey) -> str:
    """Writes the redacted pack; gives the SHA-256 of its manifest.

    `InvalidInputError` without a name and a reason, for a pack that does not hold or is not of this
    key, and where something that is to be left out is not in it or opens to nothing.
    """
    if not redaction.by.strip() or not redaction.why.strip():
        raise InvalidInputError("A redaction says by whom and why.", do="Give --by and --why.")
    found = verdict(source, Key(str(key.verifier)))
    if not found["holds"]:
        raise InvalidInputError(
            f"{source} is not redacted: {found['reasons'][0]}",
            means="Only a pack that holds, of this ledger's key, can be signed again.",
        )
    with zipfile.ZipFile(source) as pack, PackWriter(out) as writer:
        told = msgspec.json.decode(pack.read("manifest.json"))
        redacting = _Redacting(redaction, parties=told["parties"] is not None)
        for name in PARTS:
            with pack.open(name) as file, writer.part(name) as part:
                lines = (line[:-1] for line in file)
                for line in redacting.lines(lines) if name == "entries.jsonl" else lines:
                    part.write(line)
        redacting.check()
        return writer.sign(redacting.manifest(told), key)


class _Redacting:
    def __init__(self, redaction: Redaction, *, parties: bool) -> None:
        self._redaction = redaction
        self._parties = parties
        self._calls = set[int]()
        self._orders = set[str]()

    def lines(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            told = msgspec.json.decode(line)
            yield canonical(self._line(told)) if "entry" in told else line

    def _line(self, told: dict[str, Any]) -> dict[str, Any]:
        asked, entry = self._redaction, msgspec.json.decode(told["entry"])
        wanted = asked.calls is None or told["index"] in asked.calls
        if entry["kind"] == "call" and wanted and entry["v"] >= OPENED:
            self._calls.add(told["index"])
            return self._call(told, entry)
        if entry["kind"] == "instrument" and entry["id"] in asked.orders:
            self._orders.add(entry["id"])
            return told | {"record": None}
        return told

    def _call(self, told: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
        stated = {name: entry[name] for name in _KEPT if name in entry}
        stated |= {"service": HIDDEN, "party": entry["party"] if self._parties else HIDDEN}
        whole = {name: value for name, value in told.items() if name != "entry"}
        return whole | {"opening": msgspec.to_builtins(opening(entry)), "stated": stated}

    def check(self) -> None:
        """`InvalidInputError` where something asked for is not in the pack."""
        asked = self._redaction
        lacking = [str(index) for index in sorted((asked.calls or set()) - self._calls)]
        lacking += sorted(asked.orders - self._orders)
        if lacking:
            raise InvalidInputError(
                f"The pack shows no {', '.join(lacking)} that could be left out.",
                means="Nothing was written.",
                do="Name calls by the entry that `changeover evidence verify` lists, orders by id.",
            )

    def manifest(self, told: dict[str, Any]) -> dict[str, Any]:
        asked = self._redaction
        instruments = [
            one | {"title": HIDDEN, "sources": []} if one["id"] in self._orders else one
            for one in told["instruments"]
        ]
        said = {
            "by": asked.by.strip(),
            "why": asked.why.strip(),
            "of": hashlib.sha256(canonical(told)).hexdigest(),
            "calls": len(self._calls),
            "orders": len(self._orders),
        }
        return told | {"redacted": said, "instruments": instruments, "keys": []}
