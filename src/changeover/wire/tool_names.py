"""Names of tools, fitted to what a vendor takes, and back in its answer.

OpenAI takes `[a-zA-Z0-9_-]`, 64 of them at most ("Function calling" in its reference), and
compatible servers took that over. A client of another vendor may use longer names and other
characters. A name that fits stays. Any other is written as its first characters, those that
cannot be written replaced by `_`, and a digest of the whole: the same name gives the same
replacement in every later request, so that a vendor's prompt cache still finds what it knows.

The replacement does not depend on who writes it. So it can be turned back from the request
alone: of a request's tools, the one whose replacement the answer calls is the one it means.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

from changeover.conversation.events import Event, ToolCallStarted
from changeover.conversation.model import Loss, Tool

FITTING = re.compile(r"[a-zA-Z0-9_-]{1,64}")
SHORTENED = Loss(
    field="tools",
    why="The vendor takes no tool's name like this; it is written in another form, and turned "
    "back in the answer.",
)
_OTHERS = re.compile(r"[^a-zA-Z0-9_-]")
_KEPT = 47
_DIGITS = 16


def replacement(name: str) -> str:
    """What stands for a name that a vendor does not take."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
    return f"{_OTHERS.sub('_', name[:_KEPT])}_{digest}"


def fitted(name: str, fitting: re.Pattern[str] = FITTING) -> str:
    """The name to write."""
    return name if fitting.fullmatch(name) else replacement(name)


def originals(tools: Iterable[Tool]) -> dict[str, str]:
    """The tools' names by what may stand for them in an answer."""
    return {replacement(tool.name): tool.name for tool in tools}


def turned_back(events: list[Event], names: Mapping[str, str]) -> list[Event]:
    """The events with the tools called as the request named them."""
    if not names:
        return events
    return [
        ToolCallStarted(id=event.id, name=names[event.name])
        if isinstance(event, ToolCallStarted) and event.name in names
        else event
        for event in events
    ]
