"""Vendors' credentials in the database, sealed."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.directory.model import Protocol
from changeover.identity.credentials import Credential
from changeover.storage.insertion import insert_new
from changeover.storage.schema import credential as credential_table


class SqlCredentials:
    """Implements `identity.ports.Credentials`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, credential: Credential) -> None:
        self._take_away(credential.host, credential.protocol)
        row = {
            "host": credential.host,
            "protocol": credential.protocol,
            "base_url": credential.base_url,
            "sealed": credential.sealed,
            "set_by": credential.set_by,
            "set_at": microseconds(credential.set_at),
        }
        insert_new(self._connection, credential_table, row)

    def all(self) -> list[Credential]:
        rows = select(credential_table).order_by(
            credential_table.c.host, credential_table.c.protocol
        )
        return [_credential(row) for row in self._connection.execute(rows)]

    def remove(self, host: str, protocol: Protocol) -> Credential:
        removed = self._take_away(host, protocol)
        if removed is None:
            raise NotFoundError(
                f"No credential is stored for {host} and {protocol}.",
                do="See `changeover credentials list`.",
            )
        return removed

    def _take_away(self, host: str, protocol: Protocol) -> Credential | None:
        removing = delete(credential_table).where(
            credential_table.c.host == host, credential_table.c.protocol == protocol
        )
        removed = self._connection.execute(removing.returning(credential_table)).one_or_none()
        return None if removed is None else _credential(removed)


def _credential(row: Row[Any]) -> Credential:
    return Credential(
        host=row.host,
        protocol=row.protocol,
        base_url=row.base_url,
        sealed=row.sealed,
        set_by=row.set_by,
        set_at=from_microseconds(row.set_at),
    )
