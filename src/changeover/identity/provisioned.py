"""What provisioning (SCIM 2.0, RFC 7643) keeps of people and groups, and how its clients are known.

Of a person no more is kept than what is used: the login, the name, the language, whether the
account is open, and what their directory calls them. What else a client sends is not kept.
"""

from datetime import datetime

import msgspec

from changeover.identity.people import Account

BY = "provisioning"
"""Who changed an account, in the ledger, where a provisioning client did."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person as the client told: its `userName` as it was written, and their name."""

    login: str
    display: str | None = None
    formatted: str | None = None
    given: str | None = None
    family: str | None = None
    language: str | None = None

    @property
    def shown(self) -> str:
        """The name that people are shown."""
        joined = " ".join(each for each in (self.given, self.family) if each)
        return self.display or self.formatted or joined or self.login


class UserTold(msgspec.Struct, frozen=True, kw_only=True):
    """A person as a client wants them to be; who is not said to be inactive is active."""

    profile: Profile
    external_id: str | None = None
    active: bool | None = None


class ProvisionedUser(msgspec.Struct, frozen=True, kw_only=True):
    """What provisioning keeps of an account; `version` counts its changes."""

    account: Account
    told: UserTold
    created: datetime
    changed: datetime
    version: int = 1


class GroupTold(msgspec.Struct, frozen=True, kw_only=True):
    """A group as a client wants it to be; members are the ids of accounts."""

    name: str
    external_id: str | None = None
    members: tuple[str, ...] = ()


class ProvisionedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group as kept; `version` counts its changes."""

    id: str
    told: GroupTold
    created: datetime
    changed: datetime
    version: int = 1


class ProvisioningToken(msgspec.Struct, frozen=True, kw_only=True):
    """What lets a client in, as kept: its public prefix and the SHA-256 of the whole."""

    prefix: str
    digest: bytes
    label: str
    created: datetime
    created_by: str
    revoked: datetime | None = None
