"""A directory as the record keeps it: canonical JSON, instants in UTC."""

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory

_decoder = msgspec.json.Decoder(Directory)


def to_bytes(directory: Directory) -> bytes:
    """The canonical bytes: the same for the same directory, whatever file it came from."""
    return canonical(directory)


def from_bytes(body: bytes) -> Directory:
    """The directory that `to_bytes` wrote; `InvalidInputError` when it is none."""
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise InvalidInputError(f"This is not a directory: {error}.") from error
