"""In-memory implementations of the ports. The contract tests hold them to the real ones."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.directory.model import Protocol
from changeover.identity.credentials import Credential
from changeover.identity.model import Key
from changeover.intake.ports import Document, KeptDocument, Read, StoredClaim, StoredDraft, Unread
from changeover.ledger.entries import Entry
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.vouching import Stamp, StampKind
from changeover.metering.limits import Limit
from changeover.orders.papers import Paper
from changeover.orders.ports import Proposal, ProposalState, RecordEntry, RecordKind


class FakeRecord:
    """Implements `orders.ports.Record`."""

    def __init__(self) -> None:
        self.lines: list[RecordEntry] = []

    def append(self, kind: RecordKind, key: str, recorded: datetime, body: bytes) -> int:
        if kind == "instrument" and any((e.kind, e.key) == (kind, key) for e in self.lines):
            raise ConflictError(f"The instrument {key} is on record already.")
        seq = len(self.lines) + 1
        self.lines.append(RecordEntry(seq=seq, kind=kind, key=key, recorded=recorded, body=body))
        return seq

    def entries(self, after: int = 0) -> list[RecordEntry]:
        return [entry for entry in self.lines if entry.seq > after]


class FakeLedgerStore:
    """Implements `ledger.sequencing.SequencedStore`; its lists may be altered by a test."""

    def __init__(self) -> None:
        self.stored: list[StoredEntry] = []
        self.signed: list[StoredCheckpoint] = []
        self.subtrees: tuple[bytes, ...] = ()
        self.size = 0
        self.held_elsewhere = False

    def hold(self) -> bool:
        return not self.held_elsewhere

    def tree_state(self) -> tuple[int, tuple[bytes, ...]]:
        return self.size, self.subtrees

    def append(
        self,
        entries: Sequence[StoredEntry],
        subtrees: tuple[bytes, ...],
        checkpoint: StoredCheckpoint,
    ) -> None:
        expected = list(range(self.size, self.size + len(entries)))
        indices = [entry.index for entry in entries]
        if indices != expected or checkpoint.size != self.size + len(entries):
            raise ConflictError(f"These entries do not continue a ledger of {self.size} entries.")
        self.stored += entries
        self.signed.append(checkpoint)
        self.size, self.subtrees = checkpoint.size, subtrees

    def entries(self, start: int = 0, kinds: Collection[str] = ()) -> Iterator[StoredEntry]:
        wanted = [entry for entry in self.stored if not kinds or entry.kind in kinds]
        return iter([entry for entry in wanted if entry.index >= start])

    def calls(self, start: int, stop: int) -> list[tuple[bytes, bytes]]:
        calls = [entry for entry in self.entries(start) if entry.kind == "call"]
        return [(entry.body, entry.leaf) for entry in calls if entry.index < stop]

    def leaves(self, start: int, stop: int) -> list[bytes]:
        return [entry.leaf for entry in self.entries(start) if entry.index < stop]

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        return iter(sorted(self.signed, key=lambda checkpoint: checkpoint.size))

    def checkpoint_at(self, size: int) -> StoredCheckpoint | None:
        return next((each for each in self.signed if each.size == size), None)

    def last_checkpoint(self) -> StoredCheckpoint | None:
        return max(self.signed, key=lambda checkpoint: checkpoint.size, default=None)


class FakeStamps:
    """Implements `ledger.vouching.StampStore`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str, str], Stamp] = {}

    def add(self, stamp: Stamp) -> None:
        self.kept.setdefault((stamp.size, stamp.kind, stamp.name), stamp)

    def newest(self, kind: StampKind, name: str) -> Stamp | None:
        named = [each for each in self.kept.values() if (each.kind, each.name) == (kind, name)]
        return max(named, key=lambda each: each.size, default=None)

    def all(self) -> Iterator[Stamp]:
        return iter([self.kept[place] for place in sorted(self.kept)])

    def of(self, size: int) -> list[Stamp]:
        return [each for each in self.all() if each.size == size]


class FakeLedgerQueue:
    """Implements `ledger.ports.LedgerQueue`."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, entries: Sequence[Entry]) -> None:
        self.entries += entries

    def empty(self) -> bool:
        return not self.entries

    def take(self, most: int) -> list[Entry]:
        taken, self.entries = self.entries[:most], self.entries[most:]
        return taken

    def count(self) -> int:
        return len(self.entries)

    def waiting(self) -> Iterator[Entry]:
        return iter(list(self.entries))


class FakeKeys:
    """Implements `identity.ports.Keys`."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}

    def add(self, key: Key) -> None:
        if key.prefix in self._keys:
            raise ConflictError(f"There is a key {key.prefix} already.")
        self._keys[key.prefix] = key

    def all(self) -> list[Key]:
        return sorted(self._keys.values(), key=lambda key: (key.created, key.prefix))

    def expire(self, prefix: str, at: datetime) -> Key:
        key = self._named(prefix)
        if key.expires is None or key.expires > at:
            key = self._keys[prefix] = msgspec.structs.replace(key, expires=at)
        return key

    def _named(self, prefix: str) -> Key:
        if prefix not in self._keys:
            raise NotFoundError(f"There is no key {prefix}.")
        return self._keys[prefix]

    def revoke(self, prefix: str, at: datetime) -> Key:
        key = self._named(prefix)
        if key.revoked is None:
            key = self._keys[prefix] = msgspec.structs.replace(key, revoked=at)
        return key


class FakeLimits:
    """Implements `metering.ports.Limits`."""

    def __init__(self) -> None:
        self._standing: dict[str, Limit] = {}

    def standing(self) -> list[Limit]:
        return sorted(self._standing.values(), key=lambda limit: limit.id)

    def set(self, limit: Limit) -> None:
        self._standing[limit.id] = limit

    def lift(self, limit: Limit, *, by: str, at: datetime) -> None:
        self._standing.pop(limit.id, None)


class FakeCredentials:
    """Implements `identity.ports.Credentials`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Credential] = {}

    def put(self, credential: Credential) -> None:
        self._kept[credential.host, credential.protocol] = credential

    def all(self) -> list[Credential]:
        return [self._kept[place] for place in sorted(self._kept)]

    def remove(self, host: str, protocol: Protocol) -> Credential:
        if (host, protocol) not in self._kept:
            raise NotFoundError(f"No credential is stored for {host} and {protocol}.")
        return self._kept.pop((host, protocol))


class FakeDrafts:
    """Implements `intake.ports.Drafts`."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._drafts: dict[str, StoredDraft] = {}
        self._claims: dict[str, StoredClaim] = {}

    def keep_document(self, document: Document) -> bool:
        new = self._documents.setdefault(document.sha256, document) is document
        if not new and document.reading is not None:
            self.keep_reading(document.sha256, document.reading)
        return new

    def keep_reading(self, sha256: str, reading: Read | Unread) -> None:
        kept = self._documents[sha256]
        if kept.reading is None:
            self._documents[sha256] = msgspec.structs.replace(kept, reading=reading)

    def keep(self, draft: StoredDraft) -> bool:
        self.document(draft.document)
        return self._drafts.setdefault(draft.id, draft) is draft

    def get(self, draft: str) -> StoredDraft:
        if draft not in self._drafts:
            raise NotFoundError(f"There is no draft {draft}.")
        return self._drafts[draft]

    def document(self, sha256: str) -> Document:
        if sha256 not in self._documents:
            raise NotFoundError(f"There is no document with the digest {sha256}.")
        return self._documents[sha256]

    def documents(self) -> list[KeptDocument]:
        found = sorted(self._documents.values(), key=lambda d: d.sha256)
        return [
            KeptDocument(sha256=d.sha256, name=d.name, captured=d.captured, size=len(d.content))
            for d in sorted(found, key=lambda d: d.captured, reverse=True)
        ]

    def all(self) -> list[StoredDraft]:
        return sorted(self._drafts.values(), key=lambda draft: draft.created)

    def keep_claim(self, claim: StoredClaim) -> bool:
        self.document(claim.document)
        return self._claims.setdefault(claim.id, claim) is claim

    def claims(self) -> list[StoredClaim]:
        return sorted(self._claims.values(), key=lambda claim: claim.created)

    def mark_issued(self, draft: str, instrument: str) -> None:
        standing = self.get(draft)
        if standing.issued_as is not None:
            raise ConflictError(f"The draft {draft} was issued already.")
        self._drafts[draft] = msgspec.structs.replace(standing, issued_as=instrument)


class FakeSettings:
    """Names with texts, as `storage.settings.SqlSettings` keeps them."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def set(self, name: str, value: str) -> None:
        self._values[name] = value


class FakeProposals:
    """Implements `orders.ports.Proposals`."""

    def __init__(self) -> None:
        self._proposals: dict[str, Proposal] = {}

    def add(self, proposal: Proposal) -> None:
        if proposal.id in self._proposals:
            raise ConflictError(f"There is a proposal {proposal.id} already.")
        self._proposals[proposal.id] = proposal

    def get(self, proposal: str) -> Proposal:
        if proposal not in self._proposals:
            raise NotFoundError(f"There is no proposal {proposal}.")
        return self._proposals[proposal]

    def waiting(self) -> list[Proposal]:
        waiting = [p for p in self._proposals.values() if p.state == "entered"]
        return sorted(waiting, key=lambda p: (p.entered, p.id))

    def settle(self, proposal: str, state: ProposalState, *, by: str, at: datetime) -> Proposal:
        found = self.get(proposal)
        if found.state != "entered":
            raise ConflictError(f"{found.instrument.id} was {found.state} meanwhile.")
        found = msgspec.structs.replace(found, state=state, settled_by=by, settled=at)
        self._proposals[proposal] = found
        return found


class FakePapers:
    """Implements `orders.papers.Papers`."""

    def __init__(self) -> None:
        self._papers: dict[tuple[str, str], list[Paper]] = {}

    def add(self, paper: Paper) -> bool:
        versions = self._papers.get((paper.kind, paper.id), [])
        if paper.version != len(versions) + 1:
            return False
        self._papers[paper.kind, paper.id] = [*versions, paper]
        return True

    def newest(self, kind: str) -> list[Paper]:
        return [versions[-1] for (k, _), versions in self._papers.items() if k == kind]

    def versions(self, kind: str, paper: str) -> list[Paper]:
        return list(self._papers.get((kind, paper), ()))


class FakeAcknowledgements:
    """Implements `orders.ports.Acknowledgements`."""

    def __init__(self) -> None:
        self._read: dict[str, set[str]] = {}

    def add(self, account: str, notice: str, at: datetime) -> None:
        self._read.setdefault(account, set()).add(notice)

    def of(self, account: str) -> frozenset[str]:
        return frozenset(self._read.get(account, ()))

    def readers(self, order: str) -> int:
        further = f"{order}~"
        return sum(
            any(notice == order or notice.startswith(further) for notice in read)
            for read in self._read.values()
        )


class FakeServiceKeys:
    """Implements `orders.ports.ServiceKeys` over keys."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = keys

    def valid(self, services: Iterable[str], at: datetime) -> Mapping[str, int]:
        valid = Counter(
            key.service
            for key in self.keys
            if key.revoked is None and (key.expires is None or at < key.expires)
        )
        return {service: valid[service] for service in sorted(set(services))}


class FakeServiceConversations:
    """Implements `orders.ports.ServiceConversations` over (service, conversation, model)."""

    def __init__(self, turns: Sequence[tuple[str, str, str]]) -> None:
        self.turns = turns

    def with_turns_of(self, models: Iterable[str]) -> Mapping[str, int]:
        asked = set(models)
        held = {(service, one) for service, one, model in self.turns if model in asked}
        return dict(sorted(Counter(service for service, _ in held).items()))
