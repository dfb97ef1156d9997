"""What follows `/model` in an address: the model's name and the operation.

Source: the service model `bedrock-runtime`, operations `Converse` and `ConverseStream`.
The name is percent-encoded as one segment; that of an inference profile may be an ARN,
with colons and slashes in it.
"""

from urllib.parse import quote, unquote

import msgspec

from changeover.wire.errors import ProtocolError

_WHOLE, _STREAMED = "converse", "converse-stream"


class NoSuchOperationError(ProtocolError):
    """The address names an operation that is not served here."""

    code = "not_found"
    status = 404


class Target(msgspec.Struct, frozen=True):
    """The model as the client wrote it, and whether it wants a stream."""

    model: str
    stream: bool


def target(model: str, *, stream: bool) -> str:
    """What follows the path in the address of a request to `model`."""
    return f"/{quote(model, safe='')}/{_STREAMED if stream else _WHOLE}"


def read_target(written: str) -> Target:
    """What a client's address says; `NoSuchOperationError` where nothing is served."""
    path = written.partition("?")[0].removeprefix("/")
    model, _, operation = path.rpartition("/")
    if operation not in {_WHOLE, _STREAMED} or not model:
        raise NoSuchOperationError(
            f"The operation {operation!r} of a model is not served here.",
            field=None,
            do=f"Send POST to /model/MODEL/{_WHOLE} or /model/MODEL/{_STREAMED}.",
        )
    return Target(unquote(model), operation == _STREAMED)
