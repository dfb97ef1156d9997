"""Reasoning in Chat Completions, which its published schema does not know.

Servers give the words in `reasoning_content` (DeepSeek's form, llama.cpp, older vLLM) or in
`reasoning` (newer vLLM, Ollama, OpenRouter); Mistral puts them into a chunk of the content.
Both fields are read, and clients get `reasoning_content`.

What is sealed stands in `reasoning_details`, OpenRouter's list beside the content ("Preserving
reasoning blocks" in its documentation), which clients send back with the message:

* `reasoning.text` (`text`), or `reasoning.summary` (`summary`), with a `signature`;
* `reasoning.encrypted` (`data`), of which nothing can be read.

An entry stands for a part of the reasoning and holds all of its words, since a signature
belongs to them. Where a seal belongs to a neighbour, `on` says to which, and `call` which call
it is. The list is given only where something is sealed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from changeover.conversation.model import Loss, Reasoning, ScopeKind, Sealed, SealForm

DETAILS = "reasoning_details"
_UNREADABLE = "This entry of the reasoning is not known and is left out."
_OTHER_WORDS = "The reasoning's words are not those of its details, which count."


class _Detail(msgspec.Struct):
    type: Literal["reasoning.text", "reasoning.summary", "reasoning.encrypted"]
    text: str | None = None
    summary: str | None = None
    data: str | None = None
    signature: str | None = None
    id: str | None = None
    on: Literal["next", "previous"] | None = None
    call: str | None = None


class Thought(msgspec.Struct, frozen=True):
    """A part of the reasoning; `call` is the id of the call that its seal belongs to."""

    part: Reasoning
    call: str = ""


class Reader(msgspec.Struct, frozen=True):
    """How what is sealed is read: from a client as `wrapped`, from a server in its own form."""

    signature: SealForm
    encrypted: SealForm
    bound: ScopeKind = "route"

    def thought(self, given: Any) -> Thought | None:
        """The part that an entry stands for; None for what is none."""
        try:
            detail = msgspec.convert(given, _Detail)
        except msgspec.ValidationError:
            return None
        value, words = detail.signature, detail.text or detail.summary or ""
        form = self.signature
        if detail.type == "reasoning.encrypted":
            value, words, form = detail.data, "", self.encrypted
        if not value and not words:
            return None
        sealed = (
            Sealed(form=form, value=value, bound=self.bound, id=detail.id or "", on=_on(detail))
            if value
            else None
        )
        summary = detail.type == "reasoning.summary"
        return Thought(Reasoning(text=words, summary=summary, sealed=sealed), detail.call or "")


def _on(detail: _Detail) -> Literal["self", "next", "previous"]:
    return detail.on or "self"


FROM_CLIENT = Reader("wrapped", "wrapped")
FROM_SERVER = Reader("signature", "encrypted")


def detail_of(part: Reasoning, index: int, call: str = "") -> dict[str, Any]:
    """The entry that stands for a part."""
    sealed = part.sealed
    value = None if sealed is None else sealed.value
    told: dict[str, Any] = {
        "id": sealed.id if sealed is not None and sealed.id else None,
        "on": sealed.on if sealed is not None and sealed.on != "self" else None,
        "call": call or None,
        "index": index,
    }
    if not part.text:
        said: dict[str, Any] = {"type": "reasoning.encrypted", "data": value or ""}
    elif part.summary:
        said = {"type": "reasoning.summary", "summary": part.text, "signature": value}
    else:
        said = {"type": "reasoning.text", "text": part.text, "signature": value}
    return {name: value for name, value in (said | told).items() if value is not None}


def read_thoughts(
    given: Mapping[str, Any], reader: Reader, place: str, losses: list[Loss]
) -> list[Thought]:
    """The reasoning that a message holds, in its order."""
    words = words_of_thought(given)
    details = given.get(DETAILS)
    thoughts: list[Thought] = []
    for index, detail in enumerate(details if isinstance(details, list) else ()):
        thought = reader.thought(detail)
        if thought is None:
            at = f"{place}.{DETAILS}[{index}]" if place else f"{DETAILS}[{index}]"
            losses.append(Loss(field=at, why=_UNREADABLE))
        else:
            thoughts.append(thought)
    return _with_plain_words(words, thoughts, place, losses)


def _with_plain_words(
    words: str, thoughts: list[Thought], place: str, losses: list[Loss]
) -> list[Thought]:
    detailed = "".join(thought.part.text for thought in thoughts)
    if words in {"", detailed}:
        return thoughts
    if words.endswith(detailed):
        return [Thought(Reasoning(text=words.removesuffix(detailed))), *thoughts]
    field = f"{place}.reasoning_content" if place else "reasoning_content"
    losses.append(Loss(field=field, why=_OTHER_WORDS))
    return thoughts


def words_of_thought(given: Mapping[str, Any]) -> str:
    """The words of the reasoning, whichever of the fields holds them."""
    for name in ("reasoning_content", "reasoning"):
        if isinstance(words := given.get(name), str) and words:
            return words
    return ""


def placed(thoughts: Iterable[Thought]) -> tuple[list[Reasoning], list[Reasoning], "Calls"]:
    """The parts before the text, those after it, and those before each call."""
    before: list[Reasoning] = []
    after: list[Reasoning] = []
    calls: Calls = {}
    for thought in thoughts:
        on = None if thought.part.sealed is None else thought.part.sealed.on
        if on == "next":
            calls.setdefault(thought.call, []).append(thought.part)
        elif on == "previous":
            after.append(thought.part)
        else:
            before.append(thought.part)
    return before, after, calls


Calls = dict[str, list[Reasoning]]


def joined(parts: Sequence[Reasoning]) -> str:
    """The words of all parts."""
    return "".join(part.text for part in parts)
