"""Reasoning in a streamed answer to a client.

A client that asked the model to reason sees the words as they come: as parts of a summary,
or as the content of the item where a vendor shows the reasoning itself. Two empty lines end
a part of a summary; newlines at the end of a piece wait until it is known what they are. A
client that did not ask gets an item only if it is sealed, and so only once that is known.
"""

from collections.abc import Callable
from typing import Any, assert_never

from changeover.conversation.events import (
    ReasoningDelta,
    ReasoningEnded,
    ReasoningEvent,
    ReasoningSealed,
    ReasoningStarted,
)
from changeover.conversation.model import Reasoning, Sealed
from changeover.wire.openai_responses.frames import Frames
from changeover.wire.openai_responses.reasoning import BETWEEN, for_client, is_given


class ReasoningStream:
    """The frames of reasoning; one item is open at a time, and `before` closes any other."""

    def __init__(self, frames: Frames, before: Callable[[], bytes], *, asked: bool) -> None:
        self._frames = frames
        self._before = before
        self._asked = asked
        self._summary = False
        self._sealed: Sealed | None = None
        self._pieces: list[str] = []
        self._added = False
        self._part: list[str] | None = None
        self._index = 0
        self._held = ""

    def encode(self, event: ReasoningEvent) -> bytes:
        match event:
            case ReasoningStarted():
                self._summary, self._sealed, self._pieces = event.summary, None, []
                self._added, self._part, self._index, self._held = False, None, 0, ""
                return b""
            case ReasoningDelta():
                self._pieces.append(event.text)
                return self._words(event.text) if self._asked and event.text else b""
            case ReasoningSealed():
                self._sealed = event.sealed
                return b""
            case ReasoningEnded():
                return self._end()
            case _:
                assert_never(event)

    def _end(self) -> bytes:
        whole = Reasoning(text="".join(self._pieces), summary=self._summary, sealed=self._sealed)
        if not is_given(whole, asked=self._asked):
            return b""
        words = b"" if self._asked or not whole.text else self._words(whole.text)
        added = b"" if self._added else self._open()
        rest = self._piece(self._held) if self._held else b""
        closed = self._close_part() if self._part is not None else b""
        item = for_client("", whole) | {"id": self._frames.last["id"]}
        self._frames.output[-1] = item
        return words + added + rest + closed + self._frames.done("completed")

    def _open(self) -> bytes:
        self._added = True
        item = for_client(self._frames.next_id, Reasoning(summary=self._summary))
        return self._before() + self._frames.opened(item)

    def _words(self, text: str) -> bytes:
        """The frames of more words: of several parts, where a summary's parts end in them."""
        frames = b"" if self._added else self._open()
        if not self._summary:
            return frames + self._piece(text)
        *ended, last = (self._held + text).split(BETWEEN)
        for words in ended:
            frames += self._piece(words) + self._close_part()
        kept = last.rstrip("\n")
        self._held = last[len(kept) :]
        return frames + (self._piece(kept) if kept else b"")

    def _piece(self, text: str) -> bytes:
        opened = self._open_part() if self._part is None else b""
        part = self._part = self._part or []
        part.append(text)
        if not text:
            return opened
        kind = "reasoning_summary_text" if self._summary else "reasoning_text"
        return opened + self._frames.within(f"response.{kind}.delta", delta=text, **self._place())

    def _open_part(self) -> bytes:
        self._part = []
        kind = "reasoning_summary_part" if self._summary else "content_part"
        part = self._written("")
        return self._frames.within(f"response.{kind}.added", part=part, **self._place())

    def _close_part(self) -> bytes:
        text = "".join(self._part or ())
        words = "reasoning_summary_text" if self._summary else "reasoning_text"
        done = self._frames.within(f"response.{words}.done", text=text, **self._place())
        kind = "reasoning_summary_part" if self._summary else "content_part"
        part = self._written(text)
        ended = self._frames.within(f"response.{kind}.done", part=part, **self._place())
        self._part = None
        self._index += 1
        return done + ended

    def _written(self, text: str) -> dict[str, str]:
        return {"type": "summary_text" if self._summary else "reasoning_text", "text": text}

    def _place(self) -> dict[str, Any]:
        return {"summary_index" if self._summary else "content_index": self._index}
