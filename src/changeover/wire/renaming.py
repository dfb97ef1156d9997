"""The name of a model replaced in the midst of an object's bytes.

Nothing else of the bytes changes, and nothing of them is read. So the name must stand there
once: were it a tool's as well, or written twice, it could not be told which one is meant.
"""

import re
from functools import lru_cache

from changeover.wire.passing import is_escaped, named

_BACKSLASH = ord("\\")
_FIELD = re.compile(rb'"\w+"\s*:\s*("(?:[^"\\]|\\.)*")')


@lru_cache(maxsize=512)
def _said(model: str, field: bytes) -> bytes:
    """The field, as it is mostly written."""
    return field + b":" + bytes(named(model))


def renamed(body: bytes, asked: str, model: str, field: bytes = b'"model"') -> bytes | None:
    """An object's bytes with another model's name where `asked` stands.

    None where the name does not stand there once, in letters as they are.
    """
    at = body.rfind(field)
    # In escaped letters the name might stand elsewhere.
    if body.rfind(field, 0, at) >= 0 or (_BACKSLASH in body and is_escaped(body)):
        return None
    sent = body.replace(_said(asked, field), _said(model, field), 1)
    if sent is not body:
        return sent
    found = None if at < 0 else _FIELD.match(body, at)
    if found is None:
        return None
    begin, end = found.span(1)
    return b"".join((body[:begin], bytes(named(model)), body[end:]))
