"""What the scenarios ask of a program, whichever SDK it was written with.

A scenario's request is a `ChatRequest`, because its words are no protocol's; a
program writes it by hand as its SDK's arguments. What a protocol cannot say at
all raises `CannotSay`, and the scenario has no cell there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from changeover.conversation.model import ChatRequest, Turn
from changeover.directory.model import Protocol as WireProtocol
from tests.matrix.heard import Heard

Arguments = dict[str, Any]


class CannotSay(Exception):  # noqa: N818 (an answer, not a fault)
    """The client's protocol has no words for it."""


class Program(Protocol):
    """One SDK's program."""

    @property
    def name(self) -> str: ...

    @property
    def protocol(self) -> WireProtocol: ...

    @property
    def history(self) -> str:
        """The argument that holds the conversation."""
        ...

    def write(self, request: ChatRequest) -> Arguments:
        """The SDK's arguments for a request, its model's name aside."""
        ...

    def turn(self, turn: Turn, names: Mapping[str, str]) -> Sequence[Any]:
        """A turn as items of the history; `names` are the tools' by their calls' ids."""
        ...

    def ask(self, model: str, arguments: Arguments, *, stream: bool) -> Heard: ...


def refuse(unsaid: Mapping[str, Any]) -> None:
    """Raises `CannotSay` where any of the values is there."""
    for name, value in unsaid.items():
        if value not in (None, "", (), {}, False):
            raise CannotSay(name)
