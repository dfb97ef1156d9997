"""The matrix as docs/protocols.md shows it: what is declared, and the cells prove.

A request is read and written, so there is a table of what each client's protocol can say
and what is done with it at the door, and one of what becomes of it for each upstream. The
page holds them between two marks, and a test compares them with what is declared.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tests.matrix.cells import CLIENTS, says
from tests.matrix.features import FEATURES
from tests.matrix.features.feature import Feature
from tests.matrix.outcome import READ, Outcome
from tests.matrix.reads import READS
from tests.matrix.upstreams import AS_MESSAGES, SERVERS, TITLES
from tests.matrix.writes import WRITES

PAGE = Path(__file__).parents[2] / "docs" / "protocols.md"
BEGIN = "<!-- The tables between these marks are written by `make matrix`. -->"
END = "<!-- Here the tables end. -->"
_PLACE = re.compile(r"\[\d+\]")
_NOT_SHOWN = frozenset({"Answers", "Errors"})
_CLIENTS: Mapping[str, str] = {
    "chat": "Chat Completions",
    "responses": "Responses",
    "messages": "Messages",
    "gemini": "generateContent",
    "converse": "Converse",
}


def tables() -> str:
    """The tables, in Markdown."""
    own = [name for name in TITLES if name not in {*SERVERS, *AS_MESSAGES}]
    return "\n\n".join(
        [
            "**From each client.** A dash: its protocol has no words for it.",
            _table(_CLIENTS.values(), _at_the_door),
            "**To each protocol,** as its own vendor speaks it.",
            _table([TITLES[name] for name in own], _to(own)),
            "**To servers that speak Chat Completions** in their own ways.",
            _table([TITLES[name] for name in SERVERS], _to(SERVERS)),
        ]
    )


def written(page: str) -> str:
    """The page with the tables as they are declared now."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"docs/protocols.md has lost its mark: {BEGIN}"
    assert end, f"docs/protocols.md has lost its mark: {END}"
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def _at_the_door(feature: Feature) -> Sequence[str]:
    return [
        _words(READS[client].get(feature.name, READ)) if says(client, feature) else "–"
        for client in CLIENTS
    ]


def _to(upstreams: Sequence[str]) -> Callable[[Feature], Sequence[str]]:
    return lambda feature: [_words(WRITES[upstream][feature.name]) for upstream in upstreams]


def _words(outcome: Outcome) -> str:
    named = ", ".join(f"`{_PLACE.sub('[]', field)}`" for field in outcome.fields)
    return f"{outcome.kind}: {named}" if named else outcome.kind


def _table(titles: Iterable[str], row: Callable[[Feature], Sequence[str]]) -> str:
    columns = ["", *titles]
    lines = [_line(columns), _line(["---"] * len(columns))]
    group = ""
    for feature in FEATURES.values():
        if feature.group in _NOT_SHOWN:
            continue
        if feature.group != group:
            group = feature.group
            lines.append(_line([f"*{group}*", *([""] * (len(columns) - 1))]))
        lines.append(_line([feature.title, *row(feature)]))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
