"""generateContent requests, written to vendors.

* The vendor refuses content without parts and text without words; they are left
  out, and reported where that changes what was asked.
* A request of instructions alone is sent as the user's, and reported.
* There is no word for whom a request is made for, for how much is to be said, nor for
  what is to be kept in a cache: the vendor keeps what requests have in common by itself.
"""

from typing import Any

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Loss,
    Part,
    Reasoning,
    Text,
    Turn,
)
from changeover.wire.gemini_generate.contents import sealed_here, written_contents
from changeover.wire.gemini_generate.generation import written_generation
from changeover.wire.gemini_generate.labels import written_labels
from changeover.wire.gemini_generate.receiver import Receiver
from changeover.wire.gemini_generate.tools import written_tools
from changeover.wire.gemini_generate.turns import loses_spaces, together
from changeover.wire.silence import tells_of_silence


def encode_request(request: ChatRequest, receiver: Receiver) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    losses = _unsaid(request)
    system, turns = _system_and_turns(request, losses)
    body: dict[str, Any] = {"contents": written_contents(together(turns), receiver, losses)}
    if system:
        body["systemInstruction"] = {"parts": [{"text": part.text} for part in system]}
    if config := written_generation(request, receiver, losses):
        body["generationConfig"] = config
    if request.tools:
        body |= written_tools(request, losses)
    if request.metadata and (labels := written_labels(request.metadata, losses)):
        body["labels"] = labels
    return msgspec.json.encode(body), tuple(losses)


def _unsaid(request: ChatRequest) -> list[Loss]:
    """What there are no words for."""
    refused, cited, marked = False, False, _has_marks(request)
    for turn in request.turns:
        for part in turn.parts:
            if isinstance(part, Text):
                refused = refused or (part.refusal and bool(part.text.strip()))
                cited = cited or bool(part.citations)
            if not isinstance(part, Reasoning):
                marked = marked or part.cache is not None
    about = (refused, cited, marked, request.user, request.verbosity, request.cache_key)
    if not any(about):
        return []
    cached = "Gemini keeps what requests have in common by itself; no marks are sent."
    unsaid = {
        "refusal": "Gemini does not mark a refusal; its words are sent as text." if refused else "",
        "citations": "Gemini takes no citations back with an answer's words." if cited else "",
        "user": "Gemini is not told for whom a request is made." if request.user else "",
        "verbosity": "How much to say is left to the model." if request.verbosity else "",
        "cache_control": cached if marked else "",
        "prompt_cache_key": cached if request.cache_key else "",
    }
    return [Loss(field=name, why=why) for name, why in unsaid.items() if why]


def _has_marks(request: ChatRequest) -> bool:
    """Whether anything but the turns is marked for the cache."""
    marks = [part.cache for part in request.system] + [tool.cache for tool in request.tools]
    return request.cache is not None or any(marks)


def _system_and_turns(
    request: ChatRequest, losses: list[Loss]
) -> tuple[tuple[Text, ...], tuple[Turn, ...]]:
    if request.prefill:
        why = "Gemini answers after a last turn of the model's instead of continuing it."
        losses.append(Loss(field="messages", why=why))
    system = tuple([part for part in request.system if part.text])
    turns = [_taken(turn, losses) for turn in request.turns]
    spoken = tuple([turn for turn in turns if turn.parts])
    if tells_of_silence(turns):
        losses.append(Loss(field="messages", why="Gemini takes no turn without words."))
    elif _has_blank(turns) and loses_spaces(turns):
        why = "Turns of the model's on end are one to Gemini, with those of spaces alone."
        losses.append(Loss(field="messages", why=why))
    if not spoken and system:
        why = "Gemini needs a turn; the instructions are sent as the user's."
        losses.append(Loss(field="messages", why=why))
        return (), (Turn(role="user", parts=system),)
    return system, spoken


def _has_blank(turns: list[Turn]) -> bool:
    """Whether a turn of the model's, or words of one, are nothing but spaces."""
    return any(
        not turn.parts or any(isinstance(p, Text) and not p.text.strip() for p in turn.parts)
        for turn in turns
        if turn.role == "assistant"
    )


def _taken(turn: Turn, losses: list[Loss]) -> Turn:
    """The turn as Gemini takes it; most are one text of words already."""
    if len(turn.parts) == 1 and isinstance(only := turn.parts[0], Text) and only.text:
        return turn
    return _with_content(sealed_here(turn, losses))


def _with_content(turn: Turn) -> Turn:
    parts = tuple([part for part in turn.parts if not _is_empty(part)])
    return turn if len(parts) == len(turn.parts) else Turn(role=turn.role, parts=parts)


def _is_empty(part: Part) -> bool:
    match part:
        case Text():
            return not part.text
        case Reasoning():
            return not part.text and part.sealed is None
        case _:
            return False
