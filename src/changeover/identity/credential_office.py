"""Vendors' credentials as operators handle them: set, listed, removed, sealed anew.

A credential goes in and comes out only to be sent to its vendor: the ledger tells
that one was set for a host and protocol, and nothing of it. One that does not open
is listed as such and used for nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.directory.model import Directory
from changeover.directory.model import Protocol as WireProtocol
from changeover.identity.credentials import (
    Credential,
    CredentialRequest,
    OpenedCredential,
    credential_place,
)
from changeover.identity.ports import Credentials
from changeover.identity.sealing import Seal, UnsealableError
from changeover.identity.secret import Secret


class CredentialWork(Protocol):
    """A unit of work on credentials; what it tells commits with it."""

    @property
    def credentials(self) -> Credentials: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> Sequence[Any]:
        """Counts it as a change that every replica must know; the last thing done."""
        ...


class CredentialWorks(Protocol):
    """Opens units of work on credentials."""

    def begin(self) -> AbstractContextManager[CredentialWork]: ...

    def reading(self) -> AbstractContextManager[CredentialWork]: ...


class Seals(Protocol):
    """The seal of the installation: to open with, if there is one, and to seal with."""

    def opener(self) -> Seal | None: ...

    def sealer(self) -> Seal: ...


class Addresses(Protocol):
    """What is known of hosts' addresses, and how a credential must look to be sent."""

    def base_url(self, request: CredentialRequest) -> str:
        """The address, checked; `InvalidInputError` when it is none, or none is known."""
        ...

    def credential(self, text: str) -> Secret:
        """The credential, checked; `InvalidInputError`, which does not repeat it."""
        ...


class CredentialOffice:
    """Sets, lists, removes and reseals vendors' credentials.

    Who subscribed is called after each act here, on the thread that acted; `settle`
    then waits for it to be in force on every other replica.
    """

    def __init__(
        self,
        works: CredentialWorks,
        seals: Seals,
        addresses: Addresses,
        clock: Clock,
        settle: Callable[[Sequence[Any]], object] | None = None,
    ) -> None:
        self._works = works
        self._seals = seals
        self._addresses = addresses
        self._clock = clock
        self._settle = settle
        self._subscribed: list[Callable[[], None]] = []

    def subscribe(self, changed: Callable[[], None]) -> None:
        """Has `changed` called after each act."""
        self._subscribed.append(changed)

    def all(self) -> list[OpenedCredential]:
        """Every credential by host and protocol, opened where it can be."""
        with self._works.reading() as work:
            kept = work.credentials.all()
        seal = self._seals.opener()
        return [OpenedCredential(credential=each, secret=_opened(seal, each)) for each in kept]

    def set(
        self, directory: Directory, request: CredentialRequest, text: str, *, by: str
    ) -> OpenedCredential:
        """Keeps a credential, in place of the one that stood; `NotFoundError` for the host.

        `InvalidInputError` for an address or a text that cannot be used.
        """
        if request.host not in directory.vendors:
            raise NotFoundError(
                f"There is no vendor {request.host!r} that could be a host.",
                do="Name one of the directory: " + (", ".join(sorted(directory.vendors)) or "none"),
            )
        base_url, secret = self._addresses.base_url(request), self._addresses.credential(text)
        now = self._clock.now()
        place = credential_place(request.host, request.protocol, base_url)
        credential = Credential(
            host=request.host,
            protocol=request.protocol,
            base_url=base_url,
            sealed=self._seals.sealer().seal(secret, place),
            set_by=by,
            set_at=now,
        )
        with self._works.begin() as work:
            work.credentials.put(credential)
            work.tell("credential-set", now, _told(credential, by))
            enacted = work.enact("credential", (_key(credential),), now)
        self._bring_into_force(enacted)
        return OpenedCredential(credential=credential, secret=secret)

    def remove(self, host: str, protocol: WireProtocol, *, by: str) -> Credential:
        """Removes a credential; `NotFoundError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            credential = work.credentials.remove(host, protocol)
            work.tell("credential-removed", now, _told(credential, by))
            enacted = work.enact("credential", (_key(credential),), now)
        self._bring_into_force(enacted)
        return credential

    def reseal(self) -> list[OpenedCredential]:
        """Seals all anew with the first secret; those that do not open stay as they are."""
        seal = self._seals.sealer()
        resealed: list[OpenedCredential] = []
        with self._works.begin() as work:
            for each in work.credentials.all():
                credential, secret = each, _opened(seal, each)
                if secret is not None:
                    sealed = seal.seal(secret, each.place)
                    credential = msgspec.structs.replace(each, sealed=sealed)
                    work.credentials.put(credential)
                resealed.append(OpenedCredential(credential=credential, secret=secret))
            enacted = work.enact("credential", ("credentials",), self._clock.now())
        self._bring_into_force(enacted)
        return resealed

    def _bring_into_force(self, enacted: Sequence[Any]) -> None:
        self.changed()
        if self._settle is not None:
            self._settle(enacted)

    def changed(self) -> None:
        """Tells who subscribed; called too when another process acted."""
        for changed in self._subscribed:
            changed()


def _opened(seal: Seal | None, credential: Credential) -> Secret | None:
    if seal is None:
        return None
    try:
        return seal.open(credential.sealed, credential.place)
    except UnsealableError:
        return None


def _key(credential: Credential) -> str:
    return f"{credential.host}/{credential.protocol}"


def _told(credential: Credential, by: str) -> dict[str, str]:
    return {"host": credential.host, "protocol": credential.protocol, "by": by}
