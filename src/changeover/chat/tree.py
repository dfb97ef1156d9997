"""A conversation's tree of turns. Pure functions over all of its turns.

A new turn hangs below the head; an answer given again and a message that was
edited hang beside an earlier one. The head is then the newest leaf: what was last
written to is where the conversation goes on. No pointer to it is kept, so none can
be wrong. Who looks at another branch sees it to its own newest leaf.
"""

from collections.abc import Iterable, Sequence

from changeover.chat.model import Branching, StoredTurn


def head_of(turns: Sequence[StoredTurn]) -> StoredTurn | None:
    """The newest turn that nothing follows; None in an empty conversation."""
    return _newest_leaf(turns, turns)


def end_through(turns: Sequence[StoredTurn], turn: StoredTurn) -> StoredTurn:
    """The newest leaf among those below a turn; the turn itself where nothing follows it."""
    below = {turn.id}
    # Every turn comes after its parent's creation, so that one pass finds all of them.
    for one in turns:
        if one.parent in below:
            below.add(one.id)
    return _newest_leaf([one for one in turns if one.id in below], turns) or turn


def path_to(turns: Sequence[StoredTurn], end: StoredTurn | None) -> tuple[StoredTurn, ...]:
    """The turns from the root to `end`, oldest first."""
    by_id = {turn.id: turn for turn in turns}
    path: list[StoredTurn] = []
    while end is not None:
        path.append(end)
        end = by_id.get(end.parent or "")
    return tuple(reversed(path))


def branchings(turns: Sequence[StoredTurn]) -> tuple[Branching, ...]:
    """The places where several turns hang, each with its turns, the oldest first."""
    places: dict[str | None, list[str]] = {}
    for turn in turns:
        places.setdefault(turn.parent, []).append(turn.id)
    return tuple(
        Branching(below=parent, turns=tuple(hanging))
        for parent, hanging in places.items()
        if len(hanging) > 1
    )


def answer_to(turns: Sequence[StoredTurn], question: StoredTurn) -> StoredTurn | None:
    """The first answer below a user's turn."""
    answers = [turn for turn in turns if turn.parent == question.id and turn.role == "assistant"]
    return min(answers, key=lambda turn: (turn.created, turn.id), default=None)


def _newest_leaf(among: Iterable[StoredTurn], turns: Sequence[StoredTurn]) -> StoredTurn | None:
    parents = {turn.parent for turn in turns}
    leaves = [turn for turn in among if turn.id not in parents]
    return max(leaves, key=lambda turn: (turn.created, turn.id), default=None)
