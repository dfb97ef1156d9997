"""What a program heard, in words that are no protocol's, and what it keeps of it.

A scenario is declared once and runs through every SDK, so what the SDKs give is
brought to these words by each program's own reading, which shares nothing with
the gateway's codecs.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Stop = Literal["", "end", "length", "stop-sequence", "tool-use", "refusal", "filtered", "other"]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens as the SDK shows them; None where it shows none."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    written: int | None = None
    reasoning: int | None = None


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """An answer or an error as a program with an SDK sees it.

    `said` is what the program appends to its history, untouched. `seals` are the opaque
    values among it. `status` is that of an error, `broke` says that a stream began and
    did not end well; `message` is what the error says.
    """

    text: str = ""
    refusal: str = ""
    reasoning: str = ""
    seals: tuple[str, ...] = ()
    calls: tuple[tuple[str, Any], ...] = ()
    call_ids: tuple[str, ...] = ()
    stop: Stop = ""
    stop_sequence: str | None = None
    citations: tuple[Any, ...] = ()
    chances: tuple[float, ...] = ()
    counts: Counts = Counts()
    model: str = ""
    headers: Mapping[str, str] = {}
    said: tuple[Any, ...] = ()
    status: int = 200
    broke: bool = False
    message: str = ""

    @property
    def losses(self) -> tuple[str, ...]:
        """The fields that the reply's header tells as not carried."""
        told = self.headers.get("changeover-losses", "")
        return tuple(field for field in told.split(", ") if field)
