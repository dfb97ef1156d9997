"""The items of a vendor's answer as they arrive, in order, as canonical events.

* `…done` events repeat the whole text or arguments. What of them did not come in
  pieces is passed on then, and what contradicts the pieces is an error; so servers
  that send an item without pieces lose nothing.
* Compatible servers leave out `content_part` events: a part opens with its first
  words and closes when its message does or another part begins.
* Citations and probabilities are counted, because they are repeated too.
* An item of reasoning is one part for its content and one for its summary, where it has
  them, and what is encrypted of it is whole when the item is done. An item that holds none
  of these says nothing.
"""

from typing import assert_never
from zlib import crc32

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    LossSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
)
from changeover.conversation.model import Loss, Sealed
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_responses.chances import WireChance, read_chances
from changeover.wire.openai_responses.citing import WireAnnotation, read_citation
from changeover.wire.openai_responses.freeform import OPENING, arguments_of, escaped
from changeover.wire.openai_responses.ordering import WireEvent
from changeover.wire.openai_responses.reasoning import BETWEEN
from changeover.wire.openai_responses.reply import (
    CITATION_LOSS,
    WireItem,
    WirePart,
    check_item,
    is_refusal,
)

UNKNOWN = Loss(field="event", why="An event of the answer that is not known is not carried.")
_Place = tuple[int, int]
_Opening = TextStarted | ReasoningStarted | ToolCallStarted


class Arriving:
    """Reads one item after the other. `called` and `refused` say what was among them."""

    def __init__(self) -> None:
        self.called = False
        self.refused = False
        self.anything = False
        self._open: _Opening | None = None
        self._place: _Place = (-1, -1)
        self._kind = "message"
        self._told = _Told()
        self._cited = 0
        self._chances = 0
        self._thought_part = 0
        self._thought_from = 0
        self._losses: set[Loss] = set()

    def take(self, event: WireEvent, events: list[Event]) -> None:
        """Adds what the event says to `events`; `VendorProtocolError` if it cannot stand here."""
        match event:
            case WireEvent(type="response.output_item.added", item=WireItem() as item):
                self._open_item(item, event.output_index, events)
            case WireEvent(type="response.output_item.done", item=WireItem() as item):
                self.whole_item(item, event.output_index, events)
            case WireEvent(type="response.content_part.added", part=WirePart() as part):
                if self._kind == "message" and part.type != "reasoning_text":
                    self._open_text(_place(event), events, refusal=is_refusal(part))
            case WireEvent(type="response.content_part.done", part=WirePart() as part):
                if self._kind == "message" and part.type != "reasoning_text":
                    self._whole_part(part, _place(event), events)
            case _:
                self._piece(event, events)

    def whole_item(self, item: WireItem, index: int, events: list[Event]) -> None:
        """What of a whole item has not come yet."""
        check_item(item)
        match item.type:
            case "reasoning":
                self._whole_reasoning(item, index, events)
            case "function_call" | "custom_tool_call":
                if self._place[0] < index:
                    self._open_item(item, index, events)
                self._whole_arguments(_arguments(item), index, events)
            case _:
                for position, part in enumerate(item.content or ()):
                    self._whole_part(part, (index, position), events)
        self.close(events)

    def words(self, event: WireEvent, events: list[Event], *, refusal: bool = False) -> None:
        """More words of a text."""
        place = _place(event)
        if place != self._place:
            self._open_text(place, events, refusal=refusal)
        if not isinstance(self._open, TextStarted) or self._open.refusal is not refusal:
            raise VendorProtocolError("The vendor's answer goes on with a part that was closed.")
        self._told.add(event.delta)
        events.append(TextDelta(text=event.delta))
        if event.logprobs:
            self._chances += len(event.logprobs)
            events.append(ChancesSeen(chances=read_chances(event.logprobs)))

    def close(self, events: list[Event]) -> None:
        """Ends the part that is open."""
        match self._open:
            case TextStarted():
                events.append(TextEnded())
            case ReasoningStarted():
                events.append(ReasoningEnded())
            case ToolCallStarted():
                events.append(ToolCallEnded())
            case None:
                pass
            case _:
                assert_never(self._open)
        self._open = None

    def lose(self, loss: Loss, events: list[Event]) -> None:
        """Tells a loss, once."""
        if loss not in self._losses:
            self._losses.add(loss)
            events.append(LossSeen(loss=loss))

    def _piece(self, event: WireEvent, events: list[Event]) -> None:
        kind = event.type.removeprefix("response.")
        match kind.partition(".")[0].partition("_")[0]:
            case "output" | "refusal":
                self._text_piece(kind, event, events)
            case "function" | "custom":
                self._call_piece(kind, event, events)
            case _:
                self._thought(kind, event, events)

    def _text_piece(self, kind: str, event: WireEvent, events: list[Event]) -> None:
        match kind:
            case "output_text.delta":
                self.words(event, events)
            case "output_text.done":
                self._whole_words(event.text, _place(event), events, refusal=False)
                self._more_chances(event.logprobs, _place(event), events)
            case "output_text.annotation.added":
                if event.annotation is not None:
                    self._citation(event.annotation, _place(event), events)
            case "refusal.delta":
                self.words(event, events, refusal=True)
            case "refusal.done":
                self._whole_words(event.refusal, _place(event), events, refusal=True)
            case _:
                self.lose(UNKNOWN, events)

    def _call_piece(self, kind: str, event: WireEvent, events: list[Event]) -> None:
        match kind:
            case "function_call_arguments.delta":
                self._more_arguments(event.delta, event.output_index, events)
            case "function_call_arguments.done":
                self._whole_arguments(event.arguments, event.output_index, events)
            case "custom_tool_call_input.delta":
                self._more_arguments(escaped(event.delta), event.output_index, events)
            case "custom_tool_call_input.done":
                self._whole_arguments(arguments_of(event.input), event.output_index, events)
            case _:
                self.lose(UNKNOWN, events)

    # Items

    def _open_item(self, item: WireItem, index: int, events: list[Event]) -> None:
        check_item(item)
        self.close(events)
        self._kind = item.type
        if item.type in {"function_call", "custom_tool_call"}:
            self.called = True
            self._open_part(ToolCallStarted(id=item.call_id, name=item.name), (index, 0), events)
        if item.type == "custom_tool_call":
            self._more_arguments(OPENING, index, events)

    def _whole_part(self, part: WirePart, place: _Place, events: list[Event]) -> None:
        refusal = is_refusal(part)
        words = part.refusal if refusal else part.text
        self._whole_words(words, place, events, refusal=refusal)
        self._more_chances(part.logprobs, place, events)
        if self._place == place and self._open is not None:
            for annotation in (part.annotations or ())[self._cited :]:
                self._citation(annotation, place, events)
            self.close(events)

    def _open_part(self, opening: _Opening, place: _Place, events: list[Event]) -> None:
        if place <= self._place:
            raise VendorProtocolError("The vendor's answer goes back to a part that was closed.")
        self.anything = True
        self._open = opening
        self._place = place
        self._told = _Told()
        self._cited = self._chances = 0
        events.append(opening)

    def _rest(self, whole: str, events: list[Event]) -> None:
        """Passes on what of `whole` did not come in pieces."""
        if rest := self._told.rest(whole):
            self._told.add(rest)
            match self._open:
                case ToolCallStarted():
                    events.append(ToolInputDelta(json=rest))
                case ReasoningStarted():
                    events.append(ReasoningDelta(text=rest))
                case _:
                    events.append(TextDelta(text=rest))

    # Texts

    def _open_text(self, place: _Place, events: list[Event], *, refusal: bool) -> None:
        self.close(events)
        self.refused = self.refused or refusal
        self._open_part(TextStarted(refusal=refusal), place, events)

    def _whole_words(
        self, words: str, place: _Place, events: list[Event], *, refusal: bool
    ) -> None:
        """What a `done` event repeats; a part that was closed was compared already."""
        if place > self._place:
            self._open_text(place, events, refusal=refusal)
        if place == self._place and isinstance(self._open, TextStarted):
            self._rest(words, events)

    def _citation(self, given: WireAnnotation, place: _Place, events: list[Event]) -> None:
        if place != self._place or not isinstance(self._open, TextStarted):
            self.lose(CITATION_LOSS, events)
            return
        self._cited += 1
        citation, loss = read_citation(given)
        if loss is not None:
            self.lose(loss, events)
        if citation is not None:
            events.append(CitationSeen(citation=citation))

    def _more_chances(
        self, given: list[WireChance] | None, place: _Place, events: list[Event]
    ) -> None:
        """What of the probabilities did not come with the words."""
        more = (given or [])[self._chances :]
        if more and place == self._place and isinstance(self._open, TextStarted):
            self._chances += len(more)
            events.append(ChancesSeen(chances=read_chances(more)))

    # Calls

    def _more_arguments(self, piece: str, index: int, events: list[Event]) -> None:
        if self._place[0] != index or not isinstance(self._open, ToolCallStarted):
            raise VendorProtocolError("The vendor sent arguments of a call that is not open.")
        self._told.add(piece)
        events.append(ToolInputDelta(json=piece))

    def _whole_arguments(self, whole: str, index: int, events: list[Event]) -> None:
        """What a `done` event repeats; of a call that was closed it was compared already."""
        if self._place[0] == index and isinstance(self._open, ToolCallStarted):
            self._rest(whole, events)

    # Reasoning

    def _thought(self, kind: str, event: WireEvent, events: list[Event]) -> None:
        match kind:
            case "reasoning_summary_text.delta":
                self._more_thought(event, event.summary_index, events, summary=True)
            case "reasoning_text.delta":
                self._more_thought(event, event.content_index, events, summary=False)
            case (
                "reasoning_summary_part.added"
                | "reasoning_summary_part.done"
                | "reasoning_summary_text.done"
                | "reasoning_text.done"
            ):
                pass  # the whole item repeats it
            case _:
                self.lose(UNKNOWN, events)

    def _more_thought(
        self, event: WireEvent, part: int, events: list[Event], *, summary: bool
    ) -> None:
        self._open_thought(event.output_index, events, summary=summary)
        if part > self._thought_part:
            self._more_words(BETWEEN * (part - self._thought_part), events)
            self._thought_part = part
        self._more_words(event.delta, events)

    def _more_words(self, words: str, events: list[Event]) -> None:
        self._told.add(words)
        events.append(ReasoningDelta(text=words))

    def _open_thought(self, index: int, events: list[Event], *, summary: bool) -> None:
        if isinstance(self._open, ReasoningStarted) and self._open.summary is summary:
            return
        self.close(events)
        self._thought_part = 0
        self._open_part(ReasoningStarted(summary=summary), (index, int(summary)), events)

    def _whole_reasoning(self, item: WireItem, index: int, events: list[Event]) -> None:
        for given, summary in ((item.content, False), (item.summary, True)):
            place = (index, int(summary))
            words = BETWEEN.join(part.text for part in given or ())
            if not words or place < self._place:
                continue
            self._open_thought(index, events, summary=summary)
            self._rest(words, events)
        if item.encrypted_content:
            if not isinstance(self._open, ReasoningStarted):
                self._open_thought(index, events, summary=False)
            events.append(ReasoningSealed(sealed=_sealed(item)))


class _Told:
    """How much of a part came in pieces, and their checksum instead of a second copy."""

    def __init__(self) -> None:
        self._characters = 0
        self._sum = 0

    def add(self, piece: str) -> None:
        self._characters += len(piece)
        self._sum = crc32(piece.encode(errors="replace"), self._sum)

    def rest(self, whole: str) -> str:
        """What of the whole did not come; `VendorProtocolError` where the pieces are no part."""
        came = whole[: self._characters]
        if len(came) < self._characters or crc32(came.encode(errors="replace")) != self._sum:
            raise VendorProtocolError(
                "The vendor's answer contradicts itself.",
                means="A part came in pieces that are not what it is said to be as a whole.",
            )
        return whole[self._characters :]


def _place(event: WireEvent) -> _Place:
    return (event.output_index, event.content_index)


def _arguments(item: WireItem) -> str:
    if item.type == "custom_tool_call":
        return arguments_of(item.input)
    return item.arguments


def _sealed(item: WireItem) -> Sealed:
    value = item.encrypted_content or ""
    return Sealed(form="encrypted", value=value, bound="account", id=item.id or "")
