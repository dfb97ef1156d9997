"""The client's own names in a request: for whom it asks, and for its records.

Source: OpenAI's API reference, "Create a model response". `safety_identifier` is the newer
name of `user`; where both are given it counts. It has at most 128 characters; a longer one
is sent as its digest, as the vendor advises for names. `metadata` are at most 16 pairs, keys
of 64 and values of 512 characters; others are left out, which is reported.
"""

from typing import Any

from changeover.conversation.model import ChatRequest, Loss
from changeover.wire.openai_responses.caching import short_name

_LONGEST_USER = 128
_MOST_PAIRS, _LONGEST_KEY, _LONGEST_VALUE = 16, 64, 512
METADATA_LOSS = Loss(
    field="metadata", why="Responses takes 16 pairs, keys of 64 and values of 512 characters."
)


def read_user(user: str | None, identifier: str | None, losses: list[Loss]) -> str | None:
    """For whom the client asks."""
    if user is not None and identifier is not None and user != identifier:
        losses.append(Loss(field="user", why="safety_identifier is given and counts."))
    return user if identifier is None else identifier


def write_names(request: ChatRequest, losses: dict[Loss, None]) -> dict[str, Any]:
    """The fields that hold names."""
    fields: dict[str, Any] = {}
    if not (request.user or request.metadata):
        return fields
    if request.user:
        fields["safety_identifier"] = short_name(request.user, _LONGEST_USER)
    fitting = [
        (key, value)
        for key, value in request.metadata.items()
        if len(key) <= _LONGEST_KEY and len(value) <= _LONGEST_VALUE
    ][:_MOST_PAIRS]
    if len(fitting) < len(request.metadata):
        losses[METADATA_LOSS] = None
    if fitting:
        fields["metadata"] = dict(fitting)
    return fields
