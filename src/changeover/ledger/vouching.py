"""Having others vouch for checkpoints: authorities that stamp a time, and witnesses that cosign.

What they say is kept beside the checkpoint it is about (`Stamp`). Every so many seconds the
newest checkpoint is taken to each of them; it covers every entry before it. One that does
not answer is asked again, for the checkpoint that is newest then, and a stamp once kept is
never lost or replaced. Of many processes one asks at a time: it holds the turn by a setting
that ends by itself.

A witness keeps the longest checkpoint that it signed, and is given a proof from that one.
Where it has signed a longer one than the ledger holds, the ledger was turned back to an
earlier state, or is another copy: it is not asked to sign, and `trouble` says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.instants import from_microseconds, microseconds
from changeover.ledger.checkpoint import NoteError, read_note
from changeover.ledger.cosignatures import WitnessKey
from changeover.ledger.ports import StoredCheckpoint
from changeover.ledger.tiles import TiledStore, Tiles
from changeover.ledger.time_stamps import TimeStampError, query, stamped_at
from changeover.ledger.timekeeping import Settings
from changeover.ledger.witnessing import Addition

TURN = "ledger-vouching"
"""The setting that says until when a process has the turn."""
_TURN = timedelta(seconds=90)
_AGAIN = timedelta(seconds=30)
StampKind = Literal["time", "witness"]


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of the checkpoint of `size`: an authority's answer, or a witness's line.

    `name` is the authority's address or the witness's name, `at` the time that it gives.
    """

    size: int
    kind: StampKind
    name: str
    body: bytes
    at: datetime


class StampStore(Protocol):
    """Stamps, by the size of the checkpoint that they are about."""

    def add(self, stamp: Stamp) -> None:
        """Keeps one; where one of the same kind and name stands at that size, it stays."""
        ...

    def newest(self, kind: StampKind, name: str) -> Stamp | None: ...

    def all(self) -> Iterator[Stamp]:
        """By size."""
        ...

    def of(self, size: int) -> list[Stamp]: ...


class ShownLedger(TiledStore, Protocol):
    """The ledger as far as it is shown to others."""

    def last_checkpoint(self) -> StoredCheckpoint | None: ...


class VouchingWork(Protocol):
    """A unit of work with stamps."""

    @property
    def ledger(self) -> ShownLedger: ...
    @property
    def stamps(self) -> StampStore: ...
    @property
    def settings(self) -> Settings: ...


class VouchingWorks(Protocol):
    """Opens such units; those that write take turns."""

    def begin(self) -> AbstractContextManager[VouchingWork]: ...
    def reading(self) -> AbstractContextManager[VouchingWork]: ...


def cosigned(checkpoint: StoredCheckpoint, stamps: Sequence[Stamp]) -> StoredCheckpoint:
    """The checkpoint with the lines of the witnesses that cosigned it, as it is shown to others."""
    lines = b"".join(stamp.body for stamp in stamps if stamp.kind == "witness")
    return msgspec.structs.replace(checkpoint, note=checkpoint.note + lines)


class Authority(msgspec.Struct, frozen=True):
    """An authority that stamps the time, at an address."""

    url: str

    @property
    def name(self) -> str:
        return self.url

    @property
    def kind(self) -> StampKind:
        return "time"


class WatchingWitness(msgspec.Struct, frozen=True):
    """A witness: its key, and the address before `/add-checkpoint`."""

    key: WitnessKey
    url: str

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def kind(self) -> StampKind:
        return "witness"


Voucher = Authority | WatchingWitness


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What a voucher is to be asked: the checkpoint, and the body to post."""

    voucher: Voucher
    checkpoint: StoredCheckpoint
    body: bytes


class Vouching:
    """Decides who is asked for what, and keeps the answers. One per process."""

    def __init__(
        self, works: VouchingWorks, vouchers: Sequence[Voucher], machine: Clock, *, every: int
    ) -> None:
        self._works = works
        self._vouchers = vouchers
        self._machine = machine
        self._every = timedelta(seconds=every)
        self._tiles = Tiles()
        self._failed: dict[str, datetime] = {}
        self._trouble: dict[str, str] = {}

    @property
    def trouble(self) -> Mapping[str, str]:
        """By name, why those who were asked last did not vouch."""
        return dict(self._trouble)

    def take_turn(self) -> bool:
        """Whether this process may ask now; `end_turn` when it has."""
        now = self._machine.now()
        with self._works.begin() as work:
            kept = work.settings.get(TURN)
            until = from_microseconds(int(kept)) if kept else now
            if now < until <= now + _TURN:
                return False
            work.settings.set(TURN, str(microseconds(now + _TURN)))
        return True

    def end_turn(self) -> None:
        with self._works.begin() as work:
            work.settings.set(TURN, "")

    def due(self) -> list[Asking]:
        """Who is to be asked now for the newest checkpoint."""
        with self._works.reading() as work:
            newest = work.ledger.last_checkpoint()
            if newest is None:
                return []
            wanted = [each for each in self._vouchers if self._is_due(work, each, newest)]
            return [self._asking(work, each, newest, None) for each in wanted]

    def again(self, asking: Asking, kept: int) -> Asking | None:
        """What a witness is asked that keeps another checkpoint than was thought.

        None where it keeps a longer one than is here.
        """
        if kept > asking.checkpoint.size:
            self.failed(
                asking.voucher,
                f"It signed a checkpoint of {kept} entries, {asking.checkpoint.size} are here: the "
                "ledger was turned back to an earlier state, or another copy of it is in use.",
            )
            return None
        with self._works.reading() as work:
            return self._asking(work, asking.voucher, asking.checkpoint, kept)

    def keep(self, asking: Asking, answer: bytes) -> bool:
        """Keeps an answer that vouches for what was asked; otherwise says so and keeps nothing."""
        checkpoint = asking.checkpoint
        try:
            at, body = _vouched(asking.voucher, checkpoint, answer)
        except (NoteError, TimeStampError, UnicodeDecodeError) as error:
            self.failed(asking.voucher, getattr(error, "what", "It answered no text."))
            return False
        voucher = asking.voucher
        with self._works.begin() as work:
            stamp = Stamp(
                size=checkpoint.size, kind=voucher.kind, name=voucher.name, body=body, at=at
            )
            work.stamps.add(stamp)
        self._failed.pop(voucher.name, None)
        self._trouble.pop(voucher.name, None)
        return True

    def failed(self, voucher: Voucher, why: str) -> None:
        """Notes that somebody did not vouch; it is asked again, not at once."""
        self._failed[voucher.name] = self._machine.now()
        self._trouble[voucher.name] = why

    def _is_due(self, work: VouchingWork, voucher: Voucher, newest: StoredCheckpoint) -> bool:
        now = self._machine.now()
        failed = self._failed.get(voucher.name)
        if failed is not None and failed <= now < failed + _AGAIN:
            return False
        last = work.stamps.newest(voucher.kind, voucher.name)
        if last is None:
            return True
        # Of a ledger that was turned back, the newest may stand below what was vouched for.
        grown = newest.size != last.size
        # Their clocks are not this one: what they say may be of a moment to come.
        return grown and abs(now - last.at) >= self._every

    def _asking(
        self, work: VouchingWork, voucher: Voucher, newest: StoredCheckpoint, kept: int | None
    ) -> Asking:
        if isinstance(voucher, Authority):
            return Asking(voucher=voucher, checkpoint=newest, body=query(newest.note))
        if kept is None:
            last = work.stamps.newest("witness", voucher.name)
            kept = min(last.size if last else 0, newest.size)
        proof = self._tiles.consistency(work.ledger, kept, newest.size)
        addition = Addition(kept, tuple(proof), newest.note)
        return Asking(voucher=voucher, checkpoint=newest, body=addition.written())


def _vouched(
    voucher: Voucher, checkpoint: StoredCheckpoint, answer: bytes
) -> tuple[datetime, bytes]:
    """The time that an answer gives, and what of it is kept: of a witness's its own line alone."""
    if isinstance(voucher, Authority):
        return stamped_at(answer, checkpoint.note), answer
    text, _ = read_note(checkpoint.note)
    for line in answer.decode().splitlines(keepends=True):
        seconds = voucher.key.time_of(line, text)
        if seconds is not None:
            return from_microseconds(seconds * 1_000_000), line.encode()
    raise NoteError("It answered without a cosignature by its key.")
