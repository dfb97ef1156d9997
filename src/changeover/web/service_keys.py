"""The services' keys, for administrators: listed, created, rotated, revoked.

A new key is in the answer that makes it and nowhere else.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.durations import read_duration
from changeover.basics.text import Bilingual
from changeover.identity.key_states import replacement_of
from changeover.identity.model import KEY_SCOPES, KeyRequest, KeyScope
from changeover.identity.office import KeyOffice
from changeover.identity.people import Role
from changeover.identity.usecases import Rotation
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.desk_keys import KeyLine, key_line, key_lines, read_expiry
from changeover.web.enforced import Enforced, EnforcementTold, tell_enforcement

ADMINISTRATORS: tuple[Role, ...] = ("administrator",)

Label = Annotated[str, msgspec.Meta(max_length=200)]
When = Annotated[str, msgspec.Meta(max_length=40)]


class KeyedService(msgspec.Struct, frozen=True, kw_only=True):
    """A service that can have keys."""

    id: str
    name: Bilingual
    slots: tuple[str, ...]


class KeysPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every key, the newest first, and the services that can have more."""

    demonstration: bool
    now: datetime
    zone: str
    keys: tuple[KeyLine, ...]
    services: tuple[KeyedService, ...]


class NewKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key for a service's slot. `expires` is an instant, or a duration from now."""

    service: str
    slot: str
    label: Label = ""
    scopes: tuple[KeyScope, ...] = KEY_SCOPES
    expires: When | None = None


class KeyRotation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the old key and the new one both work: a duration."""

    overlap: When


class KeyIssued(msgspec.Struct, frozen=True, kw_only=True):
    """A new key, whole, this once; `old` is the one that it replaces."""

    key: str
    line: KeyLine
    old: KeyLine | None


class KeyRevoked(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was revoked, and how that came into force."""

    line: KeyLine
    enforcement: EnforcementTold | None


class KeyParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    keys: KeyOffice
    office: Office
    clock: Clock
    enforced: Enforced
    demonstration: bool


def operations(parts: KeyParts) -> list[Operation | Stream]:
    """`/keys`."""
    desk = _KeyDesk(parts)
    one = "/keys/{prefix}"
    return [
        Operation("GET", "/keys", None, KeysPage, ADMINISTRATORS, desk.all, "The services' keys."),
        Operation(
            "POST",
            "/keys",
            NewKey,
            KeyIssued,
            ADMINISTRATORS,
            desk.create,
            "Create a key. Its answer is the only place that it stands in.",
        ),
        Operation(
            "POST",
            one + "/rotation",
            KeyRotation,
            KeyIssued,
            ADMINISTRATORS,
            desk.rotate,
            "Create a key in another's place; both work until the overlap ends.",
        ),
        Operation(
            "POST",
            one + "/revocation",
            Done,
            KeyRevoked,
            ADMINISTRATORS,
            desk.revoke,
            "Revoke a key.",
        ),
    ]


class _KeyDesk:
    def __init__(self, parts: KeyParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> KeysPage:
        parts, directory = self._parts, self._parts.office.directory()
        now = parts.clock.now()
        services = () if directory is None else tuple(directory.services.values())
        return KeysPage(
            demonstration=parts.demonstration,
            now=now,
            zone="UTC" if directory is None else directory.zone,
            keys=tuple(reversed(key_lines(parts.keys.all(), now))),
            services=tuple(
                KeyedService(id=one.id, name=one.name, slots=tuple(s.name for s in one.slots))
                for one in services
                if one.slots and one.created <= now
            ),
        )

    def create(self, caller: Caller, body: NewKey, _: Params) -> KeyIssued:
        parts = self._parts
        directory = parts.office.rules.current.directory
        request = KeyRequest(
            service=body.service,
            slot=body.slot,
            label=body.label.strip(),
            scopes=tuple(scope for scope in KEY_SCOPES if scope in body.scopes),
            expires=read_expiry(body.expires, parts.clock.now(), directory.zone),
        )
        issued = parts.keys.create(directory, request, by=caller.account.name)
        line = key_line(issued.key, None, parts.clock.now())
        return KeyIssued(key=issued.secret.reveal(), line=line, old=None)

    def rotate(self, caller: Caller, body: KeyRotation, params: Params) -> KeyIssued:
        rotation = Rotation(named=params["prefix"], overlap=read_duration(body.overlap))
        rotated = self._parts.keys.rotate(rotation, by=caller.account.name)
        new, now = rotated.issued.key, self._parts.clock.now()
        return KeyIssued(
            key=rotated.issued.secret.reveal(),
            line=key_line(new, None, now),
            old=key_line(rotated.old, new, now),
        )

    def revoke(self, caller: Caller, _: Done, params: Params) -> KeyRevoked:
        key = self._parts.keys.revoke(params["prefix"], by=caller.account.name)
        replacement = replacement_of(key, self._parts.keys.all(key.service))
        return KeyRevoked(
            line=key_line(key, replacement, self._parts.clock.now()),
            enforcement=tell_enforcement(self._parts.enforced(key.prefix)),
        )
