"""Checking the entries of many calls at once, as `verification` checks one.

Most entries are calls, and a call is flat: texts, numbers and lists of texts under
names that are known (`CallEntry`). A page of them is read in one go and written again
in one go. What comes out is what stood there only if each entry is in canonical form:
canonical bytes hold no line feed, so lines and entries answer to each other.

Then the fields that the leaf shows are taken out of each, the page is written once
more, and its lines are what `rest` is the digest of (`leaves`). So a leaf costs two
hashes and no look at single fields.

Whatever is not as most calls are is left to the verification of single entries: this
never says what is wrong, only that it did not find all of it right.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from changeover.basics.canonical import MAX_INTEGER, canonical_part

_Number = Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_Text = str | UnsetType | None
_Count = _Number | UnsetType | None
_Texts = list[str] | UnsetType
_INSTANT = b"0000-00-00T00:00:00.000000Z"
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_SIZE = len(_INSTANT)
_MINUTE = 16


class CallEntry(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A call's entry. Its fields stand in canonical order; a test holds them to it."""

    asked: _Text = UNSET
    at: str
    call: _Text = UNSET
    demonstration: bool
    ended: _Text = UNSET
    error: _Text = UNSET
    host: _Text = UNSET
    input_tokens: _Count = UNSET
    instruments: _Texts = UNSET
    key: _Text = UNSET
    kind: Literal["call"] | UnsetType = UNSET
    losses: _Texts = UNSET
    maker: str | UnsetType = UNSET
    model: _Text = UNSET
    operation: _Text = UNSET
    outcome: str | UnsetType = UNSET
    output_tokens: _Count = UNSET
    overtaken_at: _Text = UNSET
    overtaken_by: _Texts = UNSET
    party: _Text = UNSET
    purpose: _Text = UNSET
    result: str | UnsetType = UNSET
    route: _Text = UNSET
    ruleset: _Text = UNSET
    seq: _Number
    served_model: _Text = UNSET
    service: _Text = UNSET
    slot: _Text = UNSET
    stand_in: bool | UnsetType = UNSET
    start: str
    status: _Count = UNSET
    v: Literal[2] | UnsetType = UNSET


class CallsRight(msgspec.Struct, frozen=True, gc=False):
    """Calls that are all right: start and number of each in order, first and last instant."""

    starts: list[str]
    numbers: list[int]
    first: str
    last: str


_decoder = msgspec.json.Decoder(CallEntry)
_encoder = msgspec.json.Encoder()


def check_calls(bodies: Sequence[Any], leaves: Sequence[Any]) -> CallsRight | None:
    """What the calls tell, if each is an entry in canonical form that opens to its leaf.

    Both may hold whatever stood in the database. None says that not all is right, or
    that an entry is of another form than this knows.
    """
    try:
        calls = _read(bodies)
    except (TypeError, ValueError):  # msgspec's errors are values'
        return None
    if not calls or not _are_instants(written := [call.at for call in calls]):
        return None
    opened = _openings(calls)
    if opened is None:
        return None
    rests = _encoder.encode_lines(calls).split(b"\n")
    sha256 = hashlib.sha256
    found = [
        sha256(b"%b%b%b" % (head, sha256(rest).hexdigest().encode(), tail)).digest()
        for (head, tail), rest in zip(opened, rests, strict=False)
    ]
    if found != list(leaves):
        return None
    starts, numbers = [call.start for call in calls], [call.seq for call in calls]
    return CallsRight(starts, numbers, min(written), max(written))


def _read(bodies: Sequence[bytes]) -> list[CallEntry]:
    """The entries of canonical bytes; none where a byte of them is not as it would be written."""
    joined = b"\n".join(bodies) + b"\n"
    calls = _decoder.decode_lines(joined)
    same = len(calls) == len(bodies) and _encoder.encode_lines(calls) == joined
    return calls if same else []


def _are_instants(texts: Sequence[str]) -> bool:
    """Whether each is an instant as entries write it (`entries.read_instant`)."""
    joined = "".join(texts).encode()
    if joined.translate(_DIGITS) != _INSTANT * len(texts):
        return False
    if max(joined[_MINUTE + 1 :: _SIZE]) > ord("5"):
        return False
    if set(map(len, texts)) != {_SIZE}:
        return False
    try:
        for minute in {text[:_MINUTE] for text in texts}:
            datetime.fromisoformat(minute)
    except ValueError:
        return False
    return True


def _openings(calls: list[CallEntry]) -> list[tuple[bytes, bytes]] | None:
    """What stands before and after `rest` in what each leaf is hashed over; takes it out of them.

    None where one does not open.
    """
    known: dict[tuple[object, ...], tuple[bytes, bytes]] = {}
    opened: list[tuple[bytes, bytes]] = []
    for call in calls:
        shown = (call.kind, call.maker, call.outcome, call.result, call.v)
        parts = known.get(shown)
        if parts is None:
            if UNSET in shown:
                return None
            parts = known[shown] = _parts(call)
        opened.append(parts)
        call.kind = call.maker = call.outcome = call.result = call.v = UNSET
    return opened


def _parts(call: CallEntry) -> tuple[bytes, bytes]:
    maker, outcome, result = map(canonical_part, (call.maker, call.outcome, call.result))
    head = b'\x00{"kind":"call","maker":%b,"outcome":%b,"rest":"' % (maker, outcome)
    return head, b'","result":%b,"v":2}' % result
