"""How many people and conversations a change concerns."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from changeover.storage.schema import account, conversation


class SqlConcerned:
    """Counts, for the preview of an order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people(self, parties: Iterable[str]) -> int:
        """The accounts in these very parties that are not disabled."""
        those = account.c.party.in_(sorted(parties)) & account.c.disabled.is_(None)
        those &= account.c.roles != "[]"
        return self._connection.scalar(select(func.count()).where(those)) or 0

    def conversations(self, services: Iterable[str]) -> int:
        """The conversations with these services that are not archived."""
        those = conversation.c.service.in_(sorted(services)) & conversation.c.archived.is_(None)
        return self._connection.scalar(select(func.count()).where(those)) or 0
