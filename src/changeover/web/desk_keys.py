"""The desk's operations on the services' keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.basics.calendars import read_instant
from changeover.basics.clock import Clock
from changeover.basics.durations import is_duration, read_duration
from changeover.identity.key_states import KeyState, replacement_of, state_of
from changeover.identity.model import KEY_SCOPES, Key, KeyRequest, KeyScope
from changeover.identity.office import KeyOffice
from changeover.identity.usecases import IssuedKey, Rotation
from changeover.orders.query import slot_of
from changeover.orders.usecases import Office
from changeover.web.acted import enforcement_line
from changeover.web.desk_routes import get_route, post_route


class CreateKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key for a service's slot (its first, when none is named).

    `expires` is an instant, or a duration from now.
    """

    service: str
    by: str
    slot: str | None = None
    label: str = ""
    scopes: tuple[KeyScope, ...] = KEY_SCOPES
    expires: str | None = None


class RotateKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to take another's place, how long both work, and when the new one ends."""

    by: str
    overlap: str = "7d"
    expires: str | None = None


class RevokeKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who revokes."""

    by: str


class KeyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A key as listed: all but its digest, how it stands, and what took its place."""

    prefix: str
    service: str
    slot: str
    label: str
    scopes: tuple[KeyScope, ...]
    created: datetime
    created_by: str
    expires: datetime | None
    revoked: datetime | None
    state: KeyState
    replaces: str | None
    replaced_by: str | None


def key_routes(keys: KeyOffice, office: Office, clock: Clock) -> list[Route]:
    """`/keys`, `/keys/{prefix}/rotation` and `/keys/{prefix}/revocation`."""
    desk = _KeyDesk(keys, office, clock)
    return [
        get_route("/keys", desk.all),
        post_route("/keys", CreateKey, desk.create),
        post_route("/keys/{prefix}/rotation", RotateKey, desk.rotate),
        post_route("/keys/{prefix}/revocation", RevokeKey, desk.revoke),
    ]


def key_lines(keys: Sequence[Key], at: datetime) -> list[KeyLine]:
    """Keys as listed, as they stand at an instant."""
    return [key_line(key, replacement_of(key, keys), at) for key in keys]


class _KeyDesk:
    def __init__(self, keys: KeyOffice, office: Office, clock: Clock) -> None:
        self._keys = keys
        self._office = office
        self._clock = clock

    def all(self, request: Request) -> Any:
        return key_lines(self._keys.all(request.query_params.get("service")), self._clock.now())

    def create(self, _: Request, body: CreateKey) -> Any:
        ruleset = self._office.rules.current
        request = KeyRequest(
            service=body.service,
            slot=slot_of(ruleset, body.service, body.slot),
            label=body.label,
            scopes=tuple(scope for scope in KEY_SCOPES if scope in body.scopes),
            expires=self._expiry(body.expires),
        )
        return self._shown(self._keys.create(ruleset.directory, request, by=body.by))

    def rotate(self, request: Request, body: RotateKey) -> Any:
        rotation = Rotation(
            named=request.path_params["prefix"],
            overlap=read_duration(body.overlap),
            expires=self._expiry(body.expires),
        )
        rotated = self._keys.rotate(rotation, by=body.by)
        old = key_line(rotated.old, rotated.issued.key, self._clock.now())
        return {**self._shown(rotated.issued), "old": old}

    def revoke(self, request: Request, body: RevokeKey) -> Any:
        key = self._keys.revoke(request.path_params["prefix"], by=body.by)
        replacement = replacement_of(key, self._keys.all(key.service))
        line = key_line(key, replacement, self._clock.now())
        return {**msgspec.structs.asdict(line), "enforcement": self._enforcement(key)}

    def _shown(self, issued: IssuedKey) -> dict[str, Any]:
        """A new key with its secret, this once."""
        line = msgspec.structs.asdict(key_line(issued.key, None, self._clock.now()))
        enforcement = self._enforcement(issued.key)
        return {"key": issued.secret.reveal(), **line, "enforcement": enforcement}

    def _enforcement(self, key: Key) -> dict[str, Any] | None:
        found = self._office.enforcement(key.prefix)
        return None if found is None else enforcement_line(found)

    def _expiry(self, text: str | None) -> datetime | None:
        return read_expiry(text, self._clock.now(), self._office.rules.current.directory.zone)


def read_expiry(text: str | None, now: datetime, zone: str) -> datetime | None:
    """An expiry as people write it: an instant, or a duration from now."""
    if text is None:
        return None
    return now + read_duration(text) if is_duration(text) else read_instant(text, ZoneInfo(zone))


def key_line(key: Key, replacement: Key | None, at: datetime) -> KeyLine:
    """A key as listed, `replacement` being the one that took its place."""
    return KeyLine(
        prefix=key.prefix,
        service=key.service,
        slot=key.slot,
        label=key.label,
        scopes=key.scopes,
        created=key.created,
        created_by=key.created_by,
        expires=key.expires,
        revoked=key.revoked,
        state=state_of(key, replacement, at),
        replaces=key.replaces,
        replaced_by=None if replacement is None else replacement.prefix,
    )
