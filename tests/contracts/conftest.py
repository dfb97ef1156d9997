"""One suite per port, run on the fake and on each database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from changeover.chat.ports import ChatWork
from changeover.identity.ports import (
    Accounts,
    Credentials,
    Keys,
    Provisioned,
    ProvisioningTokens,
    Sessions,
    SignInFailures,
)
from changeover.intake.ports import Drafts
from changeover.ledger.ports import LedgerQueue
from changeover.ledger.sequencing import SequencedStore
from changeover.ledger.vouching import StampStore
from changeover.metering.ports import Limits
from changeover.orders.papers import Papers
from changeover.orders.ports import Acknowledgements, Proposals, Record
from changeover.storage.database import Database
from tests.chat.world import FakeStore, database_store
from tests.fakes import (
    FakeAcknowledgements,
    FakeCredentials,
    FakeDrafts,
    FakeKeys,
    FakeLedgerQueue,
    FakeLedgerStore,
    FakeLimits,
    FakePapers,
    FakeProposals,
    FakeRecord,
    FakeSettings,
    FakeStamps,
)
from tests.people import (
    FakeAccounts,
    FakeProvisioned,
    FakeProvisioningTokens,
    FakeSessions,
    FakeSignInFailures,
)


class Settings(Protocol):
    def get(self, name: str) -> str | None: ...
    def set(self, name: str, value: str) -> None: ...


class Ports(Protocol):
    """The ports of one implementation, in one unit of work."""

    @property
    def record(self) -> Record: ...
    @property
    def ledger(self) -> SequencedStore: ...
    @property
    def queue(self) -> LedgerQueue: ...
    @property
    def stamps(self) -> StampStore: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def acknowledgements(self) -> Acknowledgements: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def provisioned(self) -> Provisioned: ...
    @property
    def provisioning_tokens(self) -> ProvisioningTokens: ...
    @property
    def sign_in_failures(self) -> SignInFailures: ...


class _Fakes:
    def __init__(self) -> None:
        self.record = FakeRecord()
        self.ledger = FakeLedgerStore()
        self.queue = FakeLedgerQueue()
        self.stamps = FakeStamps()
        self.keys = FakeKeys()
        self.limits = FakeLimits()
        self.credentials = FakeCredentials()
        self.drafts = FakeDrafts()
        self.settings = FakeSettings()
        self.proposals = FakeProposals()
        self.papers = FakePapers()
        self.acknowledgements = FakeAcknowledgements()
        self.accounts = FakeAccounts()
        self.sessions = FakeSessions()
        self.provisioned = FakeProvisioned(self.accounts)
        self.provisioning_tokens = FakeProvisioningTokens()
        self.sign_in_failures = FakeSignInFailures()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def ports(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ports]:
    if request.param == "fake":
        yield _Fakes()
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url) as database, database.begin() as work:
        yield work


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChatWork]:
    """The chat's ports of one implementation, in one unit of work, with people to own things."""
    if request.param == "fake":
        yield FakeStore()
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with database_store(url) as store, store.begin(alone=False) as work:
        yield work
