"""People's accounts in the database."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.identity.people import Account, Role
from changeover.storage.insertion import insert_new
from changeover.storage.schema import account as table


class SqlAccounts:
    """Implements `identity.ports.Accounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account: Account, password: str | None) -> None:
        disabled = account.disabled
        row = {
            "id": account.id,
            "login": account.login,
            "name": account.name,
            "party": account.party,
            "roles": msgspec.json.encode(account.roles).decode(),
            "language": account.language,
            "password": password,
            "created": microseconds(account.created),
            "disabled": None if disabled is None else microseconds(disabled),
        }
        if insert_new(self._connection, table, row) is None:
            raise ConflictError(
                f"There is an account {account.login} already.",
                do="Choose another login; that of a disabled account stays taken.",
            )

    def get(self, account: str) -> Account:
        row = self._connection.execute(select(table).where(table.c.id == account)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no account {account}.")
        return _account(row)

    def named(self, login: str) -> Account | None:
        row = self._connection.execute(select(table).where(table.c.login == login)).one_or_none()
        return None if row is None else _account(row)

    def all(self) -> list[Account]:
        return [_account(row) for row in self._connection.execute(select(table).order_by("login"))]

    def password(self, account: str) -> str | None:
        kept = select(table.c.password).where(table.c.id == account)
        return self._connection.scalars(kept).one_or_none()

    def set_password(self, account: str, password: str) -> None:
        self._connection.execute(
            update(table).where(table.c.id == account).values(password=password)
        )

    def disable(self, account: str, at: datetime) -> Account:
        self._connection.execute(
            update(table)
            .where(table.c.id == account, table.c.disabled.is_(None))
            .values(disabled=microseconds(at))
        )
        return self.get(account)


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        party=row.party,
        roles=msgspec.json.decode(row.roles, type=tuple[Role, ...]),
        language=row.language,
        created=from_microseconds(row.created),
        disabled=None if row.disabled is None else from_microseconds(row.disabled),
    )
