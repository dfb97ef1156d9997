"""The product's own file (`chat.exports.format`), from this Changeover or another."""

import msgspec

from changeover.chat import problems
from changeover.chat.exports.format import FORMAT, VERSION, FiledConversation, FiledTurn
from changeover.chat.imports.found import (
    FoundConversation,
    FoundTurn,
    UnreadableFileError,
    all_of,
)
from changeover.chat.imports.trees import Node, grown, leaf_below

_decoder = msgspec.json.Decoder(FiledConversation)


class _Version(msgspec.Struct, frozen=True):
    version: int


def read(entry: msgspec.Raw) -> FoundConversation:
    """The conversation; `UnreadableFileError`, `msgspec.DecodeError`."""
    version = msgspec.json.decode(entry, type=_Version).version
    if version > VERSION:
        raise UnreadableFileError(
            f"This is version {version} of {FORMAT}, and version {VERSION} is known here.",
            means="It was not taken in.",
            do="Bring this Changeover up to date.",
        )
    filed = _decoder.decode(entry)
    turns = grown([Node(turn.id, turn.parent, _turn(turn)) for turn in filed.turns])
    return FoundConversation(
        source="changeover",
        id=filed.id,
        title=filed.title,
        created=filed.created,
        changed=filed.changed,
        head=leaf_below(turns, filed.head),
        turns=turns,
        not_carried=all_of(*(turn.not_carried for turn in turns)),
    )


def _turn(filed: FiledTurn) -> FoundTurn:
    origin, served = filed.origin, filed.served
    state, problem = filed.state, filed.problem
    if state == "generating":
        # Nobody writes it any more.
        state, problem = "interrupted", problems.interrupted(kept=bool(filed.text))
    return FoundTurn(
        id=filed.id,
        parent=filed.parent,
        role=filed.role,
        text=filed.text,
        said=filed.created,
        state=state,
        model=None if served is None else served.model_name,
        stated=served,
        problem=problem,
        fresh=filed.fresh,
        instructed=filed.instructed,
        origin=origin,
        not_carried=() if origin is None else origin.not_carried,
    )
