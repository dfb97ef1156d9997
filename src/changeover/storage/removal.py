"""Removing a conversation from the database, with all that is its.

Whoever removes one has made sure that it may go, and that nobody is writing in it: `chat.removing`
and `chat.temporary`, and `chat.imports` where an import is undone.
"""

from sqlalchemy import Connection, delete, select

from changeover.storage.files import SqlFiles
from changeover.storage.schema import chat_event, conversation, metadata, turn
from changeover.storage.search import SearchIndex


def remove_conversation(connection: Connection, name: str) -> None:
    """Removes the conversation, its turns, files and events, and what it is searched by."""
    connection.execute(delete(chat_event).where(chat_event.c.conversation == name))
    SearchIndex(connection).forget(name)
    attached = SqlFiles(connection)
    for one in attached.of(name):
        attached.remove(one.id)  # with its bytes, which no foreign key reaches
    turns = select(turn.c.id).where(turn.c.conversation == name)
    # Whatever hangs on the conversation or on its turns goes first, the last made first.
    for table in reversed(metadata.sorted_tables):
        for column in table.columns:
            if column.references(turn.c.id):
                connection.execute(delete(table).where(column.in_(turns)))
            elif column.references(conversation.c.id):
                connection.execute(delete(table).where(column == name))
    connection.execute(delete(conversation).where(conversation.c.id == name))
