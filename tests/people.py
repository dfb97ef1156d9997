"""People and their places, in memory; contract tests hold these fakes to the real ones."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory, Party
from changeover.identity.accounts import AccountOffice, AccountRequest
from changeover.identity.passwords import Passwords
from changeover.identity.people import Account, Role, Session
from changeover.identity.provisioned import (
    ProvisionedGroup,
    ProvisionedUser,
    ProvisioningToken,
)
from changeover.identity.secret import Secret
from changeover.identity.sessions import Attempt, SessionOffice
from tests.fakes import FakeKeys

NOW = datetime(2026, 2, 26, 14, tzinfo=UTC)
PASSWORD = Secret("correct horse battery")
FAST = Passwords(memory=8, passes=1)


class FakeAccounts:
    """Implements `identity.ports.Accounts`."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Account, str | None]] = {}

    def add(self, account: Account, password: str | None) -> None:
        if account.id in self._kept or self.named(account.login):
            raise ConflictError(f"There is an account {account.login} already.")
        self._kept[account.id] = (account, password)

    def put(self, account: Account) -> None:
        for other, _ in self._kept.values():
            same = account.subject is not None and other.subject == account.subject
            if other.id != account.id and (same or other.login == account.login):
                raise ConflictError(f"There is another account {account.login} already.")
        self._kept[account.id] = (account, self._kept[account.id][1])

    def of_subject(self, subject: str) -> Account | None:
        return next((each for each, _ in self._kept.values() if each.subject == subject), None)

    def get(self, account: str) -> Account:
        if account not in self._kept:
            raise NotFoundError(f"There is no account {account}.")
        return self._kept[account][0]

    def named(self, login: str) -> Account | None:
        return next((each for each, _ in self._kept.values() if each.login == login), None)

    def all(self) -> list[Account]:
        return sorted((each for each, _ in self._kept.values()), key=lambda each: each.login)

    def password(self, account: str) -> str | None:
        return self._kept[account][1] if account in self._kept else None

    def set_password(self, account: str, password: str | None) -> None:
        self._kept[account] = (self.get(account), password)

    def disable(self, account: str, at: datetime) -> Account:
        standing = self.get(account)
        if standing.disabled is None:
            standing = msgspec.structs.replace(standing, disabled=at)
            self._kept[account] = (standing, self._kept[account][1])
        return standing


class FakeSessions:
    """Implements `identity.ports.Sessions`."""

    def __init__(self) -> None:
        self.kept: dict[bytes, Session] = {}

    def add(self, session: Session) -> None:
        self.kept[session.digest] = session

    def get(self, digest: bytes) -> Session | None:
        return self.kept.get(digest)

    def touch(self, digest: bytes, seen: datetime) -> None:
        if digest in self.kept:
            self.kept[digest] = msgspec.structs.replace(self.kept[digest], seen=seen)

    def end(self, digest: bytes) -> None:
        self.kept.pop(digest, None)

    def end_of_account(self, account: str) -> None:
        self.kept = {d: each for d, each in self.kept.items() if each.account != account}

    def prune(self, *, expired: datetime, unseen_since: datetime) -> None:
        self.kept = {
            d: each
            for d, each in self.kept.items()
            if each.expires > expired and each.seen > unseen_since
        }


class FakeSignInFailures:
    """Implements `identity.ports.SignInFailures`."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, datetime]] = []

    def add(self, login: str, address: str, at: datetime) -> None:
        self.kept.append((login, address, at))

    def of_login(self, login: str, since: datetime) -> list[datetime]:
        return sorted(at for each, _, at in self.kept if each == login and at > since)

    def of_address(self, address: str, since: datetime) -> list[datetime]:
        return sorted(at for _, each, at in self.kept if each == address and at > since)

    def forgive(self, login: str, address: str) -> None:
        self.kept = [each for each in self.kept if each[:2] != (login, address)]

    def prune(self, until: datetime) -> None:
        self.kept = [each for each in self.kept if each[2] > until]


class FakeProvisioned:
    """Implements `identity.ports.Provisioned`."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts
        self._users: dict[str, ProvisionedUser] = {}
        self._groups: dict[str, ProvisionedGroup] = {}

    def add_user(self, told: ProvisionedUser) -> None:
        self._users[told.account.id] = told

    def put_user(self, told: ProvisionedUser) -> None:
        self._users[told.account.id] = told

    def user(self, account: str) -> ProvisionedUser | None:
        return next((each for each in self.users() if each.account.id == account), None)

    def users(self) -> list[ProvisionedUser]:
        now = (
            msgspec.structs.replace(each, account=self._accounts.get(name))
            for name, each in self._users.items()
        )
        return sorted(now, key=lambda each: (each.created, each.account.id))

    def users_called(self, *, login: str | None, external: str | None) -> list[ProvisionedUser]:
        return [
            each
            for each in self.users()
            if login in {None, each.account.login} and external in {None, each.told.external_id}
        ]

    def remove_user(self, account: str) -> None:
        self._users.pop(account, None)
        for group in self.groups():
            members = tuple(each for each in group.told.members if each != account)
            told = msgspec.structs.replace(group.told, members=members)
            self._groups[group.id] = msgspec.structs.replace(group, told=told)

    def put_group(self, group: ProvisionedGroup) -> None:
        told = msgspec.structs.replace(group.told, members=tuple(sorted(group.told.members)))
        self._groups[group.id] = msgspec.structs.replace(group, told=told)

    def group(self, group: str) -> ProvisionedGroup | None:
        return self._groups.get(group)

    def groups(self) -> list[ProvisionedGroup]:
        return sorted(self._groups.values(), key=lambda each: (each.created, each.id))

    def groups_called(self, *, name: str | None, external: str | None) -> list[ProvisionedGroup]:
        return [
            each
            for each in self.groups()
            if (name is None or each.told.name.lower() == name.lower())
            and external in {None, each.told.external_id}
        ]

    def groups_of(self, account: str) -> list[tuple[str, str]]:
        found = [each for each in self.groups() if account in each.told.members]
        return sorted(((each.id, each.told.name) for each in found), key=lambda one: one[::-1])

    def remove_group(self, group: str) -> None:
        self._groups.pop(group, None)


class FakeProvisioningTokens:
    """Implements `identity.ports.ProvisioningTokens`."""

    def __init__(self) -> None:
        self.kept: dict[str, ProvisioningToken] = {}

    def add(self, token: ProvisioningToken) -> None:
        if token.prefix in self.kept:
            raise ConflictError(f"There is a token {token.prefix} already.")
        self.kept[token.prefix] = token

    def all(self) -> list[ProvisioningToken]:
        return sorted(self.kept.values(), key=lambda each: (each.created, each.prefix))

    def get(self, prefix: str) -> ProvisioningToken | None:
        return self.kept.get(prefix)

    def revoke(self, prefix: str, at: datetime) -> ProvisioningToken:
        standing = self.kept.get(prefix)
        if standing is None:
            raise NotFoundError(f"There is no provisioning token {prefix}.")
        if standing.revoked is None:
            self.kept[prefix] = msgspec.structs.replace(standing, revoked=at)
        return self.kept[prefix]


class FakeBelongings:
    """Implements `identity.ports.Belongings`: it tells whose were ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def end(self, account: str, at: datetime) -> None:
        self.ended.append(account)


class FakeRevisions:
    """Implements `identity.ports.Revisions`."""

    def __init__(self) -> None:
        self.number = 0

    def touch(self) -> int:
        self.number += 1
        return self.number


class FakePeopleWorks:
    """Implements `identity.ports.PeopleWorks` over one state; it is also its one work.

    It undoes nothing: what raises must not have changed anything before.
    """

    def __init__(self) -> None:
        self.accounts = FakeAccounts()
        self.sessions = FakeSessions()
        self.sign_in_failures = FakeSignInFailures()
        self.provisioned = FakeProvisioned(self.accounts)
        self.provisioning_tokens = FakeProvisioningTokens()
        self.belongings = FakeBelongings()
        self.keys = FakeKeys()
        self.revisions = FakeRevisions()
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.read = 0

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        assert at.tzinfo is not None
        self.told.append((kind, dict(fields)))

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> Sequence[tuple[str, str]]:
        self.revisions.touch()
        return [(kind, key) for key in keys]

    @contextmanager
    def begin(self) -> Iterator["FakePeopleWorks"]:
        yield self

    @contextmanager
    def reading(self) -> Iterator["FakePeopleWorks"]:
        self.read += 1
        yield self


DIRECTORY = Directory(
    zone="America/New_York",
    parties={
        id_: Party(id=id_, name=Bilingual(en=id_.title(), fr=f"{id_} (fr)"))
        for id_ in ("state", "treasury")
    },
)


class People:
    """The offices over fakes, on a clock that a test moves."""

    def __init__(self) -> None:
        self.works = FakePeopleWorks()
        self.clock = FixedClock(NOW)
        self.sessions = SessionOffice(self.works, FAST, self.clock)
        self.accounts = AccountOffice(self.works, FAST, self.clock, self.sessions.forget)

    def create(self, login: str, *roles: Role) -> Account:
        request = AccountRequest(
            login=login, name=login.title(), party="state", roles=roles or ("staff",)
        )
        return self.accounts.create(DIRECTORY, request, PASSWORD, by="ada")

    def sign_in(self, login: str, password: Secret = PASSWORD, **more: Any) -> Secret:
        attempt = Attempt(login=login, password=password, address="192.0.2.7")
        return self.sessions.sign_in(msgspec.structs.replace(attempt, **more)).token

    def later(self, passed: timedelta) -> None:
        self.clock.move_to(self.clock.now() + passed)
