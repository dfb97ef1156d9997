"""A conversation's tree of turns. Pure functions over all of its turns.

A new turn hangs below the head; regenerating and branching hang a turn below an
earlier one. The head is then the newest leaf: what was last written to is where
the conversation goes on. No pointer to it is kept, so none can be wrong.
"""

from collections.abc import Sequence

from changeover.chat.model import StoredTurn


def head_of(turns: Sequence[StoredTurn]) -> StoredTurn | None:
    """The newest turn that nothing follows; None in an empty conversation."""
    parents = {turn.parent for turn in turns}
    leaves = [turn for turn in turns if turn.id not in parents]
    return max(leaves, key=lambda turn: (turn.created, turn.id), default=None)


def path_to(turns: Sequence[StoredTurn], end: StoredTurn | None) -> tuple[StoredTurn, ...]:
    """The turns from the root to `end`, oldest first."""
    by_id = {turn.id: turn for turn in turns}
    path: list[StoredTurn] = []
    while end is not None:
        path.append(end)
        end = by_id.get(end.parent or "")
    return tuple(reversed(path))


def answer_to(turns: Sequence[StoredTurn], question: StoredTurn) -> StoredTurn | None:
    """The first answer below a user's turn."""
    answers = [turn for turn in turns if turn.parent == question.id and turn.role == "assistant"]
    return min(answers, key=lambda turn: (turn.created, turn.id), default=None)
