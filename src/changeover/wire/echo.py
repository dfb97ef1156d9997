"""A turn that the answer continues, said again at the answer's beginning, and taken off it.

A client that has an answer continued puts the two together, so the answer must not begin with
what was continued. Some servers say it again: Mistral in every answer ("Prefix" in its guides),
llama.cpp in whole answers and not in streams.

Words at the beginning of the first text are held back as long as they may be the turn's. Where
they turn out to be others, they are passed on.
"""

from changeover.conversation.events import Event, TextDelta, TextEnded, TextStarted
from changeover.conversation.model import ChatRequest, Text


def continued(request: ChatRequest) -> str:
    """The words that the answer continues; none where it continues nothing."""
    if not request.prefill or not request.turns:
        return ""
    return "".join(part.text for part in request.turns[-1].parts if isinstance(part, Text))


class Unechoed:
    """Takes `words` off the beginning of an answer's first text."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._held = ""
        self._open = False
        self._done = not words

    def take(self, events: list[Event]) -> list[Event]:
        """The events to pass on."""
        if self._done:
            return events
        return [passed for event in events for passed in self._one(event)]

    def _one(self, event: Event) -> list[Event]:
        match event:
            case _ if self._done:
                return [event]
            case TextStarted(refusal=False):
                self._open = True
                return [event]
            case TextDelta() if self._open:
                return self._said(event.text)
            case TextEnded() if self._open:
                self._done = True
                return [TextDelta(text=self._held), event] if self._held else [event]
            case _:
                return [event]

    def _said(self, text: str) -> list[Event]:
        self._held += text
        if self._words.startswith(self._held) and len(self._held) < len(self._words):
            return []
        self._done = True
        said = self._held.removeprefix(self._words)
        return [TextDelta(text=said)] if said else []
