"""What a witness does: C2SP tlog-witness (https://c2sp.org/tlog-witness).

A witness keeps, of each ledger that it is told to watch, the longest checkpoint that it
signed. `add_checkpoint`:

1. the request is read: the size that is said to be kept here, a proof, a checkpoint;
2. its origin is one that is watched (else 404), and the ledger's key signed it (else 403);
3. the size that is said is not beyond the checkpoint's (else 400), and is the one that is
   kept here (else 409, with that);
4. of two checkpoints of one size the roots are the same (else 409), and a longer one begins
   with what is kept, by the proof (else 422);
5. the checkpoint is kept, and on the disk, before it is signed.

A ledger that shows different histories to two witnesses gets two branches signed, one by
each: whoever holds both has its own signature under both. To one witness it cannot show the
second at all. Steps 3 to 5 are one at a time.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.ledger.checkpoint import (
    Checkpoint,
    NoteError,
    VerifierKey,
    decode,
    encode,
    open_checkpoint,
    read_note,
)
from changeover.ledger.cosignatures import WitnessSigner
from changeover.ledger.tree import EMPTY_ROOT, verify_consistency

MOST_PROOF = 63
SIZE_TYPE = "text/x.tlog.size"


class Addition(msgspec.Struct, frozen=True):
    """A request to sign: the size that the witness keeps, the proof from it, and the note."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def written(self) -> bytes:
        lines = [f"old {self.old}", *(encode(each) for each in self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


class Reply(msgspec.Struct, frozen=True):
    """A witness's answer: the status of HTTP, and the body."""

    status: int
    body: str
    media_type: str = "text/plain; charset=utf-8"


class Memory(Protocol):
    """What a witness keeps of the ledgers that it watches."""

    def newest(self, origin: str) -> bytes | None:
        """The note of the newest checkpoint that was signed; None where there is none."""
        ...

    def keep(self, origin: str, note: bytes) -> None:
        """Keeps a newer one; on the disk when it returns."""
        ...

    def refuse(self, origin: str, request: bytes) -> None:
        """Keeps a request that the ledger's key signed and that does not go with what is kept."""
        ...


def read_addition(body: bytes) -> Addition:
    """The request in a body; `NoteError` when it is none."""
    head, found, note = body.partition(b"\n\n")
    try:
        first, *proof = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NoteError("The request's head is not ASCII.") from error
    word, _, size = first.partition(" ")
    plain = size.isdecimal() and str(int(size)) == size
    if not found or word != "old" or not plain or len(proof) > MOST_PROOF:
        raise NoteError("A request is a line `old SIZE`, up to 63 lines of proof, a line, a note.")
    hashes = tuple(decode(line) for line in proof)
    if any(len(each) != len(EMPTY_ROOT) for each in hashes):
        raise NoteError("A line of the proof is no hash.")
    return Addition(int(size), hashes, note)


class Witness:
    """Signs checkpoints of the ledgers whose keys it is given, each of another name."""

    def __init__(
        self, signer: WitnessSigner, watched: Iterable[VerifierKey], memory: Memory, clock: Clock
    ) -> None:
        """Raises `NoteError` for two ledgers of one name, which it could not tell apart."""
        keys = list(watched)
        self._signer = signer
        self._watched = {key.name: key for key in keys}
        if len(self._watched) != len(keys):
            raise NoteError(
                "Two of the ledgers to watch are of one name.",
                do="Watch each with a witness of its own, or have one made under another name "
                "(CHANGEOVER_LEDGER_NAME, before its first start).",
            )
        self._memory = memory
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answers a request, by the steps above."""
        try:
            asked = read_addition(body)
            text, _ = read_note(asked.note)
        except NoteError as error:
            return Reply(400, f"{error.what}\n")
        key = self._watched.get(text.partition("\n")[0])
        if key is None:
            return Reply(404, "This witness does not watch a ledger of that name.\n")
        try:
            signed = open_checkpoint(asked.note, key)
        except NoteError as error:
            return Reply(403, f"{error.what}\n")
        if asked.old > signed.size:
            return Reply(400, "The old size is beyond the checkpoint's.\n")
        with self._one_at_a_time:
            refused = self._refusal(asked, signed, key, body)
            if refused is not None:
                return refused
            self._memory.keep(key.name, asked.note)
            # Signed with what was kept, and not with what came: others' lines are left out.
            return Reply(200, self._signer.cosign(text, int(self._clock.now().timestamp())))

    def _refusal(
        self, asked: Addition, signed: Checkpoint, key: VerifierKey, body: bytes
    ) -> Reply | None:
        """Steps 3 and 4; None where nothing speaks against signing."""
        note = self._memory.newest(key.name)
        kept = None if note is None else open_checkpoint(note, key)
        size, root = (0, EMPTY_ROOT) if kept is None else (kept.size, kept.root)
        if asked.old != size:
            return Reply(409, f"{size}\n", SIZE_TYPE)
        if signed.size == size:
            if signed.root == root and not asked.proof:
                return None
            self._memory.refuse(key.name, body)
            return Reply(409, f"{size}\n", SIZE_TYPE)
        if not verify_consistency((size, signed.size), (root, signed.root), asked.proof):
            self._memory.refuse(key.name, body)
            return Reply(422, "The proof does not show that this began with what is kept.\n")
        return None


def forked(notes: Sequence[bytes], key: VerifierKey) -> tuple[Checkpoint, Checkpoint] | None:
    """Two checkpoints of one size and different roots that the key signed; None where none are.

    That the key's holder signed two histories is shown by these two alone. Two of
    different sizes need a proof, which a ledger that forked cannot give.
    """
    by_size: dict[int, Checkpoint] = {}
    for note in notes:
        found = open_checkpoint(note, key)
        other = by_size.setdefault(found.size, found)
        if other.root != found.root:
            return other, found
    return None
