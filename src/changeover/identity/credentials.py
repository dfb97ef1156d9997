"""Vendors' credentials, as they are kept: sealed, each for one protocol of one host."""

from datetime import datetime

import msgspec

from changeover.directory.model import Protocol
from changeover.identity.secret import Secret


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A credential as kept. `base_url` is where it is sent, and is sealed with it."""

    host: str
    protocol: Protocol
    base_url: str
    sealed: bytes
    set_by: str
    set_at: datetime

    @property
    def place(self) -> tuple[str, ...]:
        """What it is sealed for: it opens for no other host, protocol or address."""
        return credential_place(self.host, self.protocol, self.base_url)


class OpenedCredential(msgspec.Struct, frozen=True, kw_only=True):
    """A credential and its secret; None where the installation's secret does not open it."""

    credential: Credential
    secret: Secret | None


class CredentialRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The place that somebody sets a credential for; without a base URL, the host's own."""

    host: str
    protocol: Protocol
    base_url: str | None = None


def credential_place(host: str, protocol: Protocol, base_url: str) -> tuple[str, ...]:
    """What a credential is sealed for."""
    return ("credential", host, protocol, base_url)
