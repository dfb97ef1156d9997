"""What follows `/v1beta/models` in an address: the model, the method and the query.

Source: Google's reference, `models.generateContent` and `streamGenerateContent`.
A stream comes as server-sent events with `alt=sse`, and as one long JSON array
without; only the former is spoken here.
"""

from urllib.parse import parse_qsl, quote, unquote

import msgspec

from changeover.conversation.model import Loss
from changeover.wire.errors import ProtocolError

_WHOLE, _STREAMED = "generateContent", "streamGenerateContent"
_AS_EVENTS = "alt=sse"
_SAYS_NOTHING = frozenset({"alt", "prettyPrint"})


class NoSuchMethodError(ProtocolError):
    """The address names a method that is not served here."""

    code = "not_found"
    status = 404


class Target(msgspec.Struct, frozen=True):
    """The model as the client wrote it, whether it wants a stream, and what is not carried."""

    model: str
    stream: bool
    losses: tuple[Loss, ...] = ()


def target(model: str, *, stream: bool) -> str:
    """What follows the path in the address of a request to `model`."""
    name = quote(model.removeprefix("models/"), safe="/@:")
    return f"/{name}:{_STREAMED}?{_AS_EVENTS}" if stream else f"/{name}:{_WHOLE}"


def read_target(written: str) -> Target:
    """What a client's address says; `ProtocolError` where it cannot be served."""
    path, _, query = written.partition("?")
    model, _, method = unquote(path.removeprefix("/")).rpartition(":")
    if method not in {_WHOLE, _STREAMED} or not model:
        raise NoSuchMethodError(
            f"The method {method!r} of a model is not served here.",
            field=None,
            do=f"Send POST to /v1beta/models/MODEL:{_WHOLE} or :{_STREAMED}?alt=sse.",
        )
    asked = {"alt": "sse"} if query == _AS_EVENTS else dict(parse_qsl(query))
    if method == _STREAMED and asked.get("alt") != "sse":
        raise ProtocolError(
            "A stream is sent as server-sent events only.", field="alt", do="Add ?alt=sse."
        )
    why = "This parameter of the address is not known and is not carried."
    losses = tuple(Loss(field=name, why=why) for name in asked if name not in _SAYS_NOTHING)
    return Target(model, method == _STREAMED, losses)
