"""What identity needs from outside: places that keep keys, accounts and sessions."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from changeover.directory.model import Protocol as WireProtocol
from changeover.identity.credentials import Credential
from changeover.identity.model import Key
from changeover.identity.people import Account, Session
from changeover.identity.provisioned import (
    ProvisionedGroup,
    ProvisionedUser,
    ProvisioningToken,
)


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

    def put(self, account: Account) -> None:
        """Keeps it as it is now; `ConflictError` when another has its login or subject."""
        ...

    def get(self, account: str) -> Account:
        """The account with this id; `NotFoundError`."""
        ...

    def named(self, login: str) -> Account | None:
        """The account with this login, disabled or not."""
        ...

    def of_subject(self, subject: str) -> Account | None:
        """The account of this subject of the identity provider, disabled or not."""
        ...

    def all(self) -> list[Account]:
        """Every account, disabled ones too, by login."""
        ...

    def password(self, account: str) -> str | None:
        """The hash of the account's password; None without one, or without the account."""
        ...

    def set_password(self, account: str, password: str | None) -> None:
        """Keeps another hash for an account that stands, or none any more."""
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


class Provisioned(Protocol):
    """What provisioning keeps: users beside their accounts, and groups with their members."""

    def add_user(self, user: ProvisionedUser) -> None:
        """Keeps what provisioning tells of an account that stands."""
        ...

    def put_user(self, user: ProvisionedUser) -> None:
        """Keeps it as it is told now."""
        ...

    def user(self, account: str) -> ProvisionedUser | None:
        """What is told of an account; None where provisioning does not rule it."""
        ...

    def users(self) -> list[ProvisionedUser]:
        """All of them, by creation."""
        ...

    def users_called(self, *, login: str | None, external: str | None) -> list[ProvisionedUser]:
        """Those with this login, or with this name at their directory."""
        ...

    def remove_user(self, account: str) -> None:
        """Forgets what is told of an account, and that it is a member of anything."""
        ...

    def put_group(self, group: ProvisionedGroup) -> None:
        """Keeps a group as it is now, its members too."""
        ...

    def group(self, group: str) -> ProvisionedGroup | None:
        """The group with this id."""
        ...

    def groups(self) -> list[ProvisionedGroup]:
        """Every group with its members, by creation."""
        ...

    def groups_called(self, *, name: str | None, external: str | None) -> list[ProvisionedGroup]:
        """Those with this name, or with this name at their directory."""
        ...

    def groups_of(self, account: str) -> list[tuple[str, str]]:
        """The groups that an account is in: id and name, by name."""
        ...

    def remove_group(self, group: str) -> None:
        """Deletes a group; its members stay."""
        ...


class ProvisioningTokens(Protocol):
    """What provisioning clients show."""

    def add(self, token: ProvisioningToken) -> None:
        """Keeps a new one; `ConflictError` when its prefix stands already."""
        ...

    def all(self) -> list[ProvisioningToken]:
        """Every one, revoked ones too, by creation."""
        ...

    def get(self, prefix: str) -> ProvisioningToken | None:
        """The one with this prefix."""
        ...

    def revoke(self, prefix: str, at: datetime) -> ProvisioningToken:
        """Marks it revoked (a revoked one keeps its first instant); `NotFoundError`."""
        ...


class Belongings(Protocol):
    """What a person has here beside what must be kept."""

    def end(self, account: str, at: datetime) -> None:
        """Ends the person's shares, whose name they lose; deletes instructions and own prompts."""
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
    def provisioned(self) -> Provisioned: ...

    @property
    def provisioning_tokens(self) -> ProvisioningTokens: ...

    @property
    def belongings(self) -> Belongings: ...

    @property
    def keys(self) -> Keys: ...

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
