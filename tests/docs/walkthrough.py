"""A walk in Markdown: blocks of commands, what they show, and where Ctrl-C is pressed.

A `sh` block is run. A `text` block after it is what it prints, line by line; `…`
within a line stands for any text, and on a line of its own for any lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_ITEM = re.compile(
    r"^```(?P<language>sh|text)\n(?P<body>.*?)^```$|^(?P<stop><!-- Ctrl-C -->)$",
    re.MULTILINE | re.DOTALL,
)
_ANY = "…"


@dataclass
class Step:
    """Commands to run, what they show (None: anything), and whether Ctrl-C comes after."""

    commands: str
    shown: list[str] | None = None
    stop: bool = field(default=False)

    @property
    def only_looks(self) -> bool:
        """Whether it only reads a file that a running program writes."""
        return all(line.startswith("tail ") for line in self.commands.splitlines())


def steps(source: str) -> list[Step]:
    found: list[Step] = []
    for item in _ITEM.finditer(source):
        if item["stop"]:
            found[-1].stop = True
        elif item["language"] == "sh":
            found.append(Step(item["body"]))
        else:
            assert found[-1].shown is None, "two text blocks follow one sh block"
            found[-1].shown = item["body"].rstrip("\n").split("\n")
    return found


def shows(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether what was printed is what the document shows."""
    pattern = "".join(r"(?:.*\n)*?" if line == _ANY else _line(line) for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def _line(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split(_ANY)) + r"\n"
