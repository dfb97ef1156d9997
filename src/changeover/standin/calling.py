"""Which tools a stand-in calls, and with what: only what the conversation says.

1. Without tools, or where none may be called, nothing is called.
2. A person's message is worked through sentence by sentence: the tools that its
   first sentence names are called first, then, when their results are there,
   those of the next sentence that names any. A name counts as written, in
   either case. "Use weather "Paris" and weather "Rome". Then use convert." is
   two calls and, after their results, a third.
3. Where one tool is demanded, it is called; where any is, the first one, unless
   the sentence names another. So does a vendor, each time it is asked.
4. Where calls may not be parallel, one is made; the others are left.
5. Arguments come from the words after the name: strings from what stands between
   quotation marks, numbers from figures, one after the other. What finds none is
   its own name, 1, false or empty. An enumeration gives the member named, else
   the first.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import Asked, Called, Offered, Said

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_QUOTED = re.compile(r"[\"“«]\s*([^\"”»]*?)\s*[\"”»]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class _Named(msgspec.Struct, frozen=True):
    """A tool, and the words from its name to the next one's."""

    tool: Offered
    words: str


def calls(asked: Asked) -> tuple[Called, ...]:
    """The calls that answer `asked`; none where it is answered in words."""
    if not asked.tools or asked.choice == "none":
        return ()
    sentence, rounds = _turn(asked.conversation)
    named = _rounds(sentence, asked.tools)
    now = named[rounds] if rounds < len(named) else []
    wanted = _demanded(asked, sentence, now)
    if not asked.parallel:
        wanted = wanted[:1]
    return tuple(_called(one) for one in wanted)


def _turn(conversation: Sequence[Said]) -> tuple[str, int]:
    """The person's last message, and how many answers since then were calls."""
    rounds = 0
    for said in reversed(conversation):
        if said.role == "user":
            return said.text, rounds
        rounds += said.calls
    return "", rounds


def _rounds(message: str, tools: Sequence[Offered]) -> list[list[_Named]]:
    sentences = [_named(sentence, tools) for sentence in _SENTENCE.split(message)]
    return [named for named in sentences if named]


def _named(sentence: str, tools: Sequence[Offered]) -> list[_Named]:
    known = {tool.name.lower(): tool for tool in tools}
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    found = list(re.finditer(rf"(?<![\w-])(?:{names})(?![\w-])", sentence, re.IGNORECASE))
    ends = [*(match.start() for match in found[1:]), len(sentence)]
    return [
        _Named(known[match.group().lower()], sentence[match.end() : end])
        for match, end in zip(found, ends, strict=False)
    ]


def _demanded(asked: Asked, message: str, now: list[_Named]) -> list[_Named]:
    match asked.choice:
        case "named":
            tool = next(tool for tool in asked.tools if tool.name == asked.named)
            return [one for one in now if one.tool == tool] or [_Named(tool, message)]
        case "required":
            return now or [_Named(asked.tools[0], message)]
        case _:
            return now


def _called(named: _Named) -> Called:
    return Called(name=named.tool.name, arguments=filled(named.tool.schema, named.words))


def filled(schema: Mapping[str, Any], words: str) -> str:
    """A JSON object for an object's schema, its values from the words as rule 5 says."""
    quoted = (match[1] for match in _QUOTED.finditer(words))
    figures = (match[0] for match in _NUMBER.finditer(_QUOTED.sub("", words)))
    return json.dumps(_Words(words.lower(), quoted, figures).object(schema))


class _Words:
    """Values for a schema, from what a sentence holds."""

    def __init__(self, words: str, quoted: Iterator[str], figures: Iterator[str]) -> None:
        self._words = words
        self._quoted = quoted
        self._figures = figures

    def object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        properties = schema.get("properties")
        given = properties if isinstance(properties, dict) else {}
        return {
            name: self._value(name, inner if isinstance(inner, dict) else {})
            for name, inner in given.items()
        }

    def _value(self, name: str, schema: Mapping[str, Any]) -> Any:
        if isinstance(members := schema.get("enum"), list) and members:
            named = (one for one in members if str(one).lower() in self._words)
            return next(named, members[0])
        match _type(schema):
            case "object":
                return self.object(schema)
            case "integer":
                return int(float(next(self._figures, "1")))
            case "number":
                return float(next(self._figures, "1"))
            case "string":
                return next(self._quoted, name)
            case other:
                return {"array": [], "boolean": False, "null": None}.get(other, name)


def _type(schema: Mapping[str, Any]) -> str:
    """The first type that a schema allows; a string's where it names none."""
    kinds = schema.get("type")
    return str((kinds if isinstance(kinds, list) and kinds else [kinds or "string"])[0])
