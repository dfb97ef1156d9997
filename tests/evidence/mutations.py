"""Ways to cheat with a pack, for one who holds the ledger's key and for one who does not."""

import copy
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import Any

import msgspec

from changeover.basics.canonical import canonical
from changeover.evidence.verifier import PARTS, SIGNED_AS
from changeover.ledger.checkpoint import SigningKey
from tests.evidence.proven import KEY, OTHER_KEY

LINED = PARTS[:3]


class Opened:
    """A pack taken apart, and put together again with every digest and signature fresh."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as file:
            self.manifest: dict[str, Any] = json.loads(file.read("manifest.json"))
            self.lines = {name: file.read(name).splitlines() for name in PARTS}

    def copied(self) -> "Opened":
        return copy.deepcopy(self)

    def closed(self, key: SigningKey = KEY, *, strictly: bool = True) -> bytes:
        """The file; where it is not strictly so, also one whose manifest has no canonical form."""
        bodies = {n: b"".join(line + b"\n" for line in lines) for n, lines in self.lines.items()}
        self.manifest["parts"] = {
            name: {"sha256": hashlib.sha256(body).hexdigest(), "lines": len(self.lines[name])}
            for name, body in bodies.items()
        }
        written = json.dumps(self.manifest, sort_keys=True, separators=(",", ":"))
        manifest = canonical(self.manifest) if strictly else written.encode()
        note = key.sign(f"{SIGNED_AS}\n{hashlib.sha256(manifest).hexdigest()}\n")
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, body in (bodies | {"manifest.json": manifest, "manifest.note": note}).items():
                file.writestr(name, body)
        return out.getvalue()


class Mutation(msgspec.Struct, frozen=True):
    """What is done to a pack, before it is signed anew with the ledger's key."""

    name: str
    do: Callable[[Opened], None]


def of_lines(pack: Opened) -> Iterator[Mutation]:
    """Every line of every part is dropped, doubled, swapped; and each part is cut off after it."""
    for part in LINED:
        for at in range(len(pack.lines[part])):
            for name, do in _LINE_CHANGES.items():
                if at or name in {"drop", "double"}:
                    yield Mutation(f"{name} {part} {at}", partial(do, part, at))


def of_openings(pack: Opened) -> Iterator[Mutation]:
    """A call becomes another maker's, a refusal; an entry another kind; the rest another rest."""
    changes = (
        (b'"alpha"', b'"beta"'),
        (b'"beta"', b'"alpha"'),
        (b'"answered"', b'"refused"'),
        (b'"allow"', b'"refuse"'),
        (b'"call"', b'"paper"'),
        (b'"kind":"start"', b'"kind":"paper"'),
        (b'"kind":"end"', b'"kind":"paper"'),
        (b'"kind":"instrument"', b'"kind":"paper"'),
        (b'"rest":"', b'"rest":"0'),
        (b'"v":2', b'"v":1'),
        (b"{", b"{ "),
    )
    for at, line in enumerate(pack.lines["openings.jsonl"]):
        for old, new in changes:
            if old in line:
                yield _edit("openings.jsonl", at, old, new)


def of_entries(pack: Opened) -> Iterator[Mutation]:
    """What is shown whole tells another time, route, party, number or explanation."""
    changes = (
        (b"2026-", b"2025-"),
        (b"2026-01", b"2026-03"),
        (b'alpha/one@alpha\\"', b'beta/two@beta\\"'),
        (b'\\"party\\":\\"bureau\\"', b'\\"party\\":\\"elsewhere\\"'),
        (b'\\"maker\\":\\"alpha\\"', b'\\"maker\\":\\"beta\\"'),
        (b'\\"result\\":\\"answered\\"', b'\\"result\\":\\"refused\\"'),
        (b'\\"stand_in\\":false', b'\\"stand_in\\":true'),
        (b'\\"last\\":', b'\\"last\\":1'),
        (b'\\"why\\":\\"', b'\\"why\\":\\"Not '),
        (b'\\"start\\":\\"start_1', b'\\"start\\":\\"start_0'),
        (b'"index":', b'"index":1'),
        (b'"proof":["', b'"proof":["AAAA'),
        (b'"words\\":\\"', b'"words\\":\\"No '),
        (b'\\"prohibit\\"', b'\\"permit\\"'),
    )
    for at, line in enumerate(pack.lines["entries.jsonl"]):
        for old, new in changes:
            if old in line:
                yield _edit("entries.jsonl", at, old, new)
        yield Mutation(f"no proof {at}", partial(_told, at, {"proof": []}))
        yield Mutation(f"no index {at}", partial(_told, at, {"index": None}))


def of_checkpoints(pack: Opened) -> Iterator[Mutation]:
    """Checkpoints of another key, size or root."""
    for at, line in enumerate(pack.lines["checkpoints.jsonl"]):
        text = json.loads(line).rpartition("\n\n")[0] + "\n"
        origin, size, root = text.split("\n")[:3]
        other = f"{origin}\n{size}\n{'A' * 43}=\n"
        longer = f"{origin}\n{int(size) + 1}\n{root}\n"
        for name, note in (
            ("key", OTHER_KEY.sign(text)),
            ("root", KEY.sign(other)),
            ("size", KEY.sign(longer)),
            ("unsigned", text.encode()),
        ):
            yield Mutation(f"{name} of checkpoint {at}", partial(_note, at, note))


def of_numbers(pack: Opened) -> Iterator[Mutation]:
    """The manifest tells the range, the starts and their numbers otherwise."""
    told = pack.manifest
    for by in (-1, 1):
        for name in ("first", "size", "calls_before"):
            yield _manifest(**{name: told[name] + by})
        for at, start in enumerate(told["starts"]):
            for name in ("calls", "last"):
                yield _start(told, at, **{name: start[name] + by})
    for at, start in enumerate(told["starts"]):
        yield _manifest(starts=told["starts"][:at] + told["starts"][at + 1 :])
        for first, last in ((1, 1), (3, 1)):
            gap = {"first": first, "last": last, "why": None, "by": None}
            yield _start(told, at, gaps=[*start["gaps"], gap])
    for at in range(len(told["subtrees"])):
        subtrees = [*told["subtrees"]]
        subtrees[at] = "00" * 32
        yield _manifest(subtrees=subtrees)
    yield _manifest(subtrees=[])
    yield _manifest(makers=["beta", "gamma"])
    yield _manifest(makers=[])
    yield _manifest(format="changeover-evidence/0")
    yield _manifest(first=0, subtrees=[], calls_before=0)
    yield _manifest(**{"from": "2026-01-01T00:00:00.000000Z"})


def _drop(part: str, at: int, pack: Opened) -> None:
    del pack.lines[part][at]


def _double(part: str, at: int, pack: Opened) -> None:
    pack.lines[part].insert(at, pack.lines[part][at])


def _swap(part: str, at: int, pack: Opened) -> None:
    lines = pack.lines[part]
    lines[at - 1], lines[at] = lines[at], lines[at - 1]


def _cut(part: str, at: int, pack: Opened) -> None:
    del pack.lines[part][at:]


_LINE_CHANGES = {"drop": _drop, "double": _double, "swap": _swap, "cut": _cut}


def _edit(part: str, at: int, old: bytes, new: bytes) -> Mutation:
    def do(pack: Opened) -> None:
        lines = pack.lines[part]
        lines[at] = lines[at].replace(old, new)

    return Mutation(f"{part} {at}: {old!r} to {new!r}", do)


def _told(at: int, changes: dict[str, Any], pack: Opened) -> None:
    lines = pack.lines["entries.jsonl"]
    lines[at] = canonical(json.loads(lines[at]) | changes)


def _note(at: int, note: bytes, pack: Opened) -> None:
    pack.lines["checkpoints.jsonl"][at] = canonical(note.decode())


def _manifest(**changes: Any) -> Mutation:
    return Mutation(f"manifest: {changes}", lambda pack: pack.manifest.update(changes))


def _start(manifest: dict[str, Any], at: int, **changes: Any) -> Mutation:
    starts = [*manifest["starts"]]
    starts[at] = starts[at] | changes
    return _manifest(starts=starts)
