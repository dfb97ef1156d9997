"""What a stand-in says in Chat Completions, as a message and as the deltas of a stream.

An answer that calls tools says nothing beside; each call is a delta with its id and name, then
deltas with its arguments. Where one function was demanded, the reason for stopping is `stop`.
Answers in a form, refusals, citations and probabilities are those of `responses_answer.py`, by
the same words of a person's last message. Two more of its words make an answer end otherwise:

* "withhold it": the vendor's filter ends it, with half of its words;
* "break off": the vendor fails in the middle of it.

The vendor does not show reasoning here; it costs tokens.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from changeover.standin.asked import Answered, Asked, Called, Mark
from changeover.standin.responses_answer import content, shaped, thought_tokens
from changeover.standin.responses_wanted import Wanted
from changeover.standin.tokens import pieces

_FINISH = {"end": "stop", "stop-sequence": "stop", "length": "length", "tool-use": "tool_calls"}
_WITHHOLD = re.compile(r"\bwithhold it\b", re.IGNORECASE)
_BREAK_OFF = re.compile(r"\bbreak off\b", re.IGNORECASE)
BROKEN = "The server had an error processing your request. Sorry about that!"
Delta = tuple[dict[str, Any], Any]


class Saying:
    """One answer's words, calls, figures and end."""

    def __init__(self, asked: Asked, answered: Answered, mark: Mark) -> None:
        self.wanted = as_wanted(asked)
        self.answered = shaped(self.wanted, answered)
        self.mark = mark
        words = [said.text for said in asked.conversation if said.role == "user"]
        last = words[-1] if words else ""
        self.filtered = _WITHHOLD.search(last) is not None and not answered.calls
        self.breaks_off = _BREAK_OFF.search(last) is not None
        self.said = content(self.wanted, self.answered)
        if self.filtered and self.said["type"] == "output_text":
            half = pieces(self.said["text"])
            kept = half[: len(half) // 2]
            self.said |= {
                "text": "".join(kept),
                "annotations": [],
                "logprobs": self.said["logprobs"][: len(kept)],
            }

    @property
    def refusal(self) -> str | None:
        return self.said.get("refusal")

    @property
    def text(self) -> str | None:
        """The words, where there are any: none beside calls or a refusal."""
        return None if self.answered.calls or self.refusal is not None else self.said["text"]

    @property
    def finish(self) -> str:
        if self.filtered:
            return "content_filter"
        if self.answered.calls and self.wanted.choice == "named":
            return "stop"
        return _FINISH[self.answered.stop]

    @property
    def usage(self) -> dict[str, Any]:
        answered = self.answered
        return {
            "prompt_tokens": answered.input_tokens,
            "completion_tokens": answered.output_tokens,
            "total_tokens": answered.input_tokens + answered.output_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": thought_tokens(self.wanted),
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": self.text,
            "refusal": self.refusal,
            "annotations": self._annotations(),
        }
        if self.answered.calls:
            message["tool_calls"] = [
                call_object(call, f"call_{self.mark.secret[:22]}{at:02d}")
                for at, call in enumerate(self.answered.calls)
            ]
        return message

    def logprobs(self) -> dict[str, Any] | None:
        if self.wanted.chances is None or self.text is None:
            return None
        return {"content": self.said["logprobs"], "refusal": None}

    def deltas(self) -> Iterator[Delta]:
        """Each delta with its probabilities."""
        silent = self.answered.calls or self.refusal is not None
        yield {"role": "assistant", "content": None if silent else "", "refusal": None}, None
        if self.answered.calls:
            yield from ((delta, None) for delta in self._calls())
        elif self.refusal is not None:
            yield from (({"refusal": piece}, None) for piece in pieces(self.refusal))
        else:
            yield from self._words()

    def _words(self) -> Iterator[Delta]:
        chances = self.said["logprobs"]
        for at, piece in enumerate(pieces(self.said["text"])):
            told = {"content": [chances[at]], "refusal": None} if chances else None
            yield {"content": piece}, told
        if cited := self._annotations():
            yield {"annotations": cited}, None

    def _calls(self) -> Iterator[dict[str, Any]]:
        for at, call in enumerate(self.answered.calls):
            yield from call_deltas(call, at, f"call_{self.mark.secret[:22]}{at:02d}")

    def _annotations(self) -> list[dict[str, Any]]:
        if self.text is None:
            return []
        return [
            {
                "type": "url_citation",
                "url_citation": {name: one[name] for name in one if name != "type"},
            }
            for one in self.said["annotations"]
        ]


def as_wanted(asked: Asked) -> Wanted:
    """The request with what may be asked beyond words and tools."""
    if isinstance(asked, Wanted):
        return asked
    return Wanted(**{name: getattr(asked, name) for name in asked.__struct_fields__})


def call_object(call: Called, name: str) -> dict[str, Any]:
    """A call under the id `name`."""
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": name, "type": "function", "function": function}


def call_deltas(call: Called, at: int, name: str) -> Sequence[dict[str, Any]]:
    """A call's deltas: its id and name, then its arguments piece by piece."""
    opening = {"index": at, **call_object(call, name)}
    opening["function"] = {"name": call.name, "arguments": ""}
    more = [{"index": at, "function": {"arguments": one}} for one in pieces(call.arguments)]
    return [{"tool_calls": [one]} for one in (opening, *more)]
