"""What vendors sealed, on its way: which of it goes to a route, and which to a client.

A request's seals, in this order:

1. What a client sends back is unwrapped (`wire.sealing`). What is not ours, or belongs to
   words that were altered since, is left out, and its place is told.
2. For each candidate route, only what is in its scope goes along: the seals of its model,
   of its account at its host, or its own. What is left out is told as `reasoning` (or
   `citations`), once for a request: a conversation that changed vendors has many.

Reasoning whose seal is left out stays as its words, and what becomes of those the route's
protocol decides; without words nothing of it stays.

An answer's seals get the scope of the route that serves. Then, for an application, each is
wrapped. It follows all words of its reasoning then, whenever the vendor gave it, since
they are part of what is wrapped.

In some protocols an answer begins with its reasoning, and a program that did not ask for
any reads the first block as text. There it is left out unless asked for, and told; only
the seal of a call that follows is given all the same, because the call is worth nothing
without it, and in Google's that of a text too, which is a field of the text's.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

import msgspec

from changeover.conversation.events import (
    CitationSeen,
    Event,
    LossSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
)
from changeover.conversation.model import (
    ChatRequest,
    Citation,
    Loss,
    Part,
    Reasoning,
    ScopeKind,
    Sealed,
    Text,
    Turn,
)
from changeover.directory.model import Protocol, Route
from changeover.wire.sealing import WhyNot, Wrapping
from changeover.wire.untold import untold

UNASKED = Loss(field="reasoning", why="The client did not ask for the model's reasoning.")
_BEGINS_WITH_REASONING: frozenset[Protocol] = frozenset(
    {"anthropic-messages", "gemini-generate", "bedrock-converse"}
)
_OF_CALLS = frozenset({"next"})
_OF_CALLS_AND_TEXTS = frozenset({"next", "previous"})

_WHY: dict[WhyNot, str] = {
    "foreign": "It was not sealed on a call made here, so no vendor is known to take it.",
    "not-ours": "It is not as it left here, so no vendor is given it.",
    "altered": "The words beside it are not those that it was made over; it would be refused.",
}
_ELSEWHERE = "What another model or account sealed is not sent to this one."

Judged = Sealed | Loss
"""What is to stand in a seal's place, or why nothing may."""

Judge = Callable[[Sealed, str, str], Judged]
"""Judges a seal by itself, the words that it belongs to, and its place in the request."""


def scope_of(route: Route, bound: ScopeKind) -> str:
    """The model, account or route that a seal of the route's answers is bound to."""
    match bound:
        case "model":
            return route.model
        case "account":
            return route.host if route.account is None else f"{route.host}/{route.account}"
        case "route":
            return route.id
        case _:
            assert_never(bound)


def unwrapped(request: ChatRequest, wrapping: Wrapping) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """The request with what vendors sealed as they wrote it, and what of it is left out."""

    def judge(sealed: Sealed, words: str, place: str) -> Judged:
        if sealed.form != "wrapped":
            return Loss(field=place, why=_WHY["foreign"])
        found = wrapping.unwrap(sealed.value, words)
        return found if isinstance(found, Sealed) else Loss(field=place, why=_WHY[found])

    return _judged(request, judge)


def in_scope(request: ChatRequest, route: Route) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """The request with the seals alone that the route's model and account can read."""

    def judge(sealed: Sealed, _: str, place: str) -> Judged:
        if sealed.of == scope_of(route, sealed.bound):
            return sealed
        return Loss(field=place.rpartition(".")[2], why=_ELSEWHERE)

    return _judged(request, judge)


def _judged(request: ChatRequest, judge: Judge) -> tuple[ChatRequest, tuple[Loss, ...]]:
    losses: dict[Loss, None] = {}
    turns = tuple(
        _turn(turn, f"turns[{index}]", judge, losses) if _has_seals(turn) else turn
        for index, turn in enumerate(request.turns)
    )
    if turns == request.turns:
        return request, ()
    kept = tuple(turn for turn in turns if turn.parts)
    return msgspec.structs.replace(request, turns=kept), tuple(losses)


def _has_seals(turn: Turn) -> bool:
    return any(
        part.sealed is not None
        if isinstance(part, Reasoning)
        else isinstance(part, Text) and any(c.sealed is not None for c in part.citations)
        for part in turn.parts
    )


def _turn(turn: Turn, place: str, judge: Judge, losses: dict[Loss, None]) -> Turn:
    parts: list[Part] = []
    for part in turn.parts:
        match part:
            case Reasoning(sealed=Sealed() as sealed):
                found = judge(sealed, part.text, f"{place}.reasoning")
                if isinstance(found, Loss):
                    losses[found] = None
                kept = found if isinstance(found, Sealed) else None
                if kept is not None or part.text:
                    parts.append(msgspec.structs.replace(part, sealed=kept))
            case Text(citations=citations) if citations:
                cited = tuple(_citation(c, place, judge, losses) for c in citations)
                parts.append(msgspec.structs.replace(part, citations=cited))
            case _:
                parts.append(part)
    return msgspec.structs.replace(turn, parts=tuple(parts))


def _citation(citation: Citation, place: str, judge: Judge, losses: dict[Loss, None]) -> Citation:
    if citation.sealed is None:
        return citation
    found = judge(citation.sealed, "", f"{place}.citations")
    if isinstance(found, Loss):
        losses[found] = None
        return msgspec.structs.replace(citation, sealed=None)
    return msgspec.structs.replace(citation, sealed=found)


def stamped(events: Iterable[Event], route: Route) -> list[Event]:
    """A vendor's events, each seal among them with its scope."""
    return [_stamped(event, route) for event in events]


def _stamped(event: Event, route: Route) -> Event:
    match event:
        case ReasoningSealed(sealed=sealed):
            of = scope_of(route, sealed.bound)
            return ReasoningSealed(sealed=msgspec.structs.replace(sealed, of=of))
        case CitationSeen(citation=Citation(sealed=Sealed() as sealed) as citation):
            of = scope_of(route, sealed.bound)
            bound = msgspec.structs.replace(sealed, of=of)
            return CitationSeen(citation=msgspec.structs.replace(citation, sealed=bound))
        case _:
            return event


class SealsOfRoute:
    """What vendors seal on a route, where an application's bytes pass through."""

    def __init__(self, wrapping: Wrapping, route: Route) -> None:
        self._wrapping = wrapping
        self._route = route

    def opened(self, value: str, words: str) -> str | None:
        """The vendor's own value; None for one that is not ours, or not of the route."""
        found = self.unsealed(value, words)
        return None if found is None else found.value

    def unsealed(self, value: str, words: str) -> Sealed | None:
        """The same with its form."""
        found = self._wrapping.unwrap(value, words)
        if not isinstance(found, Sealed) or found.of != scope_of(self._route, found.bound):
            return None
        return found

    def wrapped(self, sealed: Sealed, words: str) -> str:
        """The value as the application gets it."""
        bound = msgspec.structs.replace(sealed, of=scope_of(self._route, sealed.bound))
        return self._wrapping.wrap(bound, words).value


class Outward(msgspec.Struct, frozen=True, kw_only=True):
    """How an application gets what vendors sealed: wrapped, and reasoning if it `shows` it.

    `beside` says on which parts seals stand that are given in any case, `client` what it speaks.
    """

    wrapping: Wrapping
    shows: bool
    beside: frozenset[str] = _OF_CALLS
    client: Protocol = "openai-chat"


def outward(wrapping: Wrapping, client: Protocol, *, asked: bool) -> Outward:
    """For a client of a protocol, which `asked` for reasoning or did not."""
    shows = asked or client not in _BEGINS_WITH_REASONING
    beside = _OF_CALLS_AND_TEXTS if client == "gemini-generate" else _OF_CALLS
    return Outward(wrapping=wrapping, shows=shows, beside=beside, client=client)


class SealsOut:
    """One answer's events as an application gets them."""

    def __init__(self, how: Outward) -> None:
        self._how = how
        self._open: ReasoningStarted | None = None
        self._words: list[str] = []
        self._sealed: Sealed | None = None

    def take(self, events: Sequence[Event]) -> list[Event]:
        """The events that these become."""
        given: list[Event] = []
        for event in events:
            match event:
                case ReasoningStarted():
                    self._open, self._words, self._sealed = event, [], None
                    if self._how.shows:
                        given.append(event)
                case ReasoningDelta():
                    self._words.append(event.text)
                    if self._how.shows:
                        given.append(event)
                case ReasoningSealed():
                    self._sealed = event.sealed
                case ReasoningEnded():
                    given += self._ended(event)
                case CitationSeen():
                    given += self._cited(event.citation)
                case _:
                    given.append(event)
        return given

    def _cited(self, citation: Citation) -> list[Event]:
        """A citation, and what of it is not told."""
        loss = untold(citation, self._how.client)
        if citation.sealed is not None:
            wrapped = self._how.wrapping.wrap(citation.sealed, "")
            citation = msgspec.structs.replace(citation, sealed=wrapped)
        return [*([] if loss is None else [LossSeen(loss=loss)]), CitationSeen(citation=citation)]

    def _ended(self, event: ReasoningEnded) -> list[Event]:
        sealed, opened, words = self._sealed, self._open, "".join(self._words)
        seal: list[Event] = []
        if sealed is not None:
            seal = [ReasoningSealed(sealed=self._how.wrapping.wrap(sealed, words))]
        if self._how.shows:
            return [*seal, event]
        if sealed is None or sealed.on not in self._how.beside or opened is None:
            return [LossSeen(loss=UNASKED)]
        untold: list[Event] = [LossSeen(loss=UNASKED)] if words else []
        return [*untold, opened, *seal, event]
