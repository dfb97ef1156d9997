"""The cells of the matrix, and the few among them that stand for all.

A cell is a client, an upstream, a feature and a mode. `chosen` picks, always the same
ones, so many that each pair of values of two dimensions occurs wherever it can: first one
cell for each feature and upstream, the one that shows most pairs not seen before, then
one for each pair that is still missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

import msgspec

from tests.matrix.features import FEATURES
from tests.matrix.features.feature import Feature
from tests.matrix.programs.chat import ChatProgram
from tests.matrix.programs.converse import ConverseProgram
from tests.matrix.programs.gemini import GeminiProgram
from tests.matrix.programs.messages import MessagesProgram
from tests.matrix.programs.program import CannotSay, Program
from tests.matrix.programs.responses import ResponsesProgram
from tests.matrix.upstreams import UPSTREAMS

CLIENTS: Mapping[str, Program] = {
    "chat": ChatProgram(),
    "responses": ResponsesProgram(),
    "messages": MessagesProgram(),
    "gemini": GeminiProgram(),
    "converse": ConverseProgram(),
}
"""By the name that tables and test ids have; these only write."""
Pair = tuple[int, str, int, str]


class Cell(msgspec.Struct, frozen=True):
    """One call of one program."""

    client: str
    upstream: str
    feature: str
    mode: str

    @property
    def id(self) -> str:
        return f"{self.feature}-{self.client}-{self.upstream}-{self.mode}"

    @property
    def pairs(self) -> Iterator[Pair]:
        values = (self.client, self.upstream, self.feature, self.mode)
        for (at, one), (beside, other) in combinations(enumerate(values), 2):
            yield at, one, beside, other


def says(client: str, feature: Feature) -> bool:
    """Whether a client's protocol has words for a feature."""
    if feature.given and client not in feature.given:
        return False
    try:
        CLIENTS[client].write(feature.request)
    except CannotSay:
        return False
    return True


@cache
def cells() -> tuple[Cell, ...]:
    """All cells, feature by feature."""
    return tuple(
        Cell(client, upstream, feature.name, mode)
        for feature in FEATURES.values()
        for upstream in UPSTREAMS
        if feature.upstreams is None or upstream in feature.upstreams
        for client in CLIENTS
        if says(client, feature)
        for mode in feature.modes
    )


def chosen(of: Sequence[Cell]) -> tuple[Cell, ...]:
    """Cells that show every pair of values which any of `of` shows."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in of:
        groups.setdefault((cell.feature, cell.upstream), []).append(cell)
    seen: dict[Pair, None] = {}
    picked: list[Cell] = []

    def new(cell: Cell) -> int:
        return sum(pair not in seen for pair in cell.pairs)

    def pick(cell: Cell) -> None:
        picked.append(cell)
        seen.update(dict.fromkeys(cell.pairs))

    for group in groups.values():
        pick(max(group, key=new))
    for cell in of:
        if new(cell):
            pick(cell)
    return tuple(picked)
