"""Streamed Chat Completions answers, as servers send them: chunks of one choice, then `[DONE]`.

What servers of this protocol do, and what follows:

* The first chunk names the role; Azure sends one before it that has no choice
  and an empty id. The answer starts with the first chunk that has a choice.
* Content, reasoning and refusal arrive as deltas of strings, calls as deltas of a list's
  members; `ordering.py` makes parts of them.
* `finish_reason` comes before the counts, which stand in a last chunk without a
  choice (or in the same one, or in every one). So the end is held back until
  `[DONE]`; a server that leaves `[DONE]` out has still given a whole answer.
* An error mid-stream is an object with `error` where a chunk would be. The
  response was 200, and nothing proper follows.
"""

import msgspec

from changeover.conversation.events import Event, Failed, Finished, Started, UsageSeen
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.openai_chat.chances import WireChances
from changeover.wire.openai_chat.profile import Profile
from changeover.wire.openai_chat.reply import WireUsage, ending, usage_from_vendor
from changeover.wire.openai_chat.saying import NULL, Listener, Said, is_given
from changeover.wire.shapes import from_vendor
from changeover.wire.sse import EventStreamParser

DONE = b"[DONE]"


class _Choice(msgspec.Struct):
    index: int = 0
    delta: Said | None = None
    logprobs: WireChances | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    id: str | None = None
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: WireUsage | None = None
    error: msgspec.Raw = NULL


_decoder = msgspec.json.Decoder(_Chunk)


class ChatStreamDecoder:
    """A server's chunks to events."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._frames = EventStreamParser()
        self._started = False
        self._listener = Listener()
        self._end: Finished | Failed | None = None
        self._ended = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        frames = () if self._ended else self._frames.feed(data)
        for frame in frames:
            if not self._ended:
                self._frame(frame.data, events)
        return events

    def close(self) -> list[Event]:
        if self._ended:
            return []
        if self._end is None:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No finish_reason came, so the answer is cut short.",
            )
        self._ended = True
        return [self._end]

    def _frame(self, data: bytes, events: list[Event]) -> None:
        if data.strip() == DONE:
            events += self.close()
        else:
            self._chunk(from_vendor(_decoder, data, "a chunk"), events)

    def _chunk(self, chunk: _Chunk, events: list[Event]) -> None:
        if chunk.error is not NULL and is_given(chunk.error):
            events.append(read_failure(bytes(chunk.error), "stream_error"))
            self._ended = True
            return
        for choice in chunk.choices or ():
            if not self._started:
                events.append(Started(id=chunk.id or "", model=chunk.model or ""))
                self._started = True
            self._choice(choice, events)
        if chunk.usage is not None and self._started:
            events.append(UsageSeen(usage=usage_from_vendor(chunk.usage)))

    def _choice(self, choice: _Choice, events: list[Event]) -> None:
        if choice.index != 0:
            raise VendorProtocolError("The vendor sent a second answer beside the one asked for.")
        if choice.delta is not None or choice.logprobs is not None:
            said = choice.delta or Said()
            if self._end is None:
                self._listener.hear(said, choice.logprobs, events)
            elif said.content or said.refusal or said.tool_calls:
                raise VendorProtocolError("The vendor's answer goes on after its finish_reason.")
        if choice.finish_reason is not None and self._end is None:
            self._listener.end(events)
            self._end = ending(choice.finish_reason, self._listener.parts, self._profile)
