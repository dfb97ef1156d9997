"""How processes are doing, as each tells the others."""

from sqlalchemy import Connection, delete, insert, select

from changeover.storage.schema import process_health


class SqlProcessHealth:
    """What processes told, in one unit of work. Instants are microseconds since 1970."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, start: str, at: int, told: bytes) -> None:
        """Puts what a process tells in the place of what it told before."""
        self.forget(start)
        self._connection.execute(insert(process_health).values(start=start, at=at, told=told))

    def since(self, at: int) -> list[bytes]:
        """What was told since an instant."""
        rows = select(process_health.c.told).where(process_health.c.at >= at)
        return [bytes(told) for told in self._connection.scalars(rows)]

    def forget(self, start: str) -> None:
        """Removes what a process told."""
        self._connection.execute(delete(process_health).where(process_health.c.start == start))

    def forget_before(self, at: int) -> None:
        """Removes what was told before an instant, by processes that are gone."""
        self._connection.execute(delete(process_health).where(process_health.c.at < at))
