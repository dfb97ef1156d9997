"""What a server says in a message, whole or as a chunk's delta, read into parts of the answer.

* Content and refusal are two strings, reasoning a third under one of two names (`thinking.py`),
  calls a list beside them. Mistral's content may be a list of chunks instead: text, `thinking`
  with its own chunks and maybe a `signature`, and references, which are reported.
* Annotations and `logprobs` belong to the text; see `citations.py` and `chances.py`.
* Azure's results of its filter, and whatever else a server adds, are passed over.
"""

from typing import Any

import msgspec

from changeover.conversation.events import ChancesSeen, CitationSeen, Event, LossSeen
from changeover.conversation.model import Loss, Reasoning, Sealed
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_chat.chances import NO_TEXT, WireChance, WireChances, read_chances
from changeover.wire.openai_chat.citations import UNKNOWN, read_citation
from changeover.wire.openai_chat.ordering import CallPiece, Kind, Ordering
from changeover.wire.openai_chat.thinking import DETAILS, FROM_SERVER, Thought, words_of_thought

NULL = msgspec.Raw(b"null")
_NOTHING = frozenset({b"null", b'""', b"[]", b"{}"})
CHUNK = Loss(field="content", why="A part of the answer's content of this kind is not carried.")
DETAIL = Loss(field=DETAILS, why="An entry of the reasoning is not known and is left out.")


class Said(msgspec.Struct):
    """A message, or what a chunk adds to one."""

    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    tool_calls: list[CallPiece] | None = None
    function_call: msgspec.Raw = NULL
    audio: msgspec.Raw = NULL
    annotations: list[dict[str, Any]] | None = None
    reasoning: Any = None
    reasoning_content: Any = None
    reasoning_details: Any = None


class Listener:
    """The parts of one answer, from what a server says of them."""

    def __init__(self) -> None:
        self.parts = Ordering()
        self._told: set[Loss] = set()
        self._for_calls: dict[str, list[Reasoning]] = {}

    def hear(self, said: Said, chances: WireChances | None, events: list[Event]) -> None:
        """Takes a message or a delta; `VendorProtocolError` for what was not asked for.

        `chances` are the probabilities of what it says. A seal that belongs to a call waits
        for it; one that belongs to the text comes after it.
        """
        if said.function_call is not NULL or said.audio is not NULL:
            _check(said)
        after = self._reasoning(said, events) if _is_thoughtful(said) else ()
        if said.content:
            self._content(said.content, events)
        if chances is not None or said.annotations:
            content = None if chances is None else chances.content
            self._beside(said.annotations, content, events)
        if said.refusal:
            self.parts.words(said.refusal, "refusal", events)
        if chances is not None and chances.refusal:
            self._chances(chances.refusal, "refusal", events)
        for part in after:
            self.parts.sealed(part, events)
        if said.tool_calls:
            self._calls(said.tool_calls, events)

    def end(self, events: list[Event]) -> None:
        """Ends what was said; seals whose call never came stand last."""
        for parts in self._for_calls.values():
            for part in parts:
                self.parts.sealed(part, events)
        self._for_calls.clear()
        self.parts.end(events)

    def _content(self, content: str | list[dict[str, Any]], events: list[Event]) -> None:
        if isinstance(content, str):
            self.parts.words(content, "content", events)
        else:
            for chunk in content:
                self._chunk(chunk, events)

    def _beside(
        self,
        annotations: list[dict[str, Any]] | None,
        chances: list[WireChance] | None,
        events: list[Event],
    ) -> None:
        """What is told of the content beside it."""
        if chances:
            self._chances(chances, "content", events)
        for annotation in annotations or ():
            self._annotation(annotation, events)

    def _calls(self, calls: list[CallPiece], events: list[Event]) -> None:
        for call in calls:
            for part in self._for_calls.pop(call.id or "", ()):
                self.parts.sealed(part, events)
            self.parts.call(call, events)

    def _chances(self, given: list[WireChance], kind: Kind, events: list[Event]) -> None:
        if not self.parts.about_text(ChancesSeen(chances=read_chances(given)), kind, events):
            self._lose(NO_TEXT, events)

    def _reasoning(self, said: Said, events: list[Event]) -> list[Reasoning]:
        """Takes the reasoning; what of it belongs after the text is given back."""
        fields = {"reasoning": said.reasoning, "reasoning_content": said.reasoning_content}
        words, given = words_of_thought(fields), said.reasoning_details
        thoughts: list[Thought] = []
        for detail in given if isinstance(given, list) else ():
            if (thought := FROM_SERVER.thought(detail)) is None:
                self._lose(DETAIL, events)
            else:
                thoughts.append(thought)
        if given == [] and not words:
            self.parts.end_thought(events)
        detailed = "".join(thought.part.text for thought in thoughts)
        if plain := words.removesuffix(detailed):
            self.parts.words(plain, "reasoning", events)
        after: list[Reasoning] = []
        unsealed = False
        for thought in thoughts:
            sealed = thought.part.sealed
            if unsealed and sealed is not None:
                # What is sealed here is another part, even if it has the same words.
                self.parts.end_thought(events)
            unsealed = sealed is None
            if thought.call:
                self._for_calls.setdefault(thought.call, []).append(thought.part)
            elif sealed is None:
                self.parts.words(thought.part.text, "reasoning", events)
            elif sealed.on == "previous":
                after.append(thought.part)
            else:
                self.parts.sealed(thought.part, events)
        return after

    def _chunk(self, chunk: dict[str, Any], events: list[Event]) -> None:
        match chunk:
            case {"type": "text", "text": str(text)}:
                if text:
                    self.parts.words(text, "content", events)
            case {"type": "thinking", "thinking": list(inner)}:
                words = "".join(map(self._thinking, inner))
                if words:
                    self.parts.words(words, "reasoning", events)
                if isinstance(signature := chunk.get("signature"), str) and signature:
                    sealed = Sealed(form="signature", value=signature, bound="route")
                    self.parts.sealed(Reasoning(sealed=sealed), events)
            case _:
                self._lose(CHUNK, events)

    def _thinking(self, inner: Any) -> str:
        match inner:
            case {"type": "text", "text": str(text)}:
                return text
            case _:
                return ""

    def _annotation(self, annotation: Any, events: list[Event]) -> None:
        citation = read_citation(annotation, self.parts.text_begins)
        seen = None if citation is None else CitationSeen(citation=citation)
        if seen is None or not self.parts.about_text(seen, "content", events):
            self._lose(UNKNOWN, events)

    def _lose(self, loss: Loss, events: list[Event]) -> None:
        """Tells a loss, once."""
        if loss not in self._told:
            self._told.add(loss)
            events.append(LossSeen(loss=loss))


def _check(said: Said) -> None:
    for name, given in (("function_call", said.function_call), ("audio", said.audio)):
        if is_given(given):
            raise VendorProtocolError(
                f"The vendor's answer holds {name}, which was not asked for.",
                means="Only text, reasoning and calls of tools are carried.",
            )


def _is_thoughtful(said: Said) -> bool:
    if said.reasoning_details is not None:
        return True
    return bool(said.reasoning_content or said.reasoning)


def is_given(raw: msgspec.Raw) -> bool:
    """Whether a field holds anything."""
    return raw is not NULL and bytes(raw) not in _NOTHING
