"""The parts of an answer as Google's models give them, and what stands beside them.

Written from the vendor's pages "Gemini thinking" and "Thought signatures" and its
reference of `Candidate`.

* Thoughts come first where they are asked for, then words, then calls. Calls of the
  third generation have ids, and the first of them the signature; an answer without calls
  bears one on its last part, which in a stream is an empty text of its own. Models of 2.5
  sign the first part that is no thought, where they think and functions are declared.
* An answer in JSON is filled from the person's words like the arguments of a call.
* Each token's probability is as likely as the next's: a stand-in is never in doubt.
"""

import json
from typing import Any

import msgspec

from changeover.standin import tokens
from changeover.standin.asked import Answered, Called
from changeover.standin.calling import filled
from changeover.standin.gemini_asked import GeminiAsked
from changeover.standin.gemini_models import signs_calls
from changeover.standin.gemini_signatures import of_call, of_words
from changeover.standin.gemini_wishes import Wishes

THOUGHTS = "**Reading what was asked**\n\nI look for it in what I was given."
_LIKELY = -0.05
_UNLIKELY = -3.5

Part = dict[str, Any]


class Composed:
    """An answer's parts, whole or in pieces."""

    def __init__(self, asked: GeminiAsked, answered: Answered, secret: str) -> None:
        self._asked = asked
        self._secret = secret
        self.text = _form(asked, answered)
        self.thoughts = THOUGHTS if asked.shows else ""
        self.thought_tokens = tokens.count(THOUGHTS) if asked.thinks else 0
        self._calls = answered.calls

    def whole(self) -> list[Part]:
        parts: list[Part] = [_thought(self.thoughts)] if self.thoughts else []
        parts += [{"text": self.text}] if self.text or not self._calls else []
        parts += self._written_calls()
        return self._signed(parts)

    def pieces(self) -> list[Part]:
        parts: list[Part] = [_thought(piece) for piece in tokens.pieces(self.thoughts)]
        parts += [{"text": piece} for piece in tokens.pieces(self.text)]
        parts += self._written_calls()
        if signs_calls(self._asked.model) and not self._calls:
            return [*parts, {"text": "", "thoughtSignature": self._of_words(self.text)}]
        return self._signed(parts or [{"text": ""}])

    def _signed(self, parts: list[Part]) -> list[Part]:
        at = self._place(parts)
        if at is not None:
            part = parts[at]
            call = part.get("functionCall")
            signature = (
                self._of_words(part["text"])
                if call is None
                else of_call(self._asked.model, call["name"], msgspec.json.decode(call["args"]))
            )
            parts[at] = {**part, "thoughtSignature": signature}
        return parts

    def _place(self, parts: list[Part]) -> int | None:
        """The part that bears the signature, if any does."""
        if signs_calls(self._asked.model):
            first_call = (at for at, part in enumerate(parts) if "functionCall" in part)
            return next(first_call, len(parts) - 1)
        if not self._asked.thinks or not self._asked.tools:
            return None
        return next(at for at, part in enumerate(parts) if not part.get("thought"))

    def _of_words(self, words: str) -> str:
        return of_words(self._asked.model, words)

    def _written_calls(self) -> list[Part]:
        return [self._call(call, at) for at, call in enumerate(self._calls)]

    def _call(self, call: Called, at: int) -> Part:
        named = {"id": f"{self._secret[:8]}{at}"} if signs_calls(self._asked.model) else {}
        arguments = msgspec.Raw(call.arguments.encode())
        return {"functionCall": {**named, "name": call.name, "args": arguments}}


def _thought(words: str) -> Part:
    return {"text": words, "thought": True}


def _form(asked: GeminiAsked, answered: Answered) -> str:
    """The words, or the JSON that is to be given instead of them, cut where they are cut."""
    if asked.form is None or answered.calls:
        return answered.text
    if not asked.form:
        written = json.dumps({"answer": answered.text}, ensure_ascii=False)
    else:
        words = next((s.text for s in reversed(asked.conversation) if s.role == "user"), "")
        around = filled({"properties": {"answer": asked.form}}, words)
        written = json.dumps(json.loads(around)["answer"], ensure_ascii=False)
    return tokens.cut(written, asked.max_tokens, asked.stops).text


def grounding(wishes: Wishes, text: str) -> dict[str, Any]:
    """What stands beside a candidate of the sources that were asked for."""
    beside: dict[str, Any] = {}
    length = len(text.encode())
    if wishes.cited:
        chunks = [{"web": {"uri": each, "title": each.split("/")[2]}} for each in wishes.cited]
        segment = {"endIndex": length, "text": text}
        support = {"segment": segment, "groundingChunkIndices": list(range(len(chunks)))}
        beside["groundingMetadata"] = {"groundingChunks": chunks, "groundingSupports": [support]}
    if wishes.recited:
        sources = [{"startIndex": 0, "endIndex": length, "uri": each} for each in wishes.recited]
        beside["citationMetadata"] = {"citationSources": sources}
    return beside


def chances(text: str, others: int) -> dict[str, Any]:
    """The `logprobsResult` of words, with so many tokens in the place of each."""
    said = tokens.pieces(text)
    return {
        "chosenCandidates": [_token(piece, _LIKELY) for piece in said],
        "topCandidates": [{"candidates": _in_place_of(piece, others)} for piece in said],
    }


def _in_place_of(piece: str, others: int) -> list[dict[str, Any]]:
    likely = [_token(piece, _LIKELY)] if others else []
    return likely + [_token(f"{piece}{at}", _UNLIKELY - at) for at in range(1, others)]


def _token(piece: str, chance: float) -> dict[str, Any]:
    return {"token": piece, "tokenId": len(piece), "logProbability": chance}
