"""What a file holds, as conversations and turns to keep.

They get names of their own here, and the words of the file about who answered go into
each turn's origin, never into `served`. The order of turns is that of their creation, and
the newest leaf is where a conversation goes on: so the file's times are kept where they
fit that, bent by microseconds where they do not, and never later than now. What the file
itself says of the time stays in the origin.
"""

import unicodedata
from datetime import datetime, timedelta

from msgspec.structs import replace

from changeover.basics.ids import new_id
from changeover.chat.imports.found import FoundConversation, FoundTurn
from changeover.chat.model import Origin, StoredConversation, StoredTurn
from changeover.chat.titles import LONGEST, first_words
from changeover.conversation.model import Text

_LEAST = timedelta(microseconds=1)
_JOINERS = "\u200c\u200d"
"""What holds letters and emoji together, the only invisible characters that a title keeps."""


def kept(
    found: FoundConversation, account: str, service: str, now: datetime
) -> tuple[StoredConversation, tuple[StoredTurn, ...]]:
    """A new conversation of an account, and its turns, each after its parent."""
    created = _instants(found, now)
    conversation = StoredConversation(
        id=new_id("conv"),
        account=account,
        service=service,
        title=_title(found),
        created=min(found.created or now, *created.values()),
        changed=min(now, max(found.changed or now, *created.values())),
    )
    names = {turn.id: new_id("turn") for turn in found.turns}
    turns = tuple(
        StoredTurn(
            id=names[turn.id],
            conversation=conversation.id,
            parent=None if turn.parent is None else names[turn.parent],
            role=turn.role,
            created=created[turn.id],
            state=turn.state,
            parts=(Text(text=turn.text),) if turn.text else (),
            problem=turn.problem,
            fresh=turn.fresh,
            instructed=turn.instructed,
            origin=_origin(found, turn, now),
        )
        for turn in found.turns
    )
    return conversation, turns


def clean(title: str) -> str:
    """A title in a line, without characters that control or turn the text around them."""
    shown = "".join(
        " " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one
        for one in title
        if one in _JOINERS or unicodedata.category(one) not in {"Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(shown.split())[:LONGEST].strip()


def _title(found: FoundConversation) -> str:
    words = next((turn.text for turn in found.turns if turn.text), "")
    return clean(found.title) or clean(first_words(words))


def _origin(found: FoundConversation, turn: FoundTurn, now: datetime) -> Origin:
    if turn.origin is not None:
        return replace(turn.origin, imported=now)
    return Origin(
        source=found.source,
        imported=now,
        model=turn.model,
        said=turn.said,
        stated=turn.stated,
        not_carried=turn.not_carried,
    )


def _instants(found: FoundConversation, now: datetime) -> dict[str, datetime]:
    """When each turn counts as created: after its parent, no two at once, the head last."""
    created: dict[str, datetime] = {}
    used: set[datetime] = set()
    start = min(now, found.created or now)
    for turn in found.turns:
        parent = None if turn.parent is None else created[turn.parent] + _LEAST
        at = min(turn.said or parent or start, now)
        if parent is not None:
            at = max(at, parent)
        while at in used:
            at += _LEAST
        used.add(at)
        created[turn.id] = at
    if found.head is not None:
        newest = max(used)
        if created[found.head] < newest:
            created[found.head] = newest + _LEAST
    return created
