"""The frames of one streamed answer to a client: numbered from 0 without a gap."""

from typing import Any

import msgspec

from changeover.wire.codec import ReplyContext
from changeover.wire.openai_responses.answer import Item, item_id
from changeover.wire.sse import encode_event

_encode = msgspec.json.Encoder().encode


class _Delta(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.delta"
):
    """The event that nearly all events are, which is why it has a shape of its own."""

    sequence_number: int
    item_id: str
    output_index: int
    content_index: int
    delta: str
    logprobs: tuple[()] = ()


class Frames:
    """Writes events; `output` are the items so far, the last of which may be open."""

    def __init__(self, context: ReplyContext) -> None:
        self.output: list[Item] = []
        self._context = context
        self._number = 0

    @property
    def last(self) -> Item:
        return self.output[-1]

    @property
    def next_id(self) -> str:
        """What follows the kind in the next item's id."""
        return item_id(self._context, len(self.output))

    def opened(self, item: Item, **fields: Any) -> bytes:
        """Adds an item; `fields` are what of it is not there yet."""
        self.output.append(item)
        shown = {**item, **fields, "status": "in_progress"}
        return self.item("response.output_item.added", shown)

    def done(self, status: str) -> bytes:
        """The last item is whole."""
        return self.item("response.output_item.done", {**self.last, "status": status})

    def item(self, type_: str, item: Item) -> bytes:
        return self.frame(type_, output_index=len(self.output) - 1, item=item)

    def within(self, type_: str, **fields: Any) -> bytes:
        """An event about the last item."""
        place = {"item_id": self.last["id"], "output_index": len(self.output) - 1}
        return self.frame(type_, **place, **fields)

    def words(self, text: str) -> bytes:
        """More words of the last message's open part."""
        item = self.output[-1]
        delta = _Delta(
            sequence_number=self._number,
            item_id=item["id"],
            output_index=len(self.output) - 1,
            content_index=len(item["content"]),
            delta=text,
        )
        self._number += 1
        return b"event: response.output_text.delta\ndata: " + _encode(delta) + b"\n\n"

    def frame(self, type_: str, **fields: Any) -> bytes:
        event = {"type": type_, "sequence_number": self._number, **fields}
        self._number += 1
        return encode_event(_encode(event), type_)
