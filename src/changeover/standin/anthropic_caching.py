"""What Anthropic's Messages takes and refuses of marks for its prompt cache.

Written from the vendor's reference ("Prompt caching") and error bodies that callers
reported. A stand-in keeps nothing: what stands up to the last mark counts as written
each time, by the time of that mark.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from changeover.standin.anthropic_documents import KINDS, words_of
from changeover.standin.asked import RefusalError
from changeover.standin.tokens import count

_MOST = 4
_NAME = "cache_control"


class Written(msgspec.Struct, frozen=True):
    """Tokens written to the cache, and for how long they are kept."""

    tokens: int = 0
    ttl: Literal["5m", "1h"] = "5m"


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "invalid_request_error", message)


def check_mark(path: str, mark: Any) -> None:
    """Refuses what is no mark."""
    if mark is None:
        return
    if not isinstance(mark, dict):
        raise _invalid(f"{path}: Input should be an object")
    if mark.get("type") != "ephemeral":
        raise _invalid(f"{path}.type: Input should be 'ephemeral'")
    if mark.get("ttl", "5m") not in {"5m", "1h"}:
        raise _invalid(f"{path}.ephemeral.ttl: Input should be '5m' or '1h'")
    for field in mark:
        if field not in {"type", "ttl"}:
            raise _invalid(f"{path}.ephemeral.{field}: Extra inputs are not permitted")


def check_marks(given: dict[str, Any]) -> None:
    """Refuses marks that are malformed, too many, or of an hour after five minutes."""
    blocks = list(_blocks(given))
    marks = [(path, block[_NAME]) for path, block in blocks if block.get(_NAME)]
    for path, mark in marks:
        check_mark(f"{path}.{_NAME}", mark)
    whole = given.get(_NAME)
    if whole and blocks and (last := blocks[-1][1].get(_NAME)) and _ttl(last) != _ttl(whole):
        raise _invalid(f"{_NAME}: ttl differs from that of the last block's {_NAME}")
    number = len(marks) + bool(whole)
    if number > _MOST:
        raise _invalid(f"A maximum of {_MOST} blocks with {_NAME} may be provided. Found {number}.")
    short = False
    for path, mark in [*marks, *([("", whole)] if whole else [])]:
        if short and _ttl(mark) == "1h":
            at = f"{path}.{_NAME}" if path else _NAME
            raise _invalid(
                f"{at}.ttl: a ttl='1h' {_NAME} block must not come after a ttl='5m' {_NAME} "
                "block. Note that blocks are processed in the following order: `tools`, "
                "`system`, `messages`."
            )
        short = short or _ttl(mark) == "5m"


def _ttl(mark: dict[str, Any]) -> Literal["5m", "1h"]:
    return "1h" if mark.get("ttl") == "1h" else "5m"


def _blocks(given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tool and block, where it stands and itself, in the vendor's order."""
    for at, tool in enumerate(given.get("tools", ())):
        yield f"tools.{at}", tool
    yield from _within("system", given.get("system"))
    for position, message in enumerate(given["messages"]):
        yield from _within(f"messages.{position}.content", message["content"])


def _within(path: str, content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(content, str):
        yield path, {"type": "text", "text": content}
    for at, block in enumerate(content if isinstance(content, list) else ()):
        if block.get("type") == "tool_result":
            yield from _within(f"{path}.{at}.content", block.get("content"))
        yield f"{path}.{at}", block


def written(given: dict[str, Any]) -> Written:
    """What a request that passed writes to the cache."""
    so_far, kept = 0, Written()
    for _, block in _blocks(given):
        words = words_of(block) if block.get("type") in KINDS else block.get("text", "")
        so_far += count(words)
        if mark := block.get(_NAME):
            kept = Written(so_far, _ttl(mark))
    if whole := given.get(_NAME):
        kept = Written(so_far, _ttl(whole))
    return kept
