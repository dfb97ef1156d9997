"""The request that a path of turns makes, if the model that will answer takes it."""

from collections.abc import Sequence

import msgspec

from changeover.basics.errors import ConflictError
from changeover.chat import context, problems
from changeover.chat.choices import DEFAULT, Choosing
from changeover.chat.model import ModelChoice, StoredTurn
from changeover.conversation.model import ChatRequest


class Prepared(msgspec.Struct, frozen=True):
    """A turn to be written, and the request for it.

    A title that a model makes of `question` may replace `title`. The data classes of what goes
    with the request are the answer's `content`.
    """

    answer: StoredTurn
    request: ChatRequest
    title: str
    question: str


def request_of(
    choosing: Choosing, path: Sequence[StoredTurn], model: str | None, instructions: str
) -> ChatRequest:
    """What to send; `TooLongError`, `NotFoundError` for an unknown model, `ConflictError`."""
    choice = answering(choosing, model)
    room = _room(choice)
    wanted = context.Wanted(
        model=model or DEFAULT, context=choice.context, instructions=instructions
    )
    request = context.request_for(path, wanted)
    tokens = context.estimated_tokens(request, images=choice.images)
    if tokens > room:
        own = -(-len(path[-1].text) // context.CHARACTERS_PER_TOKEN)
        length = problems.Length(tokens=tokens, own=own, room=room)
        raise problems.TooLongError(problems.too_long(choice.name, length))
    return request


def room_of(choosing: Choosing, model: str | None) -> int:
    """The tokens that the model which will most likely answer takes beside its answer."""
    return _room(answering(choosing, model))


def _room(choice: ModelChoice) -> int:
    return choice.context - context.answer_room(choice.context)


def answering(choosing: Choosing, model: str | None) -> ModelChoice:
    """The model that will most likely answer: what is asked for, else the default."""
    if model is None:
        return choosing.default()
    choice = choosing.of_model(model)
    if choice is None:
        raise ConflictError(
            f"No endpoint is set for {model}, so it cannot be asked.",
            means="Your message was not sent.",
            do="Name another model.",
        )
    return choice
