"""What provisioning keeps, in the database."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.identity.provisioned import (
    GroupTold,
    Profile,
    ProvisionedGroup,
    ProvisionedUser,
    ProvisioningToken,
    UserTold,
)
from changeover.storage.accounts import account_of
from changeover.storage.insertion import insert_new
from changeover.storage.schema import account, provisioned_group, provisioning_token
from changeover.storage.schema import provisioned_member as member
from changeover.storage.schema import provisioned_user as user


class SqlProvisioned:
    """Implements `identity.ports.Provisioned`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_user(self, told: ProvisionedUser) -> None:
        row = {"account": told.account.id, "created": microseconds(told.created)}
        self._connection.execute(insert(user).values(row | _user_values(told)))

    def put_user(self, told: ProvisionedUser) -> None:
        which = user.c.account == told.account.id
        self._connection.execute(update(user).where(which).values(_user_values(told)))

    def user(self, name: str) -> ProvisionedUser | None:
        return next(iter(self._users(user.c.account == name)), None)

    def users(self) -> list[ProvisionedUser]:
        return self._users()

    def users_called(self, *, login: str | None, external: str | None) -> list[ProvisionedUser]:
        which = []
        if login is not None:
            which.append(account.c.login == login)
        if external is not None:
            which.append(user.c.external_id == external)
        return self._users(*which)

    def remove_user(self, name: str) -> None:
        self._connection.execute(delete(member).where(member.c.account == name))
        self._connection.execute(delete(user).where(user.c.account == name))

    def put_group(self, group: ProvisionedGroup) -> None:
        table, values = provisioned_group, _group_values(group)
        changed = update(table).where(table.c.id == group.id).values(values)
        if self._connection.execute(changed).rowcount == 0:
            row = {"id": group.id, "created": microseconds(group.created)}
            self._connection.execute(insert(table).values(row | values))
        before = set(
            self._connection.scalars(select(member.c.account).where(member.c.group == group.id))
        )
        now = set(group.told.members)
        if gone := before - now:
            those = member.c.account.in_(sorted(gone))
            self._connection.execute(delete(member).where(member.c.group == group.id, those))
        if new := sorted(now - before):
            rows = [{"group": group.id, "account": each} for each in new]
            self._connection.execute(insert(member), rows)

    def group(self, name: str) -> ProvisionedGroup | None:
        return next(iter(self._groups(provisioned_group.c.id == name)), None)

    def groups(self) -> list[ProvisionedGroup]:
        return self._groups()

    def groups_called(self, *, name: str | None, external: str | None) -> list[ProvisionedGroup]:
        which = []
        if name is not None:
            which.append(func.lower(provisioned_group.c.name) == name.lower())
        if external is not None:
            which.append(provisioned_group.c.external_id == external)
        return self._groups(*which)

    def groups_of(self, name: str) -> list[tuple[str, str]]:
        found = (
            select(provisioned_group.c.id, provisioned_group.c.name)
            .join(member, member.c.group == provisioned_group.c.id)
            .where(member.c.account == name)
            .order_by(provisioned_group.c.name, provisioned_group.c.id)
        )
        return [(row.id, row.name) for row in self._connection.execute(found)]

    def remove_group(self, name: str) -> None:
        self._connection.execute(delete(member).where(member.c.group == name))
        self._connection.execute(delete(provisioned_group).where(provisioned_group.c.id == name))

    def _users(self, *which: ColumnElement[bool]) -> list[ProvisionedUser]:
        told = (user.c.external_id, user.c.profile, user.c.active, user.c.changed, user.c.version)
        found = (
            select(account, *told, user.c.created.label("told_since"))
            .join(user, user.c.account == account.c.id)
            .where(*which)
            .order_by(user.c.created, account.c.id)
        )
        return [_user(row) for row in self._connection.execute(found)]

    def _groups(self, *which: ColumnElement[bool]) -> list[ProvisionedGroup]:
        table = provisioned_group
        rows = self._connection.execute(
            select(table).where(*which).order_by(table.c.created, table.c.id)
        ).all()
        those = select(member).order_by(member.c.account)
        if which:
            those = those.where(member.c.group.in_([row.id for row in rows]))
        members: dict[str, list[str]] = {}
        for group, name in self._connection.execute(those):
            members.setdefault(group, []).append(name)
        return [_group(row, tuple(members.get(row.id, ()))) for row in rows]


class SqlProvisioningTokens:
    """Implements `identity.ports.ProvisioningTokens`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: ProvisioningToken) -> None:
        row = {
            "prefix": token.prefix,
            "digest": token.digest,
            "label": token.label,
            "created": microseconds(token.created),
            "created_by": token.created_by,
            "revoked": None if token.revoked is None else microseconds(token.revoked),
        }
        if insert_new(self._connection, provisioning_token, row) is None:
            raise ConflictError(f"There is a token {token.prefix} already.")

    def all(self) -> list[ProvisioningToken]:
        order = (provisioning_token.c.created, provisioning_token.c.prefix)
        rows = self._connection.execute(select(provisioning_token).order_by(*order))
        return [_token(row) for row in rows]

    def get(self, prefix: str) -> ProvisioningToken | None:
        which = provisioning_token.c.prefix == prefix
        row = self._connection.execute(select(provisioning_token).where(which)).one_or_none()
        return None if row is None else _token(row)

    def revoke(self, prefix: str, at: datetime) -> ProvisioningToken:
        table = provisioning_token
        self._connection.execute(
            update(table)
            .where(table.c.prefix == prefix, table.c.revoked.is_(None))
            .values(revoked=microseconds(at))
        )
        found = self.get(prefix)
        if found is None:
            raise NotFoundError(
                f"There is no provisioning token {prefix}.",
                do="See `changeover provisioning list`.",
            )
        return found


def _user_values(told: ProvisionedUser) -> dict[str, Any]:
    return {
        "external_id": told.told.external_id,
        "profile": msgspec.json.encode(told.told.profile).decode(),
        "active": told.told.active,
        "changed": microseconds(told.changed),
        "version": told.version,
    }


def _user(row: Row[Any]) -> ProvisionedUser:
    told = UserTold(
        profile=msgspec.json.decode(row.profile, type=Profile),
        external_id=row.external_id,
        active=row.active,
    )
    return ProvisionedUser(
        account=account_of(row),
        told=told,
        created=from_microseconds(row.told_since),
        changed=from_microseconds(row.changed),
        version=row.version,
    )


def _group_values(group: ProvisionedGroup) -> dict[str, Any]:
    return {
        "name": group.told.name,
        "external_id": group.told.external_id,
        "changed": microseconds(group.changed),
        "version": group.version,
    }


def _group(row: Row[Any], members: tuple[str, ...]) -> ProvisionedGroup:
    return ProvisionedGroup(
        id=row.id,
        told=GroupTold(name=row.name, external_id=row.external_id, members=members),
        created=from_microseconds(row.created),
        changed=from_microseconds(row.changed),
        version=row.version,
    )


def _token(row: Row[Any]) -> ProvisioningToken:
    return ProvisioningToken(
        prefix=row.prefix,
        digest=row.digest,
        label=row.label,
        created=from_microseconds(row.created),
        created_by=row.created_by,
        revoked=None if row.revoked is None else from_microseconds(row.revoked),
    )
