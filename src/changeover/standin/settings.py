"""How a stand-in is set up: whom it stands in for, how fast it speaks, how it fails."""

from pathlib import Path
from typing import Literal, get_args

import msgspec

from changeover.basics.errors import InvalidInputError

FaultKind = Literal[
    "garbage",
    "hang",
    "hang-mid-stream",
    "close-mid-stream",
    "garbage-mid-stream",
    "status",
    "redirect",
]
FAULT_HEADER = "x-standin-fault"
_ALIASES: dict[str, FaultKind] = {"close": "close-mid-stream"}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way to fail. `status` (400 to 599) goes with the kind of that name only.

    * `garbage`: 200 and a body that is not JSON;
    * `hang`: no response head until `hang_seconds` have passed, then HTTP 500;
    * `hang-mid-stream`: half the answer, then silence, then the connection closes;
    * `close-mid-stream`: half the answer, then the connection closes;
    * `garbage-mid-stream`: half the answer, then bytes that belong to no protocol;
    * `status`: an HTTP error with the vendor's error body;
    * `redirect`: 307 to another address of the same server.

    An answer that is not streamed is halved by bytes, a stream by events.
    """

    kind: FaultKind
    status: int | None = None

    def __post_init__(self) -> None:
        good = self.status is not None and 400 <= self.status <= 599
        if (self.kind == "status") != good or (self.kind != "status" and self.status is not None):
            raise ValueError("a fault has a status, 400 to 599, when its kind is status")


def read_fault(text: str) -> Fault:
    """A fault as written in a header or a setting: its kind, or `status=529`."""
    name, equals, value = text.strip().partition("=")
    kind = _ALIASES.get(name, name)
    try:
        if equals:
            return msgspec.convert({"kind": kind, "status": int(value)}, Fault)
        return msgspec.convert({"kind": kind}, Fault)
    except (ValueError, msgspec.ValidationError) as error:
        raise InvalidInputError(
            f"{text!r} is not a fault of the stand-in.",
            do=f"Write one of {', '.join(get_args(FaultKind))}, a status as in status=529.",
        ) from error


class StandInSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a stand-in serves.

    `models` maps each host to the names it knows its models by. `dialects` says how a
    host speaks Chat Completions, where not as OpenAI does (`chat_dialects.py`). `delay_ms` passes
    before each streamed event. `faults` makes a host fail; with `header_faults` a
    request may choose a fault itself. A hang ends after `hang_seconds`. `log` is a
    file to which every call received is appended as a line of JSON. `access_keys` are
    Amazon's that are known, with their secrets, and `service_accounts` Google's, with
    their public keys.
    """

    models: dict[str, tuple[str, ...]]
    dialects: dict[str, str] = {}
    delay_ms: float = 8.0
    faults: dict[str, Fault] = {}
    header_faults: bool = False
    hang_seconds: float = 30.0
    log: Path | None = None
    remembered_calls: int = 10_000
    access_keys: dict[str, str] = msgspec.field(default_factory=lambda: {"STAND-IN": "stand-in"})
    service_accounts: dict[str, str] = {}
