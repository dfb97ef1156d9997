"""The product's own file of a conversation, which another Changeover can take in.

`docs/conversation-format.md` describes it. All branches are in it, each turn with who
answered. A version counts up when a reader of the one before would misread it; fields
may be added without, for readers leave alone what they do not know.
"""

from datetime import datetime

import msgspec

from changeover.basics.text import Bilingual
from changeover.chat.exports import labels
from changeover.chat.model import Origin, Problem, Seam, Served, TurnState
from changeover.chat.seams import seams
from changeover.chat.shelf import Loaded
from changeover.chat.tree import head_of, path_to
from changeover.conversation.model import Role

FORMAT, VERSION = "changeover-conversation", 1


class FiledTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A turn with all that is told of it; `parent` names the turn that it follows.

    `fresh` says that no earlier text went to the model with it, `instructed` that the
    person's own instructions did.
    """

    id: str
    parent: str | None
    role: Role
    created: datetime
    state: TurnState
    text: str
    served: Served | None = None
    problem: Problem | None = None
    fresh: bool = False
    instructed: bool = False
    origin: Origin | None = None


class FiledConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as it was when it was exported; `head` is its newest turn."""

    format: str
    version: int
    notice: Bilingual
    exported: datetime
    id: str
    title: str
    service: str
    created: datetime
    changed: datetime
    head: str | None
    turns: tuple[FiledTurn, ...]
    seams: tuple[Seam, ...]


def filed(loaded: Loaded, now: datetime) -> FiledConversation:
    """The file's content of a conversation."""
    head = head_of(loaded.turns)
    return FiledConversation(
        format=FORMAT,
        version=VERSION,
        notice=labels.MACHINE,
        exported=now,
        id=loaded.conversation.id,
        title=loaded.conversation.title,
        service=loaded.conversation.service,
        created=loaded.conversation.created,
        changed=loaded.conversation.changed,
        head=None if head is None else head.id,
        turns=tuple(
            FiledTurn(
                id=turn.id,
                parent=turn.parent,
                role=turn.role,
                created=turn.created,
                state=turn.state,
                text=turn.text,
                served=turn.served,
                problem=_lasting(turn.problem),
                fresh=turn.fresh,
                instructed=turn.instructed,
                origin=turn.origin,
            )
            for turn in loaded.turns
        ),
        seams=_all_seams(loaded),
    )


def written(conversation: FiledConversation) -> bytes:
    """The file's bytes."""
    return msgspec.json.format(msgspec.json.encode(conversation), indent=2) + b"\n"


def _lasting(problem: Problem | None) -> Problem | None:
    """A problem without what could be asked instead at that moment."""
    return None if problem is None else msgspec.structs.replace(problem, instead=())


def _all_seams(loaded: Loaded) -> tuple[Seam, ...]:
    """The seams of every branch; branches that begin as one share those of their beginning."""
    parents = {turn.parent for turn in loaded.turns}
    found: dict[str, Seam] = {}
    for leaf in loaded.turns:
        if leaf.id not in parents:
            found |= {seam.before: seam for seam in seams(path_to(loaded.turns, leaf))}
    return tuple(found.values())
