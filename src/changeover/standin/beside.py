"""What a vendor's endpoints beside chat are sent, and what they are to answer.

A task names its model before it is done, so that the model is looked up first and the
stand-in may fail on purpose in between, as in chat.
"""

from collections.abc import Callable, Mapping

import msgspec


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it arrived; Google's address names the model and the method."""

    payload: bytes
    headers: Mapping[str, str]
    model: str = ""
    method: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, checked; `pieces` of the answer come one after the other."""

    model: str
    pieces: Callable[[], list[bytes]]
    media_type: str = "application/json"


Work = Callable[[Sent], Task]
