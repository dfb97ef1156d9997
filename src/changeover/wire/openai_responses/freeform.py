"""Tools whose input is words and no JSON: `custom` tools.

Source: OpenAI's guide "Function calling", custom tools, and `CustomToolParam` of its SDK.
Codex's `apply_patch` is one. No other protocol but OpenAI's two has them, so canonically
such a tool is a function whose only parameter, `input`, is the words:

* A grammar that the words must fit is told in the description. Vendors of this protocol
  hold the model to it, others cannot; that is reported.
* A call's arguments are `{"input": WORDS}`. Where a model wrote arguments that are not
  that, the client gets them as they are, and its tool will say what is wrong with them.
"""

from typing import Any, Literal

import msgspec

from changeover.conversation.model import Freeform, Loss, Tool
from changeover.wire.fields import review
from changeover.wire.openai_responses.fields import CUSTOM_TOOL
from changeover.wire.shapes import UNREADABLE, shape_from_client

_PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
    "additionalProperties": False,
}
OPENING = '{"input":"'
CLOSING = '"}'


class _Input(msgspec.Struct):
    input: str


class _Format(msgspec.Struct):
    type: Literal["text", "grammar"]
    syntax: Literal["lark", "regex"] = "lark"
    definition: str = ""


class _Custom(msgspec.Struct):
    name: str
    description: str | None = None
    format: _Format | None = None


_input = msgspec.json.Decoder(_Input)


def read_custom(given: dict[str, Any], place: str, losses: list[Loss]) -> Tool:
    """A client's custom tool; `ProtocolError` for what is none."""
    losses += review(given, CUSTOM_TOOL, place)
    custom = shape_from_client(given, _Custom, place)
    grammar = custom.format is not None and custom.format.type == "grammar"
    freeform = Freeform(description=custom.description)
    described = [custom.description] if custom.description else []
    if custom.format is not None and grammar:
        freeform = Freeform(
            description=custom.description,
            syntax=custom.format.syntax,
            definition=custom.format.definition,
        )
        why = "The grammar is told to the model; not every vendor can hold a model to it."
        losses.append(Loss(field=f"{place}.format", why=why))
        described.append(f"The input fits this grammar ({freeform.syntax}):")
        described.append(freeform.definition)
    return Tool(
        name=custom.name,
        description="\n\n".join(described) or None,
        parameters=_PARAMETERS,
        freeform=freeform,
    )


def write_custom(name: str, freeform: Freeform) -> dict[str, Any]:
    """The tool as its own protocol has it."""
    custom: dict[str, Any] = {"type": "custom", "name": name}
    if freeform.description is not None:
        custom["description"] = freeform.description
    if freeform.syntax is not None:
        grammar = {"syntax": freeform.syntax, "definition": freeform.definition}
        custom["format"] = {"type": "grammar", **grammar}
    return custom


def arguments_of(words: str) -> str:
    """The arguments that stand for a custom tool's input."""
    return OPENING + escaped(words) + CLOSING


def escaped(piece: str) -> str:
    """A piece of the input as it stands within its arguments."""
    return msgspec.json.encode(piece).decode()[1:-1]


def input_of(arguments: str) -> str:
    """The input that arguments stand for; the arguments themselves where they are other ones."""
    try:
        return _input.decode(arguments).input
    except UNREADABLE:
        return arguments
