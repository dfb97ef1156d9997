"""The desk's operations on vendors' credentials. None of them tells one."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.identity.credential_office import CredentialOffice
from changeover.identity.credentials import CredentialRequest, OpenedCredential
from changeover.orders.usecases import Office
from changeover.web.desk_routes import get_route, post_route

State = Literal["in-use", "environment-wins", "cannot-be-opened"]


class SetCredential(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A credential to keep for a protocol of a host, and by whom."""

    host: str
    protocol: Protocol
    credential: str
    by: str
    base_url: str | None = None


class RemoveCredential(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The credential to remove, and by whom."""

    host: str
    protocol: Protocol
    by: str


class Reseal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing needs to be said to seal all anew."""


class InEnvironment(msgspec.Struct, frozen=True, kw_only=True):
    """A credential in the environment: the variable it is in, and how it ends."""

    host: str
    protocol: Protocol
    base_url: str
    variable: str
    ending: str


class CredentialLine(msgspec.Struct, frozen=True, kw_only=True):
    """A credential as listed. `ending` is four characters at most, to know it by."""

    host: str
    protocol: Protocol
    base_url: str
    source: str
    ending: str
    state: State
    set_by: str | None = None
    set_at: datetime | None = None


class CredentialDeskParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `environment` changes when settings are read again."""

    credentials: CredentialOffice
    office: Office
    environment: list[InEnvironment]


def credential_routes(parts: CredentialDeskParts) -> list[Route]:
    """`/credentials`, `/credentials/removal` and `/credentials/reseal`."""
    desk = _CredentialDesk(parts)
    return [
        get_route("/credentials", desk.all),
        post_route("/credentials", SetCredential, desk.set),
        post_route("/credentials/removal", RemoveCredential, desk.remove),
        post_route("/credentials/reseal", Reseal, desk.reseal),
    ]


class _CredentialDesk:
    def __init__(self, parts: CredentialDeskParts) -> None:
        self._parts = parts

    def all(self, _: Request) -> Any:
        found = [
            CredentialLine(
                host=each.host,
                protocol=each.protocol,
                base_url=each.base_url,
                source=each.variable,
                ending=each.ending,
                state="in-use",
            )
            for each in self._parts.environment
        ]
        stored = [self._line(each) for each in self._parts.credentials.all()]
        return sorted((*found, *stored), key=lambda line: (line.host, line.protocol, line.state))

    def set(self, _: Request, body: SetCredential) -> Any:
        if not body.by.strip():
            raise InvalidInputError("Nobody is named as setting the credential.", do="Give a name.")
        request = CredentialRequest(
            host=body.host, protocol=body.protocol, base_url=body.base_url or None
        )
        directory = self._parts.office.rules.current.directory
        opened = self._parts.credentials.set(directory, request, body.credential, by=body.by)
        return self._line(opened)

    def remove(self, _: Request, body: RemoveCredential) -> Any:
        removed = self._parts.credentials.remove(body.host, body.protocol, by=body.by)
        return {"host": removed.host, "protocol": removed.protocol, "base_url": removed.base_url}

    def reseal(self, _: Request, __: Reseal) -> Any:
        return [self._line(each) for each in self._parts.credentials.reseal()]

    def _line(self, opened: OpenedCredential) -> CredentialLine:
        kept, secret = opened.credential, opened.secret
        place = (kept.host, kept.protocol)
        wins = place in {(each.host, each.protocol) for each in self._parts.environment}
        state: State = "environment-wins" if wins else "in-use"
        return CredentialLine(
            host=kept.host,
            protocol=kept.protocol,
            base_url=kept.base_url,
            source="stored",
            ending="" if secret is None else secret.ending(),
            state="cannot-be-opened" if secret is None else state,
            set_by=kept.set_by,
            set_at=kept.set_at,
        )
