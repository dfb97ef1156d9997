"""What goes wrong with a database, in words that a person can act on."""

from changeover.basics.errors import ChangeoverError


class StorageError(ChangeoverError):
    """The database cannot be opened, read or written."""

    code = "storage"


class DatabaseBusyError(StorageError):
    """Another process holds the database; `pid` is its number where that is known."""

    code = "database_busy"

    def __init__(self, what: str, *, pid: int | None, means: str = "", do: str = "") -> None:
        super().__init__(what, means=means, do=do)
        self.pid = pid


class DatabaseAwayError(StorageError):
    """The database's server cannot be reached, or broke off."""

    code = "database_away"
