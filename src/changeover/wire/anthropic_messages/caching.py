"""Marks for the vendor's prompt cache: `cache_control`, on blocks, tools and the request.

Source: Anthropic's reference, "Prompt caching", and the vendor's errors.

* A mark keeps the input up to and with its block: tools first, then `system`, then
  messages. On the request itself it stands for one on the last block that can have one.
* A request has four at most, that on the request among them. The last ones are kept, since
  each keeps all that stands before it.
* A mark of an hour does not follow one of five minutes; it becomes one of five minutes.
* The mark of the request and one on the last block keep the same time; else that of the
  block stays.

Whatever is not carried is reported: without its mark an input is billed as new.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from changeover.conversation.model import CacheMark, Loss
from changeover.wire.shapes import shape_from_client

MOST = 4
_NAME = "cache_control"
COUNT_LOSS = Loss(field=_NAME, why="Messages takes four marks at most; the last four are sent.")
ORDER_LOSS = Loss(
    field=_NAME, why="A mark of an hour follows one of five minutes; it is sent as such a one."
)
TWICE_LOSS = Loss(
    field=_NAME,
    why="The last block and the request are marked with different times; the block's is sent.",
)
GONE_LOSS = Loss(field=_NAME, why="What was marked is left out, and the mark with it.")


class _Mark(msgspec.Struct):
    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] | None = None


def read_mark(given: dict[str, Any], place: str) -> CacheMark | None:
    """The mark of a block, a tool or a request; `ProtocolError` for what is none."""
    mark = given.get(_NAME)
    if mark is None:
        return None
    at = f"{place}.{_NAME}" if place else _NAME
    return CacheMark(ttl=shape_from_client(mark, _Mark, at).ttl)


def marked(block: dict[str, Any], mark: CacheMark | None) -> dict[str, Any]:
    """The block with its mark."""
    if mark is not None:
        block[_NAME] = {"type": "ephemeral"} | ({"ttl": mark.ttl} if mark.ttl else {})
    return block


def settle(body: dict[str, Any], losses: list[Loss]) -> None:
    """Brings the marks of a written request to what the vendor takes."""
    blocks = _blocks(body)
    if not blocks:
        return
    holders = [block for block in blocks if _NAME in block]
    if _NAME in body:
        if holders and holders[-1] is blocks[-1] and _hour(holders[-1]) != _hour(body):
            del body[_NAME]
            losses.append(TWICE_LOSS)
        else:
            holders.append(body)
    for holder in holders[:-MOST]:
        del holder[_NAME]
    if len(holders) > MOST:
        losses.append(COUNT_LOSS)
    short = False
    for holder in holders[-MOST:]:
        if short and _hour(holder):
            holder[_NAME] = {"type": "ephemeral"}
            losses.append(ORDER_LOSS)
        short = short or not _hour(holder)


def _hour(holder: dict[str, Any]) -> bool:
    return bool(holder[_NAME].get("ttl") == "1h")


def _blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = [*body.get("tools", ())]
    if isinstance(system := body.get("system"), list):
        blocks += _within(system)
    for message in body["messages"]:
        if isinstance(content := message["content"], list):
            blocks += _within(content)
    return blocks


def _within(content: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The blocks of content, those within a tool's result before it."""
    for block in content:
        inner = block.get("content")
        if isinstance(inner, list):
            yield from _within(inner)
        yield block
