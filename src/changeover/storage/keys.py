"""The services' keys in the database."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.identity.model import Key, KeyScope
from changeover.storage.insertion import insert_new
from changeover.storage.schema import service_key


class SqlKeys:
    """Implements `identity.ports.Keys`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: Key) -> None:
        row = {
            "prefix": key.prefix,
            "digest": key.digest,
            "service": key.service,
            "slot": key.slot,
            "label": key.label,
            "created": microseconds(key.created),
            "created_by": key.created_by,
            "expires": _count(key.expires),
            "revoked": _count(key.revoked),
            "scopes": msgspec.json.encode(key.scopes).decode(),
            "replaces": key.replaces,
        }
        if insert_new(self._connection, service_key, row) is None:
            raise ConflictError(
                f"There is a key {key.prefix} already.", do="Create the key once more."
            )

    def all(self) -> list[Key]:
        rows = select(service_key).order_by(service_key.c.created, service_key.c.prefix)
        return [_key(row) for row in self._connection.execute(rows)]

    def expire(self, prefix: str, at: datetime) -> Key:
        end = microseconds(at)
        later = service_key.c.expires.is_(None) | (service_key.c.expires > end)
        self._connection.execute(
            update(service_key).where(service_key.c.prefix == prefix, later).values(expires=end)
        )
        return self._named(prefix)

    def revoke(self, prefix: str, at: datetime) -> Key:
        self._connection.execute(
            update(service_key)
            .where(service_key.c.prefix == prefix, service_key.c.revoked.is_(None))
            .values(revoked=microseconds(at))
        )
        return self._named(prefix)

    def _named(self, prefix: str) -> Key:
        named = select(service_key).where(service_key.c.prefix == prefix)
        row = self._connection.execute(named).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no key {prefix}.", do="See `changeover keys list`.")
        return _key(row)


def _key(row: Row[Any]) -> Key:
    return Key(
        prefix=row.prefix,
        digest=row.digest,
        service=row.service,
        slot=row.slot,
        label=row.label,
        created=from_microseconds(row.created),
        created_by=row.created_by,
        expires=_instant(row.expires),
        scopes=msgspec.json.decode(row.scopes, type=tuple[KeyScope, ...]),
        revoked=_instant(row.revoked),
        replaces=row.replaces,
    )


def _count(instant: datetime | None) -> int | None:
    return None if instant is None else microseconds(instant)


def _instant(count: int | None) -> datetime | None:
    return None if count is None else from_microseconds(count)
