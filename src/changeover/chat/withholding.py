"""What may not go to the model that answers, because of its data class.

A passage is of its collection's data class, and an answer that was given of it carries that class
on: so does every answer that came after it, since it was given with that text. What the decision
refuses a route for content of a class stays away from it, the passages and the earlier answers
alike, and the new answer tells what was withheld and by which order. The person's own words go.

This looks ahead, so that a question is answered without what may not go. What does go is decided
once more by the gateway, for each class, immediately before it is written (`orders.decide`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from changeover.basics.errors import ConflictError
from changeover.chat.context import visible_from
from changeover.chat.model import OrderRef, StoredTurn, Withheld
from changeover.conversation.model import Text
from changeover.documents.model import Given

Refused = Mapping[str, OrderRef | None]
"""The data classes that a route is refused for, each with the order that says so."""
_PLACE = Text(text="[An earlier answer stood here. It may not be passed on to you.]")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to the model of a path and of the passages found, and what stays away."""

    path: tuple[StoredTurn, ...]
    given: Given | None
    withheld: tuple[Withheld, ...]

    def content(self, given: Given | None) -> tuple[str, ...]:
        """The data classes of what goes, where of the passages only `given` do."""
        return tuple(sorted(classes(self.path, given)))


def classes(path: Sequence[StoredTurn], given: Given | None) -> frozenset[str]:
    """The data classes of what a path's turns and passages carry, beside the service's own."""
    told = [name for turn in path[visible_from(path) :] if turn.text for name in turn.content]
    found = [] if given is None else [one.data_class for one in given.passages]
    return frozenset(told + found) - {""}


def keep(path: Sequence[StoredTurn], given: Given | None, refused: Refused) -> Kept:
    """What goes; `ConflictError` where the answer that is to be gone on from may not."""
    if not refused:
        return Kept(path=tuple(path), given=given, withheld=())
    last = path[-1]
    if last.role == "assistant" and last.text and not refused.keys().isdisjoint(last.content):
        raise ConflictError(
            "The beginning of this answer may not go to the model that would continue it.",
            means="Nothing was sent. The answer stays as it is.",
            do="Write a new message.",
        )
    first = visible_from(path)
    stays = [
        turn for turn in path[first:] if turn.text and not refused.keys().isdisjoint(turn.content)
    ]
    passages = [] if given is None else [one for one in given.passages if one.data_class in refused]
    withheld = [
        Withheld(
            data_class=name,
            order=order,
            passages=sum(one.data_class == name for one in passages),
            answers=sum(name in turn.content for turn in stays),
            collections=_named(one.collection for one in passages if one.data_class == name),
        )
        for name, order in refused.items()
    ]
    gone = {turn.id for turn in stays}
    return Kept(
        path=tuple(_replaced(turn) if turn.id in gone else turn for turn in path),
        given=_without(given, refused),
        withheld=tuple(one for one in withheld if one.passages or one.answers),
    )


def _replaced(turn: StoredTurn) -> StoredTurn:
    return msgspec.structs.replace(turn, parts=(_PLACE,), content=())


def _without(given: Given | None, refused: Collection[str]) -> Given | None:
    if given is None:
        return None
    some = tuple(one for one in given.passages if one.data_class not in refused)
    return msgspec.structs.replace(given, passages=some) if some else None


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
