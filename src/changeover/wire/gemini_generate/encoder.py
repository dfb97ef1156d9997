"""A streamed answer, written for a client piece by piece.

Where words come from is told when their text is whole, in a piece without words; so is
the signature of a text, as the vendor does it. The signature of a call is kept for the
call. The last piece has the counts and why the answer ended.
"""

from typing import Any, assert_never

import msgspec

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    Failed,
    Finished,
    LossSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningEvent,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolEvent,
    ToolInputDelta,
    UsageSeen,
    merge_usage,
)
from changeover.conversation.model import Citation, Sealed, TokenChance, ToolCall, Usage
from changeover.wire.codec import ReplyContext
from changeover.wire.gemini_generate.chances import written_chances
from changeover.wire.gemini_generate.endings import Ending
from changeover.wire.gemini_generate.errors import error_object
from changeover.wire.gemini_generate.response import (
    content,
    response,
)
from changeover.wire.gemini_generate.seals import signature_for_client
from changeover.wire.gemini_generate.signing import WirePart, alone
from changeover.wire.gemini_generate.sources import Said, written_sources
from changeover.wire.sse import encode_event

_encode = msgspec.json.Encoder().encode
_OPENING = b'{"candidates":[{"content":{"role":"model","parts":['
_NO_CANDIDATES = b'{"candidates":[],'
_NOTHING: WirePart = {"text": ""}


class AnswerStreamEncoder:
    """Events to the pieces that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        alike = _encode(response([], context))
        self._ending = b'"index":0}],' + alike.removeprefix(_NO_CANDIDATES)
        self._usage = Usage()
        self._stop = Ending()
        self._text = _Run()
        self._call: ToolCallStarted | None = None
        self._arguments: list[str] = []
        self._for_a_call = ""

    def encode(self, event: Event) -> bytes:
        match event:
            case TextDelta():  # nearly all events are words
                return self._words(event.text) if event.text else b""
            case Started() | Finished() | Failed():
                return self._edge(event)
            case TextStarted() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._say(event)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                return self._think(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._tool(event)
            case UsageSeen() | LossSeen():
                self._count(event)
                return b""
            case _:
                assert_never(event)

    def _count(self, event: UsageSeen | LossSeen) -> None:
        """The counts stand in the last piece; losses are told elsewhere."""
        if isinstance(event, UsageSeen):
            self._usage = merge_usage(self._usage, event.usage)

    def _words(self, words: str) -> bytes:
        kept = self._let_stand() if self._for_a_call else b""
        piece = self._piece({"text": words}, self._text.say(words))
        return kept + piece if kept else piece

    def _say(self, event: TextStarted | CitationSeen | ChancesSeen | TextEnded) -> bytes:
        match event:
            case TextStarted():
                self._text.begin()
                return b""
            case CitationSeen():
                self._text.cited.append(event.citation)
                return b""
            case ChancesSeen():
                told = self._text.tell(event.chances)
                return self._piece(_NOTHING, told) if told else b""
            case TextEnded():
                told = self._text.end()
                return self._piece(_NOTHING, told) if told else b""
            case _:
                assert_never(event)

    def _think(self, event: ReasoningEvent) -> bytes:
        match event:
            case ReasoningDelta():
                if not self._context.thinking or not event.text:
                    return b""
                return self._apart({"text": event.text, "thought": True})
            case ReasoningSealed():
                return self._seal(event.sealed)
            case ReasoningStarted() | ReasoningEnded():
                return b""
            case _:
                assert_never(event)

    def _seal(self, sealed: Sealed) -> bytes:
        signature = signature_for_client(sealed)
        match sealed.on:
            case "self":
                thought = {"text": "", "thought": True, "thoughtSignature": signature}
                return self._apart(thought) if self._context.thinking else b""
            case "previous":
                return self._apart(alone(signature))
            case "next":
                kept = self._let_stand()
                self._for_a_call = signature
                return kept
            case _:
                assert_never(sealed.on)

    def _tool(self, event: ToolEvent) -> bytes:
        """A call is written whole: this protocol streams no pieces of one unless asked."""
        match event:
            case ToolCallStarted():
                self._call, self._arguments = event, []
                return b""
            case ToolInputDelta():
                self._arguments.append(event.json)
                return b""
            case ToolCallEnded():
                assert self._call is not None
                arguments = "".join(self._arguments) or "{}"
                call = ToolCall(id=self._call.id, name=self._call.name, arguments=arguments)
                signature, self._for_a_call = self._for_a_call, ""
                part = self._stop.call(call)
                if part is None:
                    return b""
                return self._apart({**part, "thoughtSignature": signature} if signature else part)
            case _:
                assert_never(event)

    def _edge(self, event: Started | Finished | Failed) -> bytes:
        match event:
            case Started():
                return self._piece(_NOTHING)
            case Finished():
                kept = self._let_stand()
                ending = self._stop.finish(event.stop)
                candidate = {"content": content([]), **ending, "index": 0}
                last = response([candidate], self._context, self._usage)
                return kept + encode_event(_encode(last))
            case Failed():
                error = error_object(500, event.kind, event.message, self._context.id)
                return encode_event(_encode({"error": error}))
            case _:
                assert_never(event)

    def _apart(self, part: WirePart) -> bytes:
        """A piece with a part that no text goes on after."""
        kept = self._let_stand()
        self._text = _Run()
        return kept + self._piece(part)

    def _let_stand(self) -> bytes:
        """The signature of a call that does not come, on a part of its own."""
        if not self._for_a_call:
            return b""
        signature, self._for_a_call = self._for_a_call, ""
        return self._apart(alone(signature))

    def _piece(self, part: WirePart, beside: dict[str, Any] | None = None) -> bytes:
        told = _encode(beside)[1:-1] + b"," if beside else b""
        return encode_event(b"".join((_OPENING, _encode(part), b"]},", told, self._ending)))


class _Run:
    """Texts that follow one another, which a client reads as one."""

    def __init__(self) -> None:
        self.cited: list[Citation] = []
        self._before = 0
        self._said = bytearray()
        self._chances: tuple[TokenChance, ...] = ()

    @property
    def _any(self) -> bool:
        """Whether there are words, of this text or of those before it."""
        return self._before + len(self._said) > 0

    def begin(self) -> None:
        self.cited, self._before = [], self._before + len(self._said)
        self._said.clear()

    def say(self, words: str) -> dict[str, Any]:
        """Adds words, and gives what is to be told beside them."""
        self._said += words.encode(errors="replace")
        if not self._chances:
            return {}
        waiting, self._chances = self._chances, ()
        return {"logprobsResult": written_chances(waiting)}

    def tell(self, chances: tuple[TokenChance, ...]) -> dict[str, Any]:
        """Probabilities are told beside words, or after them."""
        if not self._any:
            self._chances += chances
            return {}
        return {"logprobsResult": written_chances(chances)} if chances else {}

    def end(self) -> dict[str, Any]:
        """What is to be told of the text that is whole now."""
        if not self.cited or not self._any:
            return {}
        words = self._said.decode()
        said = [Said(citation, words, self._before) for citation in self.cited]
        return {"groundingMetadata": written_sources(said)}
