"""What identity needs from outside: places that keep keys, accounts and sessions."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from changeover.directory.model import Protocol as WireProtocol
from changeover.identity.credentials import Credential
from changeover.identity.model import Key
from changeover.identity.people import Account, Session


class Keys(Protocol):
    """The services' keys."""

    def add(self, key: Key) -> None:
        """Keeps a new key; `ConflictError` when its prefix stands already."""
        ...

    def all(self) -> list[Key]:
        """Every key, revoked ones too, by creation."""
        ...

    def expire(self, prefix: str, at: datetime) -> Key:
        """Lets the key end at `at`, unless it ends sooner; `NotFoundError`."""
        ...

    def revoke(self, prefix: str, at: datetime) -> Key:
        """Marks the key revoked (a revoked one keeps its first instant); `NotFoundError`."""
        ...


class Credentials(Protocol):
    """Vendors' credentials, sealed."""

    def put(self, credential: Credential) -> None:
        """Keeps a credential in place of the one for the same host and protocol, if any."""
        ...

    def all(self) -> list[Credential]:
        """Every credential, by host and protocol."""
        ...

    def remove(self, host: str, protocol: WireProtocol) -> Credential:
        """Takes the credential away and gives what it was; `NotFoundError`."""
        ...


class Accounts(Protocol):
    """People's accounts, each with its password's hash or none."""

    def add(self, account: Account, password: str | None) -> None:
        """Keeps a new account; `ConflictError` when its id or login stands already."""
        ...

    def get(self, account: str) -> Account:
        """The account with this id; `NotFoundError`."""
        ...

    def named(self, login: str) -> Account | None:
        """The account with this login, disabled or not."""
        ...

    def all(self) -> list[Account]:
        """Every account, disabled ones too, by login."""
        ...

    def password(self, account: str) -> str | None:
        """The hash of the account's password; None without one, or without the account."""
        ...

    def set_password(self, account: str, password: str) -> None:
        """Keeps another hash for an account that stands."""
        ...

    def disable(self, account: str, at: datetime) -> Account:
        """Marks the account disabled (a disabled one keeps its first instant); `NotFoundError`."""
        ...


class Sessions(Protocol):
    """Signed-in browsers, found by their token's digest."""

    def add(self, session: Session) -> None:
        """Keeps a new session of an account that stands."""
        ...

    def get(self, digest: bytes) -> Session | None:
        """The session with this digest, living or not."""
        ...

    def touch(self, digest: bytes, seen: datetime) -> None:
        """Notes when the session was last seen; nothing for one that ended."""
        ...

    def end(self, digest: bytes) -> None:
        """Deletes the session if it stands."""
        ...

    def end_of_account(self, account: str) -> None:
        """Deletes every session of an account."""
        ...

    def prune(self, *, expired: datetime, unseen_since: datetime) -> None:
        """Deletes sessions that end by `expired` or were last seen by `unseen_since`."""
        ...


class SignInFailures(Protocol):
    """Sign-ins that failed lately, under the texts that `attempts` counts them by."""

    def add(self, login: str, address: str, at: datetime) -> None: ...

    def of_login(self, login: str, since: datetime) -> list[datetime]:
        """The instants after `since` of those to a login, in order."""
        ...

    def of_address(self, address: str, since: datetime) -> list[datetime]:
        """The instants after `since` of those from an address, in order."""
        ...

    def forgive(self, login: str, address: str) -> None:
        """Deletes those to this login from this address."""
        ...

    def prune(self, until: datetime) -> None:
        """Deletes those at or before an instant."""
        ...


class Revisions(Protocol):
    """The count of changes to what replicas hold in memory."""

    def touch(self) -> int:
        """Counts a change that every replica is told of; the last thing done."""
        ...


class PeopleWork(Protocol):
    """A unit of work on accounts and sessions; what it tells commits with it."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def sign_in_failures(self) -> SignInFailures: ...

    @property
    def revisions(self) -> Revisions: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> Sequence[Any]:
        """Counts it as a change that every replica must know; the last thing done."""
        ...


class PeopleWorks(Protocol):
    """Opens units of work on accounts and sessions."""

    def begin(self) -> AbstractContextManager[PeopleWork]: ...

    def reading(self) -> AbstractContextManager[PeopleWork]: ...
