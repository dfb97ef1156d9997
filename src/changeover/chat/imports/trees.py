"""Turns as a tree, out of what a file says hangs where.

A file's messages refer to each other by name. Some of them are not kept (a tool's result,
say): what follows such a one then follows the nearest kept one before it. What names a
message that is not in the file begins a branch. Messages in a circle are an error.
"""

import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from changeover.chat.imports.found import FoundTurn, UnreadableFileError

MOST_TURNS = 20_000


class Node(msgspec.Struct, frozen=True):
    """A message of a file: what it follows, and its turn, None where it makes none."""

    id: str
    parent: str | None
    turn: FoundTurn | None


def grown(nodes: Sequence[Node]) -> tuple[FoundTurn, ...]:
    """The turns, each after its parent, otherwise by time; `UnreadableFileError`."""
    if len(nodes) > MOST_TURNS:
        raise UnreadableFileError(
            f"This conversation has more than {MOST_TURNS} messages.",
            means="It was not taken in.",
        )
    by_id = {node.id: node for node in nodes}
    kept: dict[str, str | None] = {}
    turns = [
        msgspec.structs.replace(node.turn, parent=_kept_before(node, by_id, kept))
        for node in by_id.values()
        if node.turn is not None
    ]
    return _in_order(turns)


def leaf_below(turns: Sequence[FoundTurn], head: str | None) -> str | None:
    """The last leaf at or below a turn, in the order of the turns; None where it is not there."""
    below: set[str] = {head} if head is not None else set()
    last = None
    parents = {turn.parent for turn in turns}
    for turn in turns:
        if turn.id in below or turn.parent in below:
            below.add(turn.id)
            if turn.id not in parents:
                last = turn.id
    return last


def nearest_kept(nodes: Sequence[Node], head: str | None) -> str | None:
    """The turn that a file's reader stood at, or the nearest kept one before it."""
    by_id = {node.id: node for node in nodes}
    here = by_id.get(head or "")
    if here is None:
        return None
    return here.id if here.turn is not None else _kept_before(here, by_id, {})


def _kept_before(node: Node, by_id: Mapping[str, Node], known: dict[str, str | None]) -> str | None:
    """The nearest kept message before one; `known` saves walking a long way twice."""
    walked: list[str] = []
    found: str | None = None
    here = by_id.get(node.parent or "")
    seen = {node.id}
    while here is not None:
        if here.id in seen:
            raise _circle()
        seen.add(here.id)
        if here.turn is not None:
            found = here.id
            break
        if here.id in known:
            found = known[here.id]
            break
        walked.append(here.id)
        here = by_id.get(here.parent or "")
    for one in walked:
        known[one] = found
    return found


def _in_order(turns: Sequence[FoundTurn]) -> tuple[FoundTurn, ...]:
    following: dict[str | None, list[int]] = {}
    for place, turn in enumerate(turns):
        following.setdefault(turn.parent, []).append(place)
    ready: list[tuple[float, int]] = [
        (_key(turns[place].said, 0), place) for place in following.get(None, ())
    ]
    heapq.heapify(ready)
    ordered: list[FoundTurn] = []
    while ready:
        when, place = heapq.heappop(ready)
        ordered.append(turns[place])
        for after in following.get(turns[place].id, ()):
            heapq.heappush(ready, (_key(turns[after].said, when), after))
    if len(ordered) < len(turns):
        raise _circle()
    return tuple(ordered)


def _key(said: datetime | None, otherwise: float) -> float:
    return otherwise if said is None else said.timestamp()


def _circle() -> UnreadableFileError:
    return UnreadableFileError(
        "The messages of this conversation follow each other in a circle.",
        means="It was not taken in.",
    )
