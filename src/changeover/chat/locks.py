"""Who acts in a conversation goes one after the other, within one process."""

import asyncio
from weakref import WeakValueDictionary


class Locks:
    """One lock for each conversation in which somebody acts."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, conversation: str) -> asyncio.Lock:
        """The conversation's lock; keep it as long as it is needed."""
        lock = self._locks.get(conversation)
        if lock is None:
            lock = self._locks[conversation] = asyncio.Lock()
        return lock
