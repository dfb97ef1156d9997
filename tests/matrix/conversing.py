"""A program that holds a long conversation itself, while the route behind it changes.

It appends what its SDK gave, untouched, and what its tools gave. The model's name of a
call is all that tells one vendor from another, as when a binding changes between calls.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Image,
    Part,
    Sampling,
    Text,
    Thinking,
    Tool,
    ToolResult,
    Turn,
)
from tests.matrix.features.feature import CLOCK, WEATHER
from tests.matrix.heard import Heard
from tests.matrix.programs.program import Arguments, Program
from tests.matrix.seals import Call
from tests.matrix.upstreams import Upstream
from tests.matrix.vendors import Vendors

Step = Literal["fact", "question", "image", "tools"]
TOOLS: tuple[Tool, ...] = (WEATHER, CLOCK)
FACT = "The visa report is due on 27 August."
QUESTION = "When is the visa report due?"
TASK = 'Use weather "Paris" and weather "Rome". Then use clock. Then tell me what time it is.'
PICTURE = base64.b64encode(b"a picture of the harbour").decode()
MOST_ROUNDS = 5


class Hop(msgspec.Struct, frozen=True):
    """Where the next call goes, and how."""

    upstream: Upstream
    stream: bool


class Conversation:
    """One program's conversation, and all that the vendors were sent of it."""

    def __init__(
        self, program: Program, vendors: Vendors, thinking: Thinking | None = None
    ) -> None:
        self._program = program
        self._vendors = vendors
        first = Turn(role="user", parts=(Text(text=FACT),))
        request = ChatRequest(
            model="",
            system=(Text(text="Be brief."),),
            turns=(first,),
            sampling=Sampling(max_tokens=4000),
            tools=TOOLS,
            thinking=thinking,
        )
        self._arguments: Arguments = program.write(request)
        self._history: list[Any] = self._arguments[program.history]
        self.calls: list[Call] = []
        self.heard: list[Heard] = []

    def begin(self, hop: Hop) -> Heard:
        """The answer to the first turn, which states the fact."""
        return self._ask(hop)

    def take(self, step: Step, hops: Iterator[Hop]) -> Heard:
        """Says something and answers the model's calls until it has none; its last answer."""
        self._say(_spoken(step), {})
        heard = self._ask(next(hops))
        for _ in range(MOST_ROUNDS):
            if not heard.calls:
                return heard
            names = dict(zip(heard.call_ids, (name for name, _ in heard.calls), strict=True))
            self._say([_result(call, name) for call, name in names.items()], names)
            heard = self._ask(next(hops))
        raise AssertionError(f"the model calls tools for ever: {heard}")

    def _say(self, parts: Sequence[Part], names: Mapping[str, str]) -> None:
        self._history += self._program.turn(Turn(role="user", parts=tuple(parts)), names)

    def _ask(self, hop: Hop) -> Heard:
        earlier = len(self._vendors.sent)
        heard = self._program.ask(hop.upstream.route, self._arguments, stream=hop.stream)
        self.calls += [Call(hop.upstream, sent) for sent in self._vendors.sent[earlier:]]
        self.heard.append(heard)
        assert heard.status == 200, (hop.upstream.name, heard.message, self.calls[-1:])
        assert not heard.broke, heard.message
        self._history += heard.said
        return heard


def _spoken(step: Step) -> list[Part]:
    match step:
        case "fact":
            return [Text(text="The lighthouse keeper counts the boats.")]
        case "question":
            return [Text(text=QUESTION)]
        case "image":
            return [Image(media_type="image/png", data=PICTURE), Text(text=QUESTION)]
        case "tools":
            return [Text(text=TASK)]


def _result(call: str, name: str) -> ToolResult:
    words = "It is noon." if name == "clock" else "18 degrees."
    return ToolResult(call=call, parts=(Text(text=words),))
