"""All of a person's conversations, or translations, as one ZIP, made while it is sent.

Each is read, written and gone before the next is: the archive's size asks for
no memory, but for its list of names.
"""

import zipfile
from datetime import datetime

from changeover.chat.exports.format import filed, written
from changeover.chat.exports.names import file_name
from changeover.chat.shelf import Loaded

_LEAST = 64 * 1024
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""What a ZIP can name first."""


class _Passing:
    """A file that cannot be gone back in; what was written is taken out as it comes."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.waiting += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        pieces, self._pieces, self.waiting = self._pieces, [], 0
        return b"".join(pieces)


class Archive:
    """A ZIP of files under their titles, no two alike on any system."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._names: set[str] = set()
        self._out = _Passing()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]  # its stubs ask for more than it does

    def add(self, loaded: Loaded) -> bytes:
        """Adds a conversation; what there is to send, if it is enough to be worth it."""
        conversation = loaded.conversation
        content = written(filed(loaded, self._now))
        return self.put(conversation.title, "json", content, conversation.changed)

    def put(self, title: str, ending: str, content: bytes, changed: datetime) -> bytes:
        """Adds a file; what there is to send, if it is enough to be worth it."""
        info = zipfile.ZipInfo(self._name(title, ending), _date(changed))
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)
        return self._out.taken() if self._out.waiting >= _LEAST else b""

    def end(self) -> bytes:
        """What is left to send."""
        self._zip.close()
        return self._out.taken()

    def _name(self, title: str, ending: str) -> str:
        name, count = file_name(title, ending), 1
        while name.casefold() in self._names:
            count += 1
            name = file_name(title, f"{count}.{ending}")
        self._names.add(name.casefold())
        return name


def _date(changed: datetime) -> tuple[int, int, int, int, int, int]:
    if changed.year < _EARLIEST[0]:
        return _EARLIEST
    return (
        changed.year,
        changed.month,
        changed.day,
        changed.hour,
        changed.minute,
        changed.second,
    )
