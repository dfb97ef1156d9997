"""What a person has here beside what must be kept, in the database."""

from datetime import datetime

from sqlalchemy import Connection, delete, update

from changeover.basics.instants import microseconds
from changeover.identity.people import REMOVED_NAME
from changeover.storage.schema import chat_instructions, prompt, share, translation


class SqlBelongings:
    """Implements `identity.ports.Belongings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def end(self, account: str, at: datetime) -> None:
        own = share.c.account == account
        ended = update(share).where(own, share.c.ended.is_(None)).values(ended=microseconds(at))
        self._connection.execute(ended)
        self._connection.execute(update(share).where(own).values(by=REMOVED_NAME))
        self._connection.execute(
            delete(chat_instructions).where(chat_instructions.c.account == account)
        )
        # Nobody asks a model in its name any more.
        running = (translation.c.account == account) & (translation.c.state == "running")
        stopped = update(translation).where(running).values(state="stopped", start=None)
        self._connection.execute(stopped)
        # What is shared in the party is the party's.
        mine = prompt.c.account == account
        self._connection.execute(delete(prompt).where(mine, prompt.c.party.is_(None)))
