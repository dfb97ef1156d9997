"""A vendor's answer to events, whole or piece by piece.

* A whole answer and each piece of a stream are the same object, so that one reader
  takes both. Pieces of words that follow one another are one part, and so are pieces
  of thoughts.
* A reason for stopping does not end the answer: some servers put one on every piece.
  The last one counts when the response is over.
* The signature of a thought ends the part that it stands on: thoughts are sealed with
  it, a text is followed by it, and a call is preceded by it (`seals.py`).
* Sources come when they come, and are placed in a text when that is whole.
* A call has no id at Vertex AI, nor from older models; it gets one of the answer's own.
"""

from typing import assert_never

import msgspec

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    Finished,
    LossSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    UsageSeen,
)
from changeover.conversation.model import Loss
from changeover.wire.errors import VendorProtocolError
from changeover.wire.gemini_generate.endings import CARRIED, stop_reason
from changeover.wire.gemini_generate.response import (
    WireCall,
    WireCandidate,
    WirePart,
    WireResponse,
    is_given,
    response_from_vendor,
)
from changeover.wire.gemini_generate.seals import Place, seal_of_vendor
from changeover.wire.gemini_generate.told import CHANCES, SOURCES, OpenText, OpenThoughts, Told
from changeover.wire.gemini_generate.usage import usage_from_vendor

BLOCKED = Loss(field="promptFeedback", why="Why the vendor blocked the prompt is not carried.")
UNKNOWN = Loss(field="parts", why="A part of the answer has nothing in it that is known.")


def decode_reply(body: bytes) -> list[Event]:
    """A vendor's whole answer as the events of a stream."""
    reader = AnswerReader()
    return reader.take(response_from_vendor(body)) + reader.end()


class AnswerReader:
    """The vendor's pieces of one answer to events."""

    def __init__(self) -> None:
        self._id: str | None = None
        self._open: OpenText | OpenThoughts | None = None
        self._calls = 0
        self._losses: set[Loss] = set()
        self._finish: str | None = None
        self._message = ""

    def take(self, response: WireResponse) -> list[Event]:
        events: list[Event] = []
        if self._id is None:
            self._id = response.response_id or ""
            events.append(Started(id=self._id, model=response.model_version or ""))
        for candidate in response.candidates or ():
            self._candidate(candidate, events)
        if response.prompt_feedback is not None and response.prompt_feedback.block_reason:
            self._finish = "SAFETY"
            self._lose(BLOCKED, events)
        if response.usage_metadata is not None:
            events.append(UsageSeen(usage=usage_from_vendor(response.usage_metadata)))
        return events

    def end(self) -> list[Event]:
        """The last events; `VendorProtocolError` if the answer is not whole."""
        if self._finish is None:
            raise VendorProtocolError(
                "The vendor ended before its answer did.",
                means="No finishReason came, so the answer is cut short.",
            )
        events: list[Event] = []
        self._close(events)
        stop = stop_reason(self._finish, self._message, called=self._calls > 0)
        if self._finish not in CARRIED:
            why = f"The vendor's reason for stopping, {self._finish}, is not carried."
            self._lose(Loss(field="finishReason", why=why), events)
        return [*events, Finished(stop=stop)]

    def _candidate(self, candidate: WireCandidate, events: list[Event]) -> None:
        if candidate.index:
            raise VendorProtocolError("The vendor sent a second answer beside the one asked for.")
        losses: list[Loss] = []
        told = Told(candidate, losses) if candidate.tells else None
        if told is not None and not told.of_words_here:
            self._tell(told, events, losses)
        for index, part in enumerate(candidate.parts):
            self._part(part, index, told, events)
        for loss in losses:
            self._lose(loss, events)
        if candidate.finish_reason is not None:
            self._finish = candidate.finish_reason
            self._message = candidate.finish_message or ""

    def _tell(self, told: Told, events: list[Event], losses: list[Loss]) -> None:
        """What came without words of its own belongs to the text that is open."""
        chances = told.rest()
        if not isinstance(self._open, OpenText):
            losses += [SOURCES] if told.cited else []
            losses += [CHANCES] if chances else []
            return
        self._open.cite(told.cited, 0)
        if chances:
            events.append(ChancesSeen(chances=chances))

    def _part(self, part: WirePart, index: int, told: Told | None, events: list[Event]) -> None:
        signature = part.thought_signature or ""
        if part.thought:
            self._think(part.text or "", signature, events)
        elif part.function_call is not None:
            self._close(events)
            if signature:
                _seal(signature, "next", events)
            self._call(part.function_call, events)
        else:
            if part.text:
                self._say(part.text, index, told, events)
            elif part.text is None and not signature:
                self._unknown(part, events)
            if signature:
                self._close(events)
                _seal(signature, "previous", events)

    def _think(self, words: str, signature: str, events: list[Event]) -> None:
        if not isinstance(self._open, OpenThoughts):
            if not words and not signature:
                return
            self._close(events)
            self._open = OpenThoughts()
            events.append(ReasoningStarted(summary=True))
        if words:
            events.append(ReasoningDelta(text=words))
        if signature:
            events.append(ReasoningSealed(sealed=seal_of_vendor(signature, "self")))
            self._close(events)

    def _say(self, words: str, index: int, told: Told | None, events: list[Event]) -> None:
        if not isinstance(self._open, OpenText):
            self._close(events)
            self._open = OpenText()
            events.append(TextStarted())
        if told is not None:
            self._open.cite(told.of_part(index), self._open.octets)
        self._open.say(words)
        events.append(TextDelta(text=words))
        if told is not None and (chances := told.chances_of(index, words)):
            events.append(ChancesSeen(chances=chances))

    def _call(self, call: WireCall, events: list[Event]) -> None:
        if call.will_continue:
            raise VendorProtocolError("The vendor sent a call in pieces, which was not asked for.")
        self._calls += 1
        arguments = _text(call.args) if is_given(call.args) else "{}"
        # An id of the answer's own, since a conversation may hold no id twice.
        minted = f"{self._id or 'call'}-{self._calls}"
        events.append(ToolCallStarted(id=call.id or minted, name=call.name))
        events += [ToolInputDelta(json=arguments), ToolCallEnded()]

    def _unknown(self, part: WirePart, events: list[Event]) -> None:
        _refuse_others(part)
        self._lose(UNKNOWN, events)

    def _close(self, events: list[Event]) -> None:
        match self._open:
            case None:
                return
            case OpenText():
                events += [CitationSeen(citation=each) for each in self._open.citations()]
                events.append(TextEnded())
            case OpenThoughts():
                events.append(ReasoningEnded())
            case _:
                assert_never(self._open)
        self._open = None

    def _lose(self, loss: Loss, events: list[Event]) -> None:
        if loss not in self._losses:
            self._losses.add(loss)
            events.append(LossSeen(loss=loss))


def _seal(signature: str, on: Place, events: list[Event]) -> None:
    """Reasoning that nothing is shown of: the seal beside another part."""
    sealed = ReasoningSealed(sealed=seal_of_vendor(signature, on))
    events += [ReasoningStarted(summary=True), sealed, ReasoningEnded()]


def _refuse_others(part: WirePart) -> None:
    """Refuses a part that holds what was not asked for."""
    others = {
        "inlineData": part.inline_data,
        "fileData": part.file_data,
        "executableCode": part.executable_code,
        "codeExecutionResult": part.code_execution_result,
        "toolCall": part.tool_call,
    }
    for name, value in others.items():
        if is_given(value):
            raise VendorProtocolError(
                f"The vendor's answer holds {name}, which was not asked for.",
                means="Only text, thoughts and calls of tools are carried.",
            )


def _text(raw: msgspec.Raw) -> str:
    """The JSON as it was written; `VendorProtocolError` where it is no UTF-8."""
    try:
        return bytes(raw).decode()
    except UnicodeDecodeError as error:
        raise VendorProtocolError("The vendor's call holds bytes that are not UTF-8.") from error
