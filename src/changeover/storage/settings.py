"""Settings in the database: a text under a name."""

from sqlalchemy import Connection, insert, select, update

from changeover.storage.schema import setting


class SqlSettings:
    """Names with texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """The setting's text; None where it was never set."""
        named = select(setting.c.value).where(setting.c.name == name)
        return self._connection.scalars(named).one_or_none()

    def set(self, name: str, value: str) -> None:
        """Sets it, whether or not it was set before."""
        changed = self._connection.execute(
            update(setting).where(setting.c.name == name).values(value=value)
        )
        if not changed.rowcount:
            self._connection.execute(insert(setting).values(name=name, value=value))
