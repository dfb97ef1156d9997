"""Verifies an evidence pack of Changeover on its own: this file, Python 3.11 and `cryptography`.

    python verify.py PACK.zip --vkey KEY [--known CHECKPOINT] [--json]

The answer is one of three: none recorded, these calls (status 0), incomplete here (status 1).

1. The manifest is signed by the ledger's key, and gives the digest of every other part.
2. Checkpoints of the ledger, signed by the same key, give sizes and roots of its tree (RFC 9162).
3. The bytes under every leaf of a range, in `openings.jsonl`, make trees that have those roots.
4. Every call to the makers on the declared routes, and all about starts and orders, is shown whole
   in `entries.jsonl`, opens to its leaf, and has a proof of inclusion.
5. The range begins with the ledger, or with an entry, told at once, from before the window.
6. Calls told and missing add up to the numbers that starts gave, and to the calls in the tree.
7. No clock goes back by more than five minutes, and no call lies outside its start's life.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]
Whole = tuple[int, bytes, Json, Json]
FORMAT = "changeover-evidence/1"
SIGNED_AS = "changeover evidence pack"
PARTS = ("checkpoints.jsonl", "openings.jsonl", "entries.jsonl", "declaration.txt")
SHOWN = frozenset({"directory", "instrument", "release", "in-force", "start", "end", "gap"})
TOLD_AT_ONCE = frozenset({"directory", "release", "start", "end", "gap"})
SLACK = timedelta(minutes=5)
USUAL = re.compile(
    rb'\{"kind":"([a-z-]+)"(?:,"maker":"([\w./-]+)","outcome":"[a-z]+")?,"rest":"[0-9a-f]{64}"'
    rb'(?:,"result":"[a-z]+")?,"v":2\}'
)
LONGEST_LINE, LONGEST_MANIFEST, MOST_CHECKPOINTS, MOST_LISTED = 4 << 20, 64 << 20, 5000, 1000
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
GROUPS = {
    "before-effect": "before an order took effect",
    "winding-down": "winding down",
    "waived": "under a waiver",
    "stayed": "while an order was stayed",
    "permitted": "that no order bars",
    "unauthorised": "that an order refuses",
    "unknown": "that the law cannot be asked of any more",
}

ASIDE = {
    "refused": "refused before anything was sent",
    "in flight": "on their way when an order began",
    "to a stand-in": "to a stand-in and not to the vendor",
}


class Broken(Exception):  # noqa: N818 - what does not hold, as a sentence
    """The file does not hold; nothing can be concluded from what follows."""


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree, as the hashes of its full subtrees."""

    def __init__(self, size: int, hashes: list[bytes]) -> None:
        if size < 0 or size.bit_count() != len(hashes) or any(len(h) != 32 for h in hashes):
            raise Broken("The subtrees before the range are not those of a tree of that size.")
        self.size, self.hashes = size, hashes

    def add(self, data: bytes) -> None:
        carried, bits = hashlib.sha256(b"\x00" + data).digest(), self.size
        while bits & 1:
            carried, bits = node(self.hashes.pop(), carried), bits >> 1
        self.hashes.append(carried)
        self.size += 1

    def root(self) -> bytes:
        folded = self.hashes[-1] if self.hashes else hashlib.sha256(b"").digest()
        for left in reversed(self.hashes[:-1]):
            folded = node(left, folded)
        return folded


def included(index: int, size: int, data: bytes, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    position, last, folded = index, size - 1, hashlib.sha256(b"\x00" + data).digest()
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            folded = node(sibling, folded)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            folded = node(folded, sibling)
        position, last = position >> 1, last >> 1
    return 0 <= index < size and last == 0 and folded == root


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def opening(entry: Json, body: bytes) -> bytes:
    """The bytes that an entry's leaf is hashed over; those of version 1 do not open."""
    if entry["v"] == 1:
        return body
    rest = dict(entry)
    names = ("v", "kind", *(("maker", "outcome", "result") if entry["kind"] == "call" else ()))
    shown = {name: rest.pop(name) for name in names}
    return canonical(shown | {"rest": hashlib.sha256(canonical(rest)).hexdigest()})


def opened(line: bytes, index: int) -> tuple[str, str]:
    """The kind and the maker that a leaf's bytes tell, which are in their one written form."""
    if found := USUAL.fullmatch(line):
        return found[1].decode(), (found[2] or b"").decode()
    told = json.loads(line)
    if canonical(told) != line or not isinstance(told.get("maker", ""), str):
        raise Broken(f"Entry {index} does not open in its one written form.")
    return told["kind"], told.get("maker", "")


def decode(text: str) -> bytes:
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError("base64 in another than its one written form")
    return value


class Key:
    """The ledger's public key, written name+hash+base64."""

    def __init__(self, text: str) -> None:
        self.name, key_hash, encoded = text.strip().split("+", 2)
        material = decode(encoded)
        self.hash = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        if material[:1] != b"\x01" or len(material) != 33 or self.hash.hex() != key_hash:
            raise ValueError("this is no Ed25519 key in C2SP form")
        self.key = Ed25519PublicKey.from_public_bytes(material[1:])

    def open(self, note: bytes, what: str) -> str:
        """The text of a note that this key signed."""
        text, found, lines = note.decode().rpartition("\n\n")
        text += "\n"
        for line in lines.splitlines() if found else ():
            name, _, encoded = line.removeprefix("— ").partition(" ")
            if name == self.name and decode(encoded)[:4] == self.hash:
                self.key.verify(decode(encoded)[4:], text.encode())
                return text
        raise Broken(f"{what} is not signed by the key {self.name}+{self.hash.hex()}.")

    def checkpoint(self, note: bytes, what: str) -> tuple[int, bytes]:
        origin, size, root, end = self.open(note, what).split("\n")
        if origin != self.name or end or str(int(size)) != size or len(decode(root)) != 32:
            raise Broken(f"{what} is no checkpoint of this ledger.")
        return int(size), decode(root)


class Part:
    """One part of the pack, read line by line, with the digest over all of it."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file, self.name, self.digest, self.lines = file, name, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        while line := self.file.readline(LONGEST_LINE):
            self.digest.update(line)
            self.lines += 1
            if not line.endswith(b"\n"):
                raise Broken(f"Line {self.lines} of {self.name} is too long, or cut off.")
            yield line[:-1]

    def end(self, manifest: Json) -> None:
        for _ in self:
            pass
        told = manifest["parts"][self.name]
        if (self.digest.hexdigest(), self.lines) != (told["sha256"], told["lines"]):
            raise Broken(f"{self.name} is not the one that the manifest tells of.")


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


class Starts:
    """What the entries shown and the manifest say of every start (steps 6 and 7)."""

    def __init__(self) -> None:
        self.began: dict[str, datetime] = {}
        self.ended: dict[str, tuple[int, datetime]] = {}
        self.explained: list[Json] = []
        self.reached: datetime | None = None
        self.latest: datetime | None = None
        self.named: set[str] = set()

    def take(self, entry: Json, index: int) -> None:
        at = instant(entry["at"])
        if entry["kind"] in TOLD_AT_ONCE:
            if self.reached is not None and at < self.reached - SLACK:
                raise Broken(f"The clock went back before entry {index}: its times say nothing.")
            if self.latest is not None and at < self.latest - SLACK:
                raise Broken(f"A call before entry {index} lies after it: it was post-dated.")
            self.reached = max(at, self.reached or at)
        match entry["kind"]:
            case "start":
                self.began[entry["start"]] = at
            case "end":
                last = max(entry["last"], self.ended.get(entry["start"], (0, at))[0])
                self.ended[entry["start"]] = last, at
            case "gap":
                self.explained.append(entry)
            case "call":
                self._call(entry, index, at)

    def _call(self, entry: Json, index: int, at: datetime) -> None:
        name = entry["start"]
        self.named.add(name)
        self.latest = max(at, self.latest or at)
        if name in self.began and at < self.began[name] - SLACK:
            raise Broken(f"Entry {index} tells of a call before its start: it was back-dated.")
        if name in self.ended and entry["seq"] > self.ended[name][0]:
            raise Broken(f"Entry {index} tells of a call that its start did not make.")

    def weigh(self, manifest: Json, calls: int) -> list[str]:
        """Why the record is incomplete, by the numbers; `Broken` where they do not add up."""
        told = {start["start"]: start for start in manifest["starts"]}
        if lacking := (self.began.keys() | self.ended.keys() | self.named) - told.keys():
            raise Broken(f"The manifest does not tell of start {min(lacking)}.")
        before = manifest["calls_before"]
        counted = sum(start["calls"] for start in told.values())
        if not 0 <= before <= manifest["first"] or counted != calls + before:
            raise Broken("The calls of all starts are not as many as the tree holds.")
        reasons: list[str] = []
        for name, start in told.items():
            spans = [(0, 0), *((gap["first"], gap["last"]) for gap in start["gaps"])]
            missing = sum(last - first + 1 for first, last in spans[1:])
            ordered = all(a[1] < b[0] <= b[1] for a, b in pairwise(spans))
            last = self.ended[name][0] if name in self.ended else 0
            if not ordered or start["calls"] + missing != start["last"] or start["last"] < last:
                raise Broken(f"The numbers of start {name} do not add up.")
            began, ended = self.began.get(name), self.ended.get(name)
            after = began is not None and began - SLACK >= instant(manifest["to"])
            if not after and (ended is None or ended[1] + SLACK >= instant(manifest["from"])):
                reasons += self._of(name, start)
        return reasons

    def _of(self, name: str, start: Json) -> Iterator[str]:
        running = start["state"] == "running" and name not in self.ended
        unsaid = "they are on their way" if running else "nobody has explained it"
        for gap in start["gaps"]:
            span = f"calls {gap['first']} to {gap['last']} of start {name}"
            known = [e for e in self.explained if e["start"] == name]
            why = [e for e in known if e["first"] <= gap["first"] and gap["last"] <= e["last"]]
            said = f"{why[0]['by']} explains: {why[0]['why']}" if why else unsaid
            yield f"No entry tells of {span}; {said}"
        if name not in self.ended and not running:
            after = f"how many calls it made after number {start['last']} is not known"
            yield f"Start {name} was lost: {after}"


class Pack:
    """The verification of one pack."""

    def __init__(self, file: zipfile.ZipFile, key: Key | None, known: bytes | None) -> None:
        self.file, self.known = file, known
        names = file.namelist()
        if sorted(names) != sorted((*PARTS, "manifest.json", "manifest.note")):
            raise Broken(f"The parts of the file are not those of a pack: {', '.join(names)}.")
        raw = self._small("manifest.json", LONGEST_MANIFEST)
        self.manifest: Json = json.loads(raw)
        if self.manifest["format"] != FORMAT or canonical(self.manifest) != raw:
            raise Broken(f"This is no pack of the form {FORMAT}.")
        self.key = key or Key(self.manifest["key"])
        signed = f"{SIGNED_AS}\n{hashlib.sha256(raw).hexdigest()}\n"
        if self.key.open(self._small("manifest.note", LONGEST_LINE), "The manifest") != signed:
            raise Broken("The signature is of another manifest.")
        self.since, self.until = instant(self.manifest["from"]), instant(self.manifest["to"])
        self.starts, self.groups, self.in_tree = Starts(), Counter[str](), 0
        self.listed, self.days = list[Json](), Counter[tuple[str, str]]()
        self.marked = self.manifest["first"] == 0
        parties = self.manifest["parties"]
        self.parties = None if parties is None else frozenset(map(str.strip, parties))
        routes = {route["route"] for route in self.manifest["routes"]}
        self.places = routes | {self.manifest["vendor"]}
        self.makers = frozenset(self.manifest["makers"])
        if self.manifest["vendor"] not in self.makers:
            raise Broken("The manifest leaves the vendor out of those whose calls are shown.")

    def _small(self, name: str, most: int) -> bytes:
        with self.file.open(name) as part:
            return part.read(most)

    def part(self, name: str) -> Part:
        file: Any = self.file.open(name)
        return Part(io.BufferedReader(file, 1 << 16), name)

    def verify(self) -> list[str]:
        """Why the record is incomplete; `Broken` where the file does not hold."""
        first, size = self.manifest["first"], self.manifest["size"]
        roots = self.checkpoints(first, size)
        tree = Tree(first, [bytes.fromhex(text) for text in self.manifest["subtrees"]])
        openings, entries = self.part("openings.jsonl"), self.part("entries.jsonl")
        shown = self.shown(entries, size, roots[size])
        following = next(shown, None)
        while following is not None and following[0] < first:
            self.take(*following)
            following = next(shown, None)
        self.at(tree, roots)
        for line in openings:
            whole = following if following is not None and following[0] == tree.size else None
            self.open(line, whole, tree.size)
            if whole is not None:
                following = next(shown, None)
            tree.add(line)
            if tree.size in roots:
                self.at(tree, roots)
        if following is not None or tree.size != size:
            raise Broken(f"The file holds {tree.size} leaves, and its checkpoint signs {size}.")
        for part in (openings, entries, self.part("declaration.txt")):
            part.end(self.manifest)
        return self.weigh()

    def checkpoints(self, first: int, size: int) -> dict[int, bytes]:
        part, roots, before = self.part("checkpoints.jsonl"), dict[int, bytes](), first
        for number, line in enumerate(part):
            at, root = self.key.checkpoint(json.loads(line).encode(), f"Checkpoint {number}")
            if number >= MOST_CHECKPOINTS or at < before or at > size:
                raise Broken(f"Checkpoint {number} is out of place.")
            roots[at] = root
            before = at + 1
        part.end(self.manifest)
        if size not in roots or (first and first not in roots):
            raise Broken("No checkpoint signs the beginning, or the end, of the range.")
        if self.known is not None:
            at, root = self.key.checkpoint(self.known, "The checkpoint kept outside")
            if not first <= at <= size:
                older = "it is of an older state, or has to be exported with --known"
                raise Broken(f"The checkpoint kept outside signs {at} entries: {older}.")
            if roots.setdefault(at, root) != root:
                raise Broken("The checkpoint kept outside signs another history.")
        return roots

    @staticmethod
    def at(tree: Tree, roots: dict[int, bytes]) -> None:
        if tree.size in roots and roots[tree.size] != tree.root():
            raise Broken(f"The leaves up to {tree.size} are not those that the checkpoint signs.")

    def shown(self, part: Part, size: int, root: bytes) -> Iterator[Whole]:
        """Each entry that is shown whole: its index, its leaf's bytes, itself and its line."""
        before = -1
        for line in part:
            told = json.loads(line)
            body = told["entry"].encode()
            entry, index = json.loads(body), told["index"]
            data = opening(entry, body)
            proof = [decode(text) for text in told["proof"]]
            if index <= before or not included(index, size, data, proof, root):
                raise Broken(f"Entry {index} as shown is not in the ledger.")
            text = told.get("record")
            if text is not None and hashlib.sha256(text.encode()).hexdigest() != entry["sha256"]:
                raise Broken(f"The text shown with entry {index} is not the one recorded.")
            before = index
            yield index, data, entry, told

    def open(self, line: bytes, whole: Any, index: int) -> None:
        """Step 4 for a leaf of the range."""
        kind, maker = opened(line, index)
        self.in_tree += kind == "call"
        of_makers = kind == "call" and maker in self.makers
        if whole is not None:
            if whole[1] != line:
                raise Broken(f"Entry {index} as shown is not the one at its place.")
            self.take(*whole)
        elif of_makers or kind in SHOWN:
            raise Broken(f"Entry {index} ({kind}) is not shown, and has to be.")

    def take(self, index: int, _: bytes, entry: Json, told: Json) -> None:
        self.starts.take(entry, index)
        at = instant(entry["at"])
        if entry["kind"] in TOLD_AT_ONCE and at <= self.since - SLACK:
            self.marked = self.marked or index >= self.manifest["first"] - 1
        elif entry["kind"] == "call" and self.since <= at < self.until and self.asked_for(entry):
            self.count(index, entry, told["law"]["group"])

    def count(self, index: int, entry: Json, group: str) -> None:
        sent = entry["result"] != "refused"
        if group not in GROUPS if sent else group != "refused":
            raise Broken(f"Entry {index} stands among the wrong calls ({group}).")
        self.groups[group] += 1
        self.days[entry["at"][:10], group] += 1
        self.groups["in flight"] += bool(entry.get("overtaken_by"))
        self.groups["to a stand-in"] += sent and entry["stand_in"]
        if sent and len(self.listed) < MOST_LISTED:
            names = ("at", "start", "seq", "service", "party", "route", "result", "stand_in")
            self.listed.append({"index": index, "group": group, **{n: entry[n] for n in names}})

    def asked_for(self, entry: Json) -> bool:
        theirs = self.parties is None or entry["party"] in self.parties
        return theirs and bool(self.places & {entry["maker"], entry["host"], entry["route"]})

    def weigh(self) -> list[str]:
        reasons = self.starts.weigh(self.manifest, self.in_tree)
        if not self.marked:
            raise Broken("The range does not reach back to the beginning of the window.")
        if instant(self.manifest["reached"]) < self.until:
            reasons.append(f"The pack was made at {self.manifest['reached']}, inside the window")
        if waiting := self.manifest["waiting_calls"]:
            reasons.append(f"{waiting} calls wait to be sequenced, and nothing signs them yet")
        return reasons


def verdict(path: Path, key: Key | None = None, known: bytes | None = None) -> Json:
    """The answer as plain values: `verdict`, `words`, `reasons`, `holds`, and the counts."""
    pack, holds = None, False
    try:
        with zipfile.ZipFile(path) as file:
            pack = Pack(file, key, known)
            reasons, holds = pack.verify(), True
    except Broken as broken:
        reasons = [str(broken)]
    except InvalidSignature:
        reasons = ["A signature does not hold over what it signs."]
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError) as error:
        reasons = [f"The file cannot be read: {error}."]
    except MALFORMED as error:
        reasons = [f"A part of the file is not of its form: {error!r}."]
    good = pack if holds else None
    groups = Counter[str]() if good is None else +good.groups
    sent = sum(groups[group] for group in GROUPS)
    answer = "incomplete" if reasons else "these-calls" if sent else "none-recorded"
    return {
        "verdict": answer,
        "holds": holds,
        "words": words(answer, good, groups),
        "reasons": reasons,
        "groups": dict(sorted(groups.items())),
        "days": [[*day, number] for day, number in sorted(good.days.items())] if good else [],
        "calls": good.listed if good else [],
        "trusted": "given" if key else "the file's own key",
        "manifest": good.manifest if good else None,
    }


def words(answer: str, pack: Pack | None, groups: Counter[str]) -> list[str]:
    """The answer in sentences."""
    lines, told = [], {} if pack is None else pack.manifest
    if told:
        whose = f"{', '.join(told['parties'] or ['anybody'])} to {told['vendor']}"
        lines.append(f"Asked: calls of {whose}, {told['from']} to {told['to']}.")
    sent = sum(groups[group] for group in GROUPS)
    said = f"These calls: {sent}." if sent else "None recorded."
    unbroken = f"{said} The record is unbroken for the declared routes."
    lines.append("The record is incomplete here:" if answer == "incomplete" else unbroken)
    lines += [f"{groups[name]} {said}." for name, said in (GROUPS | ASIDE).items() if groups[name]]
    return lines


def tell(found: Json) -> str:
    """The whole answer for a person."""
    lines = [*found["words"], *(f"- {reason}" for reason in found["reasons"])]
    shown = "  {at} {group}: {service} on {route}, {result} (entry {index})"
    lines += [shown.format(**call) for call in found["calls"]]
    if found["manifest"] is not None:
        lines += ["Not covered:", *(f"- {line}" for line in found["manifest"]["not_covered"])]
    if found["trusted"] != "given":
        lines.append("The key is the one that the file names: give --vkey to trust nobody's word.")
    return "\n".join([*lines, ""])


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an evidence pack of Changeover.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--vkey", type=Key, help="the ledger's public key, as you were given it")
    parser.add_argument("--known", type=Path, help="a checkpoint that you kept")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    kept = None if asked.known is None else asked.known.read_bytes()
    found = verdict(asked.file, asked.vkey, kept)
    sys.stdout.write(json.dumps(found, indent=2) + "\n" if asked.json else tell(found))
    return 1 if found["verdict"] == "incomplete" else 0


if __name__ == "__main__":
    sys.exit(main())
