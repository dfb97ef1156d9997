"""The calls that a stand-in received: what a vendor could say was sent to it.

Evidence compares this with the ledger, so every request to a host is kept,
also one that was refused. Keys are never kept: the digest's prefix tells two
keys apart and gives none away.
"""

import hashlib
from collections import deque
from pathlib import Path

import msgspec

_DIGEST_CHARACTERS = 12


class ReceivedCall(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it arrived.

    `time` counts microseconds since 1970. `path` is without the host's prefix;
    `model` and `stream` are as the body had them (empty and false where it had
    none that could be read); `key` is the first 12 hexadecimal characters of
    the key's SHA-256, empty where no key came.
    """

    time: int
    host: str
    method: str
    path: str
    model: str
    stream: bool
    key: str


class CallLog:
    """The latest calls in memory, and all of them in a file where one is given."""

    def __init__(self, remembered: int, file: Path | None = None) -> None:
        self._calls: deque[ReceivedCall] = deque(maxlen=remembered)
        self._file = file
        self._encode = msgspec.json.Encoder().encode

    @property
    def calls(self) -> tuple[ReceivedCall, ...]:
        """The calls remembered, oldest first."""
        return tuple(self._calls)

    def add(self, call: ReceivedCall) -> None:
        """Keeps the call, and has it in the file before the answer begins."""
        self._calls.append(call)
        if self._file is not None:
            with self._file.open("ab") as file:
                file.write(self._encode(call) + b"\n")


def key_digest(key: str) -> str:
    """What may be kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:_DIGEST_CHARACTERS] if key else ""
