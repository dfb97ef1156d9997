"""What came in a request: its body, its key, and what the log reads of it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request

from changeover.standin.asked import MAX_BODY, Dialect, RefusalError
from changeover.standin.clouds import ADDRESSED
from changeover.standin.gemini_generate import GeminiGenerate


class Named(msgspec.Struct):
    """What the log reads of a body, whatever else it holds."""

    model: Any = ""
    stream: Any = False


def named(payload: bytes, dialect: Dialect) -> Named:
    if isinstance(dialect, (GeminiGenerate, *ADDRESSED)):
        return Named(model=dialect.model, stream=dialect.stream)
    try:
        return msgspec.json.decode(payload, type=Named)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Named()


def any_key(headers: Mapping[str, str]) -> str:
    """The key that came, in whichever header."""
    bearer = headers.get("authorization", "").partition(" ")[2]
    named = (headers.get(name, "") for name in ("x-goog-api-key", "x-api-key", "api-key"))
    return next(filter(None, named), bearer).strip()


async def payload_of(request: Request, dialect: Dialect) -> bytes:
    """The body; a client that left midway has sent none."""
    payload = bytearray()
    try:
        async for chunk in request.stream():
            payload += chunk
            if len(payload) > MAX_BODY:
                raise dialect.oversized()
    except ClientDisconnect:
        return b""
    return bytes(payload)


async def readable(request: Request, dialect: Dialect) -> bytes:
    """The body of a request that is refused anyway, nothing where it is too large."""
    try:
        return await payload_of(request, dialect)
    except RefusalError:
        return b""
