"""People's accounts in the database."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, or_, select, update

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
        row = {"id": account.id, "password": password, **_values(account)}
        if insert_new(self._connection, table, row) is None:
            raise ConflictError(
                f"There is an account {account.login} already.",
                do="Choose another login; that of a disabled account stays taken.",
            )

    def put(self, account: Account) -> None:
        same = table.c.login == account.login
        if account.subject is not None:
            same = or_(same, table.c.subject == account.subject)
        others = select(table.c.id).where(table.c.id != account.id, same)
        if self._connection.execute(others).first() is not None:
            raise ConflictError(
                f"There is another account {account.login} already.",
                do="Choose another login; that of a disabled account stays taken.",
            )
        self._connection.execute(
            update(table).where(table.c.id == account.id).values(_values(account))
        )

    def get(self, account: str) -> Account:
        row = self._connection.execute(select(table).where(table.c.id == account)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no account {account}.")
        return account_of(row)

    def named(self, login: str) -> Account | None:
        row = self._connection.execute(select(table).where(table.c.login == login)).one_or_none()
        return None if row is None else account_of(row)

    def of_subject(self, subject: str) -> Account | None:
        row = self._connection.execute(
            select(table).where(table.c.subject == subject)
        ).one_or_none()
        return None if row is None else account_of(row)

    def all(self) -> list[Account]:
        return [
            account_of(row) for row in self._connection.execute(select(table).order_by("login"))
        ]

    def password(self, account: str) -> str | None:
        kept = select(table.c.password).where(table.c.id == account)
        return self._connection.scalars(kept).one_or_none()

    def set_password(self, account: str, password: str | None) -> None:
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


def account_of(row: Row[Any]) -> Account:
    """The account that a row holds, among other columns or alone."""
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        party=row.party,
        roles=msgspec.json.decode(row.roles, type=tuple[Role, ...]),
        language=row.language,
        created=from_microseconds(row.created),
        disabled=None if row.disabled is None else from_microseconds(row.disabled),
        source=row.source,
        subject=row.subject,
        removed=None if row.removed is None else from_microseconds(row.removed),
    )


def _values(account: Account) -> dict[str, Any]:
    """The row of an account, but for its id and its password."""
    disabled, removed = account.disabled, account.removed
    return {
        "login": account.login,
        "name": account.name,
        "party": account.party,
        "roles": msgspec.json.encode(account.roles).decode(),
        "language": account.language,
        "created": microseconds(account.created),
        "disabled": None if disabled is None else microseconds(disabled),
        "source": account.source,
        "subject": account.subject,
        "removed": None if removed is None else microseconds(removed),
    }
