"""What an entry is in the tree: its leaf, and how the leaf opens.

The leaf of an entry of version 1 is hashed over the entry's own bytes. From
version 2 on it is hashed over the canonical JSON of the entry's *opening*:

    {"kind": …, "maker": …, "outcome": …, "rest": …, "result": …, "v": 2}

`maker`, `outcome` and `result` are there for a call alone, and are the entry's
own: whose model it was, what was decided (a refusal went nowhere), what came of
it (`refused` here too means that nothing was sent). `rest` is the SHA-256, in
hexadecimal, of the canonical JSON of the entry's other fields.

So whoever is given only the openings can compute every leaf and the root, and
see that none tells of a call to a maker, without learning who called, for what,
or when. The openings of a call hide the rest because its `call` id is random
(80 bits): the digest cannot be found by guessing.

An opening never passes for an entry of version 1, nor the other way round: `v`
is among the bytes that are hashed. Bytes that are no entry are hashed as they
stand, and it is left to the verification to say what is wrong with them.
"""

import hashlib
from typing import Any

import msgspec

from changeover.basics.canonical import canonical_part
from changeover.ledger.tree import leaf_hash

OPENED = 2
"""The first version whose leaves open."""
OF_A_CALL = ("maker", "outcome", "result")


class Opening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a leaf shows without the rest of its entry. The last three are a call's."""

    v: int
    kind: str
    rest: str
    maker: str | None = None
    outcome: str | None = None
    result: str | None = None

    def written(self) -> bytes:
        """The canonical bytes that the leaf is hashed over."""
        return canonical_part(self)

    def leaf(self) -> bytes:
        """The hash that stands in the tree."""
        return leaf_hash(self.written())


def opening(entry: dict[str, Any]) -> Opening:
    """How an entry of version 2 opens; `ValueError` when it is none."""
    rest = dict(entry)
    shown = {name: rest.pop(name, None) for name in ("v", "kind")}
    if shown["kind"] == "call":
        shown |= {name: rest.pop(name, None) for name in OF_A_CALL}
    if shown["v"] != OPENED or not all(_fits(name, value) for name, value in shown.items()):
        raise ValueError("this is no entry that opens")
    return Opening(rest=hashlib.sha256(canonical_part(rest)).hexdigest(), **shown)


def entry_leaf(body: bytes) -> bytes:
    """The hash of an entry as a leaf of the tree, from its bytes."""
    return leaf_hash(shown(body))


def shown(body: bytes) -> bytes:
    """The bytes that an entry's leaf is hashed over: its opening, or its own where none opens."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return body
    opened = opening_of(value)
    return body if opened is None else opened.written()


def opening_of(value: Any) -> Opening | None:
    """How a value that was read from an entry's bytes opens; None where it does not."""
    if not isinstance(value, dict) or value.get("v") == 1:
        return None
    try:
        return opening(value)
    except (ValueError, OverflowError, RecursionError):
        return None


def _fits(name: str, value: Any) -> bool:
    return isinstance(value, str) or (name == "v" and type(value) is int)
