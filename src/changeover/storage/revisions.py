"""How often anything changed that every replica must know before its next call.

Whoever changes the record, the keys, the credentials, an account or the scenario's
clock touches the revision in the same unit of work, as the last thing it does
there: the row stays locked until the work commits, and replicas that renew their
leases wait for it (`replicas`).
"""

from sqlalchemy import Connection, select, update

from changeover.storage.schema import revision
from changeover.storage.signals import notify


class SqlRevisions:
    """The one row that counts changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def number(self) -> int:
        """How many changes were committed so far, as this unit of work sees it."""
        return int(self._connection.execute(select(revision.c.number)).scalar_one())

    def touch(self) -> int:
        """Counts a change, and has every replica told of it at the commit."""
        counted = update(revision).values(number=revision.c.number + 1)
        number = int(self._connection.execute(counted.returning(revision.c.number)).scalar_one())
        notify(self._connection, "revision", str(number))
        return number
