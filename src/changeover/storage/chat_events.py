"""Each conversation's log of events, in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, insert, select

from changeover.basics.instants import microseconds
from changeover.chat.model import ChatEvent, StoredEvent
from changeover.storage.schema import chat_event
from changeover.storage.schema import conversation as conversations

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[ChatEvent] = msgspec.json.Decoder(ChatEvent)


class SqlChatEvents:
    """Implements `chat.ports.ChatEvents`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, conversation: str, at: datetime, events: Sequence[ChatEvent]) -> int:
        last = self.last(conversation)
        rows = [
            {
                "conversation": conversation,
                "seq": seq,
                "at": microseconds(at),
                "kind": event.__struct_config__.tag,
                "body": _encoder.encode(event),
            }
            for seq, event in enumerate(events, last + 1)
        ]
        if rows:
            self._connection.execute(insert(chat_event), rows)
        return last + len(rows)

    def after(self, conversation: str, seq: int, limit: int | None = None) -> list[StoredEvent]:
        rows = self._connection.execute(
            select(chat_event.c.seq, chat_event.c.body)
            .where(chat_event.c.conversation == conversation, chat_event.c.seq > seq)
            .order_by(chat_event.c.seq)
            .limit(limit)
        )
        return [StoredEvent(seq=row.seq, event=_decoder.decode(row.body)) for row in rows]

    def last(self, conversation: str) -> int:
        newest = select(func.max(chat_event.c.seq)).where(chat_event.c.conversation == conversation)
        return self._connection.scalar(newest) or 0

    def newest(self, names: Collection[str]) -> dict[str, int]:
        # One look-up in the index for each, where a GROUP BY would read every event's.
        newest = (
            select(func.max(chat_event.c.seq))
            .where(chat_event.c.conversation == conversations.c.id)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(conversations.c.id, newest).where(conversations.c.id.in_(names))
        )
        return {name: seq or 0 for name, seq in rows}
