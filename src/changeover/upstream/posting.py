"""What Google's library asks to be posted for it, and what comes of it."""

from collections.abc import Callable, Mapping

import msgspec


class NoTokenError(Exception):
    """Google gave no token; the words say why, without what it answered."""


class Posted(msgspec.Struct, frozen=True):
    """What a server answered: its status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Post = Callable[[str, bytes, Mapping[str, str]], Posted]
