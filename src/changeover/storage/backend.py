"""What a database must offer, whichever it is; `sqlite` and `postgresql` each have one."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Engine


class Backend(Protocol):
    """An open database server or file. `name` is how errors call it, without any password.

    `shared` says whether other processes may have it open at the same time. The
    `writer` begins transactions that write, the `reader` ones that read one state.
    """

    name: str
    shared: bool
    writer: Engine
    reader: Engine

    def explained(self) -> AbstractContextManager[None]:
        """Turns the driver's errors into `StorageError`."""
        ...

    def take_turn(self, connection: Connection) -> None:
        """Returns when no other transaction that took its turn is open any more."""
        ...

    def migrating(self, connection: Connection) -> None:
        """Returns when no other process migrates the database; held to the transaction's end."""
        ...

    def exclusively(self) -> AbstractContextManager[None]:
        """Holds off every other process that does this, over several transactions."""
        ...

    def close(self) -> None:
        """Closes every connection, and frees the database where it was this process's alone."""
        ...
