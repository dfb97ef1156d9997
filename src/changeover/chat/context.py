"""What of a conversation goes to the model, and whether it fits.

* The person's own instructions go before all else, where there are any.
* Every turn's text goes, whoever wrote it; a turn without text does not.
* The pictures of a message go before its words, by the names of their files (`picturing`).
* What a model reasoned goes in its place beside the text; of what its vendor sealed, the
  gateway lets only what the answering route can read go on.
* Neighbouring turns of one side become one turn: several vendors want the two
  sides to take turns. A question that got no answer and was asked once more in
  the same words goes once; an answer and its continuation are one text.
* A fresh start hides all that came before it, from its own answer and from
  every later one: the earlier text never reaches the new vendor.
* Going on from a broken answer is asked for in words, as a user's turn after
  the kept text. A prefill would be nearer to it, but only some routes continue
  a last assistant turn, and which route answers is not known before the
  gateway decides; asking in words does the same with every vendor.

Tokens are estimated at four characters each, before anything is sent: exact
counts would need every vendor's tokeniser. The answer's room is part of what
must fit.
"""

from collections.abc import Sequence

import msgspec

from changeover.chat.model import StoredTurn
from changeover.conversation.model import (
    ChatRequest,
    Image,
    Part,
    Role,
    Sampling,
    Text,
    Turn,
    words_of,
)
from changeover.documents.model import SentPicture

CHARACTERS_PER_TOKEN = 4
TOKENS_PER_PICTURE = 1_600
"""What the dearest vendor counts for one of the greatest size that is sent."""
ANSWER_TOKENS = 4096
SCHEME = "changeover-file:"
"""Of the addresses that name pictures by their files, until their bytes stand in the request."""
GO_ON = (
    "Your answer above was broken off. Go on from exactly where it ends, in the same language "
    "and form, without repeating any of it and without any introduction."
)


class Said(msgspec.Struct, frozen=True):
    """What one side said."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return words_of(self.parts)


def history(path: Sequence[StoredTurn]) -> tuple[Said, ...]:
    """What of a path a model sees, one side after the other."""
    said: list[Said] = []
    for turn in path[visible_from(path) :]:
        if not turn.text:
            continue
        parts: tuple[Part, ...] = (*_named(turn.pictures), *turn.parts)
        if said and said[-1].role == turn.role:
            parts = _joined(said.pop().parts, parts, turn.role)
        said.append(Said(turn.role, parts))
    return tuple(said)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which model is asked, how many tokens it takes, and the person's instructions for it."""

    model: str
    context: int
    instructions: str = ""


def request_for(path: Sequence[StoredTurn], wanted: Wanted) -> ChatRequest:
    """The request that has the path's last turn answered, or gone on from if it is an answer."""
    said = list(history(path))
    if said and said[-1].role == "assistant":
        said.append(Said("user", (Text(text=GO_ON),)))
    turns = tuple(Turn(role=one.role, parts=one.parts) for one in said)
    return ChatRequest(
        model=wanted.model,
        system=(Text(text=wanted.instructions),) if wanted.instructions else (),
        turns=turns,
        sampling=Sampling(max_tokens=answer_room(wanted.context)),
        stream=True,
        stream_usage=True,
    )


def estimated_tokens(request: ChatRequest, *, images: bool = True) -> int:
    """About how many tokens a request has, at four characters each, and with its `images`."""
    characters = len(words_of(request.system))
    characters += sum(len(words_of(turn.parts)) for turn in request.turns)
    pictures = sum(isinstance(part, Image) for turn in request.turns for part in turn.parts)
    return -(-characters // CHARACTERS_PER_TOKEN) + images * pictures * TOKENS_PER_PICTURE


def answer_room(context: int) -> int:
    """The tokens kept free for the answer: a quarter of a small context."""
    return min(ANSWER_TOKENS, context // 4)


def visible_from(path: Sequence[StoredTurn]) -> int:
    """The place in the path of the last fresh start; 0 without one."""
    return max((index for index, turn in enumerate(path) if turn.fresh), default=0)


def _joined(before: tuple[Part, ...], after: tuple[Part, ...], role: Role) -> tuple[Part, ...]:
    if role == "user" and words_of(before) == words_of(after):
        return after
    between = "" if role == "assistant" else "\n\n"
    match before, after:
        case (*earlier, Text() as last), (Text() as first, *later):
            one = msgspec.structs.replace(last, text=f"{last.text}{between}{first.text}")
            return (*earlier, one, *later)
        case _:
            return (*before, *after)


def _named(sent: Sequence[SentPicture]) -> tuple[Image, ...]:
    return tuple(Image(url=f"{SCHEME}{one.file}") for one in sent)
