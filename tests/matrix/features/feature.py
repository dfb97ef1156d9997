"""A feature: what a program asks, and what it must hear, whoever serves it.

Each is one entry. `request` says it in words that are no protocol's, `given` adds
arguments of one SDK alone (for a client without an entry there, where there are any,
the feature has no cell). `hears` holds what came against what had to come; it is asked
only where the feature reached the vendor. `fault` makes the vendor fail. `upstreams` are
those that give such an answer, where not all do.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Part,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tests.matrix.heard import Heard
from tests.matrix.programs.program import Arguments

FACT = "The lighthouse keeper counts the boats."
QUESTION = f"{FACT} Who counts the boats?"
PICTURE = base64.b64encode(b"a picture that nobody looks at").decode()
PICTURE_URL = "https://example.org/harbour.png"
PDF = base64.b64encode(b"%PDF-1.4 the harbour's log").decode()
PDF_URL = "https://example.org/log.pdf"
LIMIT = Sampling(max_tokens=400)
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER = Tool(name="weather", description="The weather now.", parameters=SCHEMA)
CLOCK = Tool(name="clock", description="The time now.", parameters={"type": "object"})
EMPTY_CLOCK = Tool(name="clock", description="The time now.")
CALL = ToolCall(id="call_1", name="weather", arguments='{"city":"Paris"}')
WORDS = "18 degrees in Paris"


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario. `title` is its row in the table, `group` the row's heading."""

    name: str
    title: str
    group: str
    request: ChatRequest
    hears: Callable[[Heard], None]
    given: Mapping[str, Arguments] = {}
    modes: tuple[Literal["whole", "streamed"], ...] = ("whole", "streamed")
    fault: str = ""
    pinned: bool = False
    unknown: bool = False
    upstreams: frozenset[str] | None = None


def said(*parts: Part | str, role: Literal["user", "assistant"] = "user") -> Turn:
    """A turn; plain texts are parts of their own."""
    spoken = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
    return Turn(role=role, parts=spoken)


def asking(*turns: Turn, sampling: Sampling = LIMIT, **more: Any) -> ChatRequest:
    return ChatRequest(
        model="",
        system=more.pop("system", ()),
        turns=turns or (said(QUESTION),),
        sampling=sampling,
        **more,
    )


def sampled(**given: Any) -> ChatRequest:
    return asking(sampling=msgspec.structs.replace(LIMIT, **given))


def loop(*results: ToolResult, calls: tuple[ToolCall, ...] = (CALL,)) -> ChatRequest:
    """A request in the middle of a loop: the results of calls made before."""
    turns = (
        said("What is the weather?"),
        Turn(role="assistant", parts=calls),
        Turn(role="user", parts=results),
    )
    return asking(*turns, tools=(WEATHER,))
