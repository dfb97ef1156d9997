"""The facts that the ledger is told, one class for each kind of entry but calls.

The names and fields of an entry are those of its fact. It tells that something was
recorded, and its digest, never the contents.
"""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from changeover.ledger.controls import (
    CanaryTold,
    ClockCompared,
    ClockTold,
    LedgerJoined,
    Restored,
)
from changeover.ledger.fact import Fact

VERSION = 2
VERSIONS = frozenset({1, VERSION})
Kind = Literal[
    "directory",
    "instrument",
    "release",
    "in-force",
    "key-created",
    "key-rotated",
    "key-revoked",
    "credential-set",
    "credential-removed",
    "account-created",
    "account-changed",
    "account-disabled",
    "account-enabled",
    "account-removed",
    "provisioning-token-created",
    "provisioning-token-revoked",
    "call",
    "scenario",
    "intake",
    "paper",
    "delivery",
    "import",
    "entry",
    "entry-settled",
    "removal",
    "translation-removal",
    "start",
    "end",
    "gap",
    "canary",
    "clock",
    "clock-offset",
    "limit",
    "export",
    "restore",
    "joined",
]
RemovedWhy = Literal["owner", "retention", "temporary", "import"]
EndReason = Literal["stopped", "killed"]
KINDS: tuple[str, ...] = get_args(Kind)


class DirectoryRecorded(Fact, frozen=True, kw_only=True):
    """A directory entered the record, with so many changes from the one before.

    `confirmed_by` is who confirmed it, where that took another person.
    """

    sha256: str
    by: str
    changes: int
    confirmed_by: str | None = None


class InstrumentRecorded(Fact, frozen=True, kw_only=True):
    """An instrument was issued; `id` is its key in the record."""

    id: str
    issuer: str
    instrument_kind: str
    sha256: str
    entered_by: str
    confirmed_by: str | None = None


class ReleaseRecorded(Fact, frozen=True, kw_only=True):
    """A held route was released for a service."""

    service: str
    route: str
    by: str
    sha256: str


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """How one replica came to decide by an act or not at all, in microseconds since 1970."""

    start: str
    host: str
    pid: int
    address: str
    how: Literal["confirmed", "lease-ran-out", "left"]
    at: int


class InForce(Fact, frozen=True, kw_only=True):
    """An act came into force on every replica: when in law, when everywhere, and how on each."""

    act: str
    key: str
    legal: datetime
    in_force: datetime
    replicas: tuple[Confirmed, ...] = ()


class KeyCreated(Fact, frozen=True, kw_only=True):
    """A service got an API key; only its public prefix is told."""

    prefix: str
    service: str
    by: str


class KeyRotated(Fact, frozen=True, kw_only=True):
    """A service's API key got a successor, `prefix`, and ends at `until`."""

    prefix: str
    replaces: str
    until: datetime
    service: str
    by: str


class KeyRevoked(Fact, frozen=True, kw_only=True):
    """A service's API key was revoked."""

    prefix: str
    service: str
    by: str


class CredentialSet(Fact, frozen=True, kw_only=True):
    """A vendor's credential was set; nothing of it is told."""

    host: str
    protocol: str
    by: str


class CredentialRemoved(Fact, frozen=True, kw_only=True):
    """A vendor's credential was removed."""

    host: str
    protocol: str
    by: str


class AccountCreated(Fact, frozen=True, kw_only=True):
    """A person got an account; neither its login nor the person's name is told."""

    id: str
    party: str
    roles: tuple[str, ...]
    by: str


class AccountDisabled(Fact, frozen=True, kw_only=True):
    """A person's account was disabled."""

    id: str
    by: str


class AccountChanged(Fact, frozen=True, kw_only=True):
    """What a person's account opens was changed, to this; without a role it opens nothing."""

    id: str
    party: str
    roles: tuple[str, ...]
    by: str


class AccountEnabled(Fact, frozen=True, kw_only=True):
    """A person's account that was disabled opens again."""

    id: str
    by: str


class AccountRemoved(Fact, frozen=True, kw_only=True):
    """A person's account was removed: no name stands under its id any more."""

    id: str
    by: str


class ProvisioningTokenCreated(Fact, frozen=True, kw_only=True):
    """A provisioning client was let in."""

    prefix: str
    by: str


class ProvisioningTokenRevoked(Fact, frozen=True, kw_only=True):
    """A provisioning client was shut out."""

    prefix: str
    by: str


class ScenarioMoved(Fact, frozen=True, kw_only=True):
    """The scenario clock was moved from `since` to `until`."""

    since: datetime
    until: datetime


class DocumentTaken(Fact, frozen=True, kw_only=True):
    """A document was taken in; `sha256` is of its bytes."""

    sha256: str


class PaperWritten(Fact, frozen=True, kw_only=True):
    """An officer wrote a version of a paper, or removed it (`sha256` None)."""

    paper: str
    id: str
    version: int
    sha256: str | None
    by: str


class BundleImported(Fact, frozen=True, kw_only=True):
    """A bundle was imported: of which installation, for which network, made when.

    What it brought has entries of its own; `sha256` is of the record's line.
    """

    source: str
    network: str
    sequence: int
    digest: str
    made: datetime
    by: str
    instruments: int
    sha256: str


class DeliveryEnded(Fact, frozen=True, kw_only=True):
    """A letter of a message was sent, kept in an outbox, or given up.

    `to` and `sha256` are digests of the address and of the letter: neither stands here.
    """

    id: str
    message: str
    channel: Literal["mail", "webhook"]
    to: str
    sha256: str
    state: Literal["sent", "kept", "failed"]
    attempts: int


class EntryMade(Fact, frozen=True, kw_only=True):
    """An officer entered instruments, which wait for another; `id` is the entry's."""

    id: str
    instruments: tuple[str, ...]
    at_once: bool
    by: str


class EntrySettled(Fact, frozen=True, kw_only=True):
    """An entry was issued or withdrawn, or what it held came on record in another way."""

    id: str
    instruments: tuple[str, ...]
    state: Literal["issued", "withdrawn", "overtaken"]
    by: str


class ConversationRemoved(Fact, frozen=True, kw_only=True):
    """A conversation was removed for good: by its owner, its party's rule, at its end, or undone.

    `conversation` is the SHA-256 of its id, which is random; `turns` counts what was in it.
    """

    conversation: str
    turns: int
    party: str
    why: RemovedWhy


class TranslationRemoved(Fact, frozen=True, kw_only=True):
    """A translation was removed for good; `translation` is the SHA-256 of its random id."""

    translation: str
    segments: int
    party: str
    why: RemovedWhy


class StartTold(Fact, frozen=True, kw_only=True):
    """A process began to serve. `start` is its run's id, `ledger` the form of its entries."""

    start: str
    host: str
    version: str
    ledger: int = VERSION


class EndTold(Fact, frozen=True, kw_only=True):
    """A start ended, and gave its calls the numbers from 1 to `last`.

    It was stopped, or was killed and its journal replayed.
    """

    start: str
    last: int
    reason: EndReason


class GapExplained(Fact, frozen=True, kw_only=True):
    """An officer says why calls `first` to `last` of a start are not in the ledger."""

    start: str
    first: int
    last: int
    why: str
    by: str


class LimitChanged(Fact, frozen=True, kw_only=True):
    """A limit of what a key, a service or a party may use was set, or lifted (`amount` None)."""

    subject: str
    named: str
    measure: str
    period: str
    amount: int | None
    by: str


class FileExported(Fact, frozen=True, kw_only=True):
    """An officer took a report or a table of the record away: which, in what form, its digest.

    `account` is whose session it was.
    """

    what: str
    form: str
    sha256: str
    account: str


FACTS: dict[str, type[Fact]] = {
    "directory": DirectoryRecorded,
    "instrument": InstrumentRecorded,
    "release": ReleaseRecorded,
    "in-force": InForce,
    "key-created": KeyCreated,
    "key-rotated": KeyRotated,
    "key-revoked": KeyRevoked,
    "credential-set": CredentialSet,
    "credential-removed": CredentialRemoved,
    "account-created": AccountCreated,
    "account-changed": AccountChanged,
    "account-disabled": AccountDisabled,
    "account-enabled": AccountEnabled,
    "account-removed": AccountRemoved,
    "provisioning-token-created": ProvisioningTokenCreated,
    "provisioning-token-revoked": ProvisioningTokenRevoked,
    "scenario": ScenarioMoved,
    "intake": DocumentTaken,
    "paper": PaperWritten,
    "delivery": DeliveryEnded,
    "import": BundleImported,
    "entry": EntryMade,
    "entry-settled": EntrySettled,
    "removal": ConversationRemoved,
    "translation-removal": TranslationRemoved,
    "start": StartTold,
    "end": EndTold,
    "gap": GapExplained,
    "canary": CanaryTold,
    "clock": ClockTold,
    "clock-offset": ClockCompared,
    "limit": LimitChanged,
    "export": FileExported,
    "restore": Restored,
    "joined": LedgerJoined,
}
KIND_OF = {fact: kind for kind, fact in FACTS.items()}
