"""Sessions and failed sign-ins in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from changeover.basics.instants import from_microseconds, microseconds
from changeover.identity.people import Session
from changeover.storage.schema import session as table
from changeover.storage.schema import sign_in_failure


class SqlSessions:
    """Implements `identity.ports.Sessions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: Session) -> None:
        self._connection.execute(
            insert(table).values(
                digest=session.digest,
                account=session.account,
                csrf=session.csrf,
                created=microseconds(session.created),
                seen=microseconds(session.seen),
                expires=microseconds(session.expires),
            )
        )

    def get(self, digest: bytes) -> Session | None:
        row = self._connection.execute(select(table).where(table.c.digest == digest)).one_or_none()
        if row is None:
            return None
        return Session(
            digest=row.digest,
            account=row.account,
            csrf=row.csrf,
            created=from_microseconds(row.created),
            seen=from_microseconds(row.seen),
            expires=from_microseconds(row.expires),
        )

    def touch(self, digest: bytes, seen: datetime) -> None:
        self._connection.execute(
            update(table).where(table.c.digest == digest).values(seen=microseconds(seen))
        )

    def end(self, digest: bytes) -> None:
        self._connection.execute(delete(table).where(table.c.digest == digest))

    def end_of_account(self, account: str) -> None:
        self._connection.execute(delete(table).where(table.c.account == account))

    def prune(self, *, expired: datetime, unseen_since: datetime) -> None:
        ended = or_(
            table.c.expires <= microseconds(expired), table.c.seen <= microseconds(unseen_since)
        )
        self._connection.execute(delete(table).where(ended))


class SqlSignInFailures:
    """Implements `identity.ports.SignInFailures`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, login: str, address: str, at: datetime) -> None:
        row = {"login": login, "address": address, "at": microseconds(at)}
        self._connection.execute(insert(sign_in_failure).values(row))

    def of_login(self, login: str, since: datetime) -> list[datetime]:
        return self._instants(sign_in_failure.c.login == login, since)

    def of_address(self, address: str, since: datetime) -> list[datetime]:
        return self._instants(sign_in_failure.c.address == address, since)

    def _instants(self, which: ColumnElement[bool], since: datetime) -> list[datetime]:
        at = sign_in_failure.c.at
        found = select(at).where(which, at > microseconds(since)).order_by(at)
        return [from_microseconds(count) for count in self._connection.scalars(found)]

    def forgive(self, login: str, address: str) -> None:
        self._connection.execute(
            delete(sign_in_failure).where(
                sign_in_failure.c.login == login, sign_in_failure.c.address == address
            )
        )

    def prune(self, until: datetime) -> None:
        self._connection.execute(
            delete(sign_in_failure).where(sign_in_failure.c.at <= microseconds(until))
        )
