"""Verifies an evidence pack of Changeover on its own: this file, Python 3.11 and `cryptography`.

    python verify.py PACK.zip --vkey KEY [--known CHECKPOINT] [--json]

The answer is one of three: none recorded, these calls (status 0), incomplete here (status 1).

1. The manifest is signed by the ledger's key, and gives the digest of every other part.
2. Checkpoints of the ledger, signed by the same key, give sizes and roots of its tree (RFC 9162).
3. The bytes under every leaf of a range, in `openings.jsonl`, make trees that have those roots.
4. Every call to the makers on the declared routes, and all about starts and orders, is shown in
   `entries.jsonl`, opens to its leaf, and has a proof of inclusion; a call may be redacted.
5. The range begins with the ledger, or with an entry, told at once, from before the window.
6. Calls told and missing add up to the numbers that starts gave, and to the calls in the tree.
7. No clock goes back by more than five minutes, and no call lies outside its start's life.
"""

import argparse
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from base64 import b64decode
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]
FORMAT, SIGNED_AS = "changeover-evidence/1", "changeover evidence pack"
UNREAD = ("stamps.jsonl", "declaration.txt")  # What others say of it, and what people are to say.
PARTS, TRANSFER = ("checkpoints.jsonl", "openings.jsonl", "entries.jsonl", *UNREAD), "transfer-"
EVERY = sorted((*PARTS, "manifest.json", "manifest.note"))
TOLD_AT_ONCE = frozenset({"directory", "release", "start", "end", "gap"})
SHOWN = TOLD_AT_ONCE | {"instrument", "in-force", "canary", "clock-offset"}
SLACK = timedelta(minutes=5)
USUAL = re.compile(
    rb'\{"kind":"([a-z-]+)"(?:,"maker":"([\w./-]+)","outcome":"[a-z]+")?,"rest":"[0-9a-f]{64}"'
    rb'(?:,"result":"[a-z]+")?,"v":2\}'
)
INSTANT = re.compile(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}\.\d{6}Z", re.ASCII)
PLAIN = re.compile(r"[a-z0-9][a-z0-9._/@:-]*")
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LISTED = {"at": str, "start": str, "seq": int, "service": str, "party": str, "route": str}
LISTED |= {"result": str, "stand_in": bool}
LONGEST_LINE, LONGEST_MANIFEST, MOST_CHECKPOINTS, MOST_LISTED = 4 << 20, 64 << 20, 5000, 1000
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, MemoryError)
INCOMPLETE = "The record is incomplete here:"
GROUPS = {
    "before-effect": "before an order took effect",
    "winding-down": "winding down",
    "waived": "under a waiver",
    "stayed": "while an order was stayed",
    "permitted": "that no order bars",
    "unauthorised": "that an order refuses",
    "unknown": "that the law cannot be asked of any more",
}
CONTROLS = (
    "{tried} of {routes} declared routes were tried with canaries; {refused} refused all.",
    "{running} starts still ran and called no more, which is the word of who signed.",
    "{redacted} calls are redacted: their times and routes are the word of who signed.",
    "{clocks} comparisons of clocks ({adrift} unsynchronised): at most {apart:.3f} s apart.",
)
ASIDE = {
    "refused": "refused before anything was sent",
    "in flight": "on their way when an order began",
    "to a stand-in": "to a stand-in and not to the vendor",
}


class Broken(ValueError):  # noqa: N818 - what does not hold, as a sentence
    """The file does not hold; nothing can be concluded from what follows."""


def need(holds: object, what: str) -> None:
    if not holds:
        raise Broken(what)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree, as the hashes of its full subtrees, that has the roots signed."""

    def __init__(self, size: int, hashes: list[bytes], roots: dict[int, bytes]) -> None:
        fits = size.bit_count() == len(hashes) and all(len(h) == 32 for h in hashes)
        need(size >= 0 and fits, "The subtrees before the range are not those of its size.")
        self.size, self.hashes, self.roots = size, hashes, roots
        self.check()

    def add(self, data: bytes) -> None:
        carried, bits = hashlib.sha256(b"\x00" + data).digest(), self.size
        while bits & 1:
            carried, bits = node(self.hashes.pop(), carried), bits >> 1
        self.hashes.append(carried)
        self.size += 1
        self.check()

    def check(self) -> None:
        if self.size in self.roots:
            folded = self.hashes[-1] if self.hashes else hashlib.sha256(b"").digest()
            for left in reversed(self.hashes[:-1]):
                folded = node(left, folded)
            need(folded == self.roots[self.size], f"The leaves up to {self.size} are not signed.")


def included(index: int, size: int, data: bytes, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    position, last, folded = index, size - 1, hashlib.sha256(b"\x00" + data).digest()
    for sibling in proof:
        if last == 0:
            return False
        right = position & 1 or position == last
        folded = node(sibling, folded) if right else node(folded, sibling)
        while right and position and not position & 1:
            position, last = position >> 1, last >> 1
        position, last = position >> 1, last >> 1
    return 0 <= index < size and last == 0 and folded == root


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def opening(entry: Json) -> bytes:
    """The bytes that an entry's leaf is hashed over; those of version 1 do not open."""
    if entry["v"] == 1:
        return canonical(entry)
    rest = dict(entry)
    names = ("v", "kind", *(("maker", "outcome", "result") if entry["kind"] == "call" else ()))
    shown = {name: rest.pop(name) for name in names}
    return canonical(shown | {"rest": hashlib.sha256(canonical(rest)).hexdigest()})


def opened(line: bytes, index: int) -> tuple[str, str]:
    """The kind and the maker that a leaf's bytes tell, which are in their one written form."""
    if found := USUAL.fullmatch(line):
        return found[1].decode(), (found[2] or b"").decode()
    told = json.loads(line)
    written = canonical(told) == line and type(told.get("maker", "")) is str
    need(written, f"Entry {index} does not open in its one written form.")
    return told["kind"], told.get("maker", "")


class Key:
    """The ledger's public key, written name+hash+base64."""

    def __init__(self, text: str) -> None:
        self.name, key_hash, encoded = text.strip().split("+", 2)
        material = b64decode(encoded, validate=True)
        self.hash = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        form = self.hash.hex(), material[:1], len(material)
        need(form == (key_hash, b"\x01", 33), "The key is no Ed25519 key in C2SP form.")
        self.key = Ed25519PublicKey.from_public_bytes(material[1:])

    def open(self, note: bytes, what: str) -> str:
        """The text of a note that this key signed."""
        text, found, lines = note.decode().rpartition("\n\n")
        text += "\n"
        for line in lines.splitlines() if found else ():
            name, _, encoded = line.removeprefix("— ").partition(" ")
            if name == self.name and b64decode(encoded, validate=True)[:4] == self.hash:
                self.key.verify(b64decode(encoded, validate=True)[4:], text.encode())
                return text
        raise Broken(f"{what} is not signed by the key {self.name}+{self.hash.hex()}.")

    def checkpoint(self, note: bytes, what: str) -> tuple[int, bytes]:
        origin, size, root, end = self.open(note, what).split("\n")
        written = origin == self.name and not end and str(int(size)) == size
        need(written and len(b64decode(root)) == 32, f"{what} is no checkpoint of this ledger.")
        return int(size), b64decode(root)


def instant(text: str) -> datetime:
    need(INSTANT.fullmatch(text), f"{text!r:.99} is no instant.")
    return datetime.fromisoformat(text)


def plain(line: str) -> str:
    """A line that does nothing to a terminal but stand there."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


class Starts:
    """What the entries shown and the manifest say of every start (steps 6 and 7)."""

    def __init__(self) -> None:
        self.began, self.ended = dict[str, datetime](), dict[str, tuple[int, datetime]]()
        self.shown, self.explained = dict[str, set[int]](), list[Json]()
        self.reached = self.latest = datetime(2000, 1, 1, tzinfo=UTC)
        self.running = 0

    def take(self, entry: Json, index: int) -> None:
        at = instant(entry["at"])
        if entry["kind"] in TOLD_AT_ONCE:
            need(at >= self.reached - SLACK, f"The clock went back before entry {index}.")
            need(at >= self.latest - SLACK, f"A call before entry {index} was post-dated.")
            self.reached = max(at, self.reached)
        match entry["kind"]:
            case "start":
                need(entry["start"] not in self.all(), f"Entry {index} begins a start anew.")
                self.began[entry["start"]] = at
            case "end":
                last = max(entry["last"], self.ended.get(entry["start"], (0, at))[0])
                self.ended[entry["start"]] = last, at
            case "gap":
                kept = ("start", "first", "last", "by", "why")
                self.explained.append({name: entry[name] for name in kept})
            case "call":
                self._call(entry, index, at)

    def all(self) -> set[str]:
        return self.began.keys() | self.ended.keys() | self.shown.keys()

    def _call(self, entry: Json, index: int, at: datetime) -> None:
        name, number, what = entry["start"], entry["seq"], f"Entry {index} tells of a"
        numbers = self.shown.setdefault(name, set())
        need(number not in numbers, f"{what} number that another call has.")
        numbers.add(number)
        self.latest = max(at, self.latest)
        need(at >= self.began.get(name, at) - SLACK, f"{what} call that was back-dated.")
        need(number <= self.ended.get(name, (number,))[0], f"{what} call beyond its start's.")

    def weigh(self, manifest: Json, calls: int) -> list[str]:
        """Why the record is incomplete, by the numbers; `Broken` where they do not add up."""
        told = {start["start"]: start for start in manifest["starts"]}
        once = self.all() <= told.keys() and len(told) == len(manifest["starts"])
        need(once, "The manifest does not tell of every start once.")
        before, counted = manifest["calls_before"], sum(start["calls"] for start in told.values())
        many = 0 <= before <= manifest["first"] and counted == calls + before
        need(many, "The calls of all starts are not as many as in the tree.")
        reasons: list[str] = []
        for name, start in told.items():
            self._add_up(name, start)
            began, ended = self.began.get(name), self.ended.get(name)
            after = began is not None and began - SLACK >= instant(manifest["to"])
            if not after and (ended is None or ended[1] + SLACK >= instant(manifest["from"])):
                reasons += self._of(name, start)
        return reasons

    def _add_up(self, name: str, start: Json) -> None:
        spans = [(0, 0), *((gap["first"], gap["last"]) for gap in start["gaps"])]
        firsts, numbers = [first for first, _ in spans], self.shown.get(name, set())
        last, calls = start["last"], start["calls"]
        missing = sum(last - first + 1 for first, last in spans[1:])
        whole = {type(n) for span in spans for n in (*span, last, calls)} == {int}
        sound = whole and all(a[1] < b[0] <= b[1] for a, b in pairwise(spans))
        given = max(spans[-1][1], self.ended.get(name, (0,))[0], *numbers, 0)
        fits = sound and calls >= len(numbers) and calls + missing == last >= given
        lacked = any(spans[bisect_right(firsts, number) - 1][1] >= number for number in numbers)
        need(fits and not lacked, f"The numbers of start {name} do not add up.")

    def _of(self, name: str, start: Json) -> Iterator[str]:
        running = start["state"] == "running" and name not in self.ended
        self.running += running
        unsaid = "they are on their way" if running else "nobody has explained it"
        for gap in start["gaps"]:
            first, last = gap["first"], gap["last"]
            known = (e for e in self.explained if e["start"] == name and e["first"] <= first)
            why = next((e for e in known if last <= e["last"]), None)
            said = f"{why['by']} explains: {why['why']}" if why else unsaid
            yield f"No entry tells of calls {first} to {last} of start {name}; {said}"
        if name not in self.ended and not running:
            yield f"Start {name} was lost: what it called after number {start['last']} is not known"


class Pack:
    """The verification of one pack."""

    def __init__(self, file: zipfile.ZipFile, key: Key | None, known: bytes | None) -> None:
        self.file, self.known = file, known
        names = sorted(name for name in file.namelist() if not name.startswith(TRANSFER))
        need(names == EVERY, f"The parts of the file are not a pack's: {str(names)[:1000]}.")
        packed = {part.compress_type for part in file.infolist()}
        need(packed <= PACKED, "A part is packed in another way than those of a pack.")
        raw = file.open("manifest.json").read(LONGEST_MANIFEST)
        self.manifest: Json = json.loads(raw)
        written = self.manifest["format"] == FORMAT and canonical(self.manifest) == raw
        need(written, f"This is no pack of the form {FORMAT}.")
        self.key = key or Key(self.manifest["key"])
        note = file.open("manifest.note").read(LONGEST_LINE)
        signed = f"{SIGNED_AS}\n{hashlib.sha256(raw).hexdigest()}\n"
        need(self.key.open(note, "The manifest") == signed, "The note signs another manifest.")
        self.since, self.until = instant(self.manifest["from"]), instant(self.manifest["to"])
        self.check_what_is_said()
        self.starts, self.groups, self.in_tree = Starts(), Counter[str](), 0
        self.listed, self.days = list[Json](), Counter[tuple[str, str]]()
        self.canaries, self.clocks, self.adrift, self.redacted = dict[str, bool](), [0], 0, 0
        self.marked = self.manifest["first"] == 0
        self.places = {self.manifest["vendor"], *(r["route"] for r in self.manifest["routes"])}
        self.makers = frozenset(self.manifest["makers"])
        need(self.manifest["vendor"] in self.makers, "The vendor is not among the makers.")

    def check_what_is_said(self) -> None:
        """What a reader is told must be of its form, and what is asked must be as it looks."""
        told, parties = self.manifest, self.manifest["parties"]
        said = [told[n] for n in ("vendor", "vendor_name", "from", "to", "reached", "key")]
        said += told["not_covered"] + [route["route"] for route in told["routes"]]
        said += [told["reconciled"][name] for name in ("verdict", "words") if told["reconciled"]]
        said += [one[n] for one in told["instruments"] for n in ("id", "title", "at_from", "at_to")]
        words = {type(text) for text in said} == {str} and type(told["demonstration"]) is bool
        need(words, "The manifest does not say in words what readers are told.")
        names = [told["vendor"], *([] if parties is None else parties or [""])]
        need(all(map(PLAIN.fullmatch, names)), "It asks about a name that no directory can hold.")
        self.parties = parties and frozenset(parties)
        need(self.since < self.until, "The window ends before it begins.")

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a part; when all are read, its digest must be the one signed."""
        told, digest, count = self.manifest["parts"][name], hashlib.sha256(), 0
        with io.BufferedReader(cast("Any", self.file.open(name)), 1 << 16) as part:
            while line := part.readline(LONGEST_LINE):
                count += 1
                digest.update(line)
                need(line[-1:] == b"\n", f"Line {count} of {name} is too long, or cut off.")
                yield line[:-1]
        need((digest.hexdigest(), count) == (told["sha256"], told["lines"]), f"{name} was altered.")

    def verify(self) -> list[str]:
        """Why the record is incomplete; `Broken` where the file does not hold."""
        first, size = self.manifest["first"], self.manifest["size"]
        roots = self.checkpoints(first, size)
        shown = set(self.shown(size, roots[size]))
        tree = Tree(first, [bytes.fromhex(text) for text in self.manifest["subtrees"]], roots)
        for line in self.lines("openings.jsonl"):
            kind, maker = opened(line, tree.size)
            self.in_tree += kind == "call"
            if kind in SHOWN or (kind == "call" and maker in self.makers):
                need(tree.size in shown, f"Entry {tree.size} ({kind}) is not shown.")
            tree.add(line)
        need(tree.size == size, f"The file holds {tree.size} leaves, and signed are {size}.")
        deque((line for name in UNREAD for line in self.lines(name)), 0)
        return self.weigh()

    def checkpoints(self, first: int, size: int) -> dict[int, bytes]:
        roots, before = dict[int, bytes](), first
        for number, line in enumerate(self.lines("checkpoints.jsonl")):
            at, root = self.key.checkpoint(json.loads(line).encode(), f"Checkpoint {number}")
            placed = number < MOST_CHECKPOINTS and before <= at <= size
            need(placed, f"Checkpoint {number} is out of place.")
            roots[at], before = root, at + 1
        need({size, first} - {0} <= roots.keys(), "No checkpoint signs where the range ends.")
        if self.known is not None:
            at, root = self.key.checkpoint(self.known, "The checkpoint kept outside")
            older = "the file is of an older state, or has to be exported with --known"
            need(first <= at <= size, f"The checkpoint kept outside signs {at} entries: {older}.")
            need(roots.setdefault(at, root) == root, "The checkpoint kept signs another history.")
        return roots

    def shown(self, size: int, root: bytes) -> Iterator[int]:
        """Takes every entry that is shown whole, and gives its place in the tree (step 4)."""
        before = -1
        for line in self.lines("entries.jsonl"):
            told = json.loads(line)
            index, redacted = told["index"], "opening" in told
            entry = told["stated"] | told["opening"] if redacted else json.loads(told["entry"])
            data = canonical(told["opening"]) if redacted else opening(entry)
            proof = [b64decode(text, validate=True) for text in told["proof"]]
            there = index > before and included(index, size, data, proof, root)
            need(there, f"Entry {index} as shown is not in the ledger.")
            need(not redacted or entry["kind"] == "call", f"Entry {index} may not be redacted.")
            self.redacted += redacted
            text = told.get("record")
            same = text is None or hashlib.sha256(text.encode()).hexdigest() == entry["sha256"]
            need(same, f"The text shown with entry {index} is not the one recorded.")
            self.take(index, entry, told)
            before = index
            yield index

    def take(self, index: int, entry: Json, told: Json) -> None:
        self.starts.take(entry, index)
        at = instant(entry["at"])
        if entry["kind"] in TOLD_AT_ONCE and at <= self.since - SLACK:
            self.marked = self.marked or index >= self.manifest["first"] - 1
        if not self.since <= at < self.until:
            return
        if entry["kind"] == "canary":
            asked = {p: n for p, n in entry["asked"].items() if p in (self.parties or {p})}
            refused = asked == {p: entry["refused"].get(p, 0) for p in asked}
            name = entry["route"] if asked else ""
            self.canaries[name] = refused and self.canaries.get(name, True)
        elif entry["kind"] == "clock-offset":
            self.clocks.append(abs(entry["offset"]) + (entry["error"] or 0))
            self.adrift += not entry["synchronised"]
        elif entry["kind"] == "call":
            theirs = self.parties is None or entry["party"] in self.parties
            if theirs and self.places & {entry["maker"], entry["host"], entry["route"]}:
                self.count(index, entry, told["law"])

    def count(self, index: int, entry: Json, law: Json) -> None:
        group, sent = law["group"], entry["result"] != "refused"
        fits = all(type(entry[name]) is kind for name, kind in LISTED.items())
        right = group in GROUPS if sent else group == "refused"
        need(fits and right, f"Entry {index} is not of the form of a call of its group.")
        self.groups[group] += 1
        self.days[entry["at"][:10], group] += 1
        self.groups["in flight"] += bool(entry.get("overtaken_by"))
        self.groups["to a stand-in"] += sent and entry["stand_in"]
        if sent and len(self.listed) < MOST_LISTED:
            self.listed.append({**law, **{n: entry[n] for n in LISTED}, "index": index})

    def words(self, answer: str, groups: Counter[str]) -> Iterator[str]:
        """The answer in sentences."""
        told = self.manifest
        named = told["parties"] and f"the parties named {', '.join(told['parties'])}"
        window = f"{told['vendor']}, {told['from']} to {told['to']}"
        yield f"Asked: calls of {named or 'all parties'} to {window}."
        sent = sum(groups[group] for group in GROUPS)
        by = told["reconciled"] and told["reconciled"]["verdict"] == "reconciled"
        others = f"{'' if by else 'not '}reconciled with what others counted"
        unbroken = f"The record is unbroken for the declared routes, {others}."
        said = f"These calls: {sent}. {unbroken}" if sent else f"None recorded. {unbroken}"
        yield INCOMPLETE if answer == "incomplete" else said
        yield from (f"{groups[n]} {said}." for n, said in (GROUPS | ASIDE).items() if groups[n])
        yield from (line.format_map(self.controls()) for line in CONTROLS)

    def controls(self) -> Json:
        """What was tried and measured in the window, beside the calls; `apart` is in seconds."""
        routes = {route["route"] for route in self.manifest["routes"]}
        tried = [self.canaries[route] for route in routes & self.canaries.keys()]
        told = {"routes": len(routes), "tried": len(tried), "refused": sum(tried)}
        told |= {"clocks": len(self.clocks) - 1, "adrift": self.adrift, "redacted": self.redacted}
        return told | {"apart": max(self.clocks) / 1_000_000, "running": self.starts.running}

    def weigh(self) -> list[str]:
        reasons = self.starts.weigh(self.manifest, self.in_tree)
        if (apart := timedelta(microseconds=max(self.clocks))) > SLACK:
            reasons.append(f"A clock stood {apart} from another, and times are as uncertain")
        need(self.marked, "The range does not reach back to the beginning of the window.")
        if instant(self.manifest["reached"]) < self.until:
            reasons.append(f"The pack was made at {self.manifest['reached']}, inside the window")
        if (others := self.manifest["reconciled"]) and others["verdict"] == "bypass":
            reasons.append(f"Others counted what is not here: {others['words']}")
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
    except (InvalidSignature, *UNREADABLE, *MALFORMED) as error:
        told = f"The file cannot be read as a pack: {error!r:.1000}."
        reasons = [str(error) if isinstance(error, Broken) else told]
    good = pack if holds else None
    groups = +good.groups if good else Counter[str]()
    sent = sum(groups[group] for group in GROUPS)
    answer = "incomplete" if reasons else "these-calls" if sent else "none-recorded"
    words = [*good.words(answer, groups)] if good else [INCOMPLETE]
    found = {"verdict": answer, "holds": holds, "words": words}
    found |= {"reasons": reasons, "groups": dict(sorted(groups.items()))}
    found |= {"days": [[*d, n] for d, n in sorted(good.days.items())] if good else []}
    found |= {"calls": good.listed if good else [], "manifest": good.manifest if good else None}
    found |= {"controls": good.controls() if good else {}}
    return found | {"trusted": "given" if key else "the file's own key"}


def tell(found: Json) -> str:
    """The whole answer for a person."""
    lines = [*found["words"], *(f"- {reason}" for reason in found["reasons"])]
    shown = "  {at} {group}: {service} on {route}, {result} (entry {index})"
    lines += [shown.format(**call) for call in found["calls"]]
    if found["manifest"] is not None:
        lines += ["Not covered:", *(f"- {line}" for line in found["manifest"]["not_covered"])]
    if found["trusted"] != "given":
        lines.append("The key is the one that the file names: give --vkey to trust nobody's word.")
    return "\n".join([*map(plain, lines), ""])


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an evidence pack of Changeover.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--vkey", type=Key, help="the ledger's public key, as you were given it")
    parser.add_argument("--known", type=Path, help="a checkpoint that you kept")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    found = verdict(asked.file, asked.vkey, asked.known and asked.known.read_bytes())
    sys.stdout.write(json.dumps(found, indent=2) + "\n" if asked.json else tell(found))
    return 1 if found["verdict"] == "incomplete" else 0


if __name__ == "__main__":
    sys.exit(main())
