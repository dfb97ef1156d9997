"""What a source counted, what the ledger tells, and what comes of the two."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal[
    "openai-usage", "anthropic-usage", "cloudtrail", "google-audit", "squid", "zeek", "focus"
]
Finding = Literal["agrees", "bypass", "not-counted", "unclear", "over-instant"]
"""What a bucket comes to.

`agrees`: as many as the ledger tells. `bypass`: more, which no gateway saw. `not-counted`:
fewer, which the vendor has not counted (yet). `unclear`: the source cannot tell.
`over-instant`: a span that the source does not divide lies over an instant that matters.
"""


class Line(msgspec.Struct, frozen=True):
    """What one line of a source says, in microseconds since 1970.

    From `at` to `until` (the same for a single event) so many `requests` and `tokens` came to
    `host`, a vendor's id; None where the source does not count them. `account` and `who` are the
    vendor's account and the key, principal or client that it names. `id` is the source's own,
    "" where it has none: of two lines of one id, the greater counts.
    """

    at: int
    until: int
    host: str
    account: str = ""
    who: str = ""
    model: str = ""
    requests: int | None = None
    tokens: int | None = None
    id: str = ""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What the sources counted at a host in a bucket that begins at `begins`.

    None stands for what none of its lines counts. `first` and `last` are the earliest and latest
    instants of its lines, `whole` whether a line covers a span, and so says nothing of where in it
    its calls lie; `whos` are some accounts and keys.
    """

    host: str
    begins: int
    requests: int | None
    tokens: int | None
    first: int
    last: int
    whole: bool
    whos: tuple[str, ...] = ()


class Recorded(msgspec.Struct, kw_only=True):
    """What the ledger tells of a host in a bucket.

    `sent` are the calls that left or may have, `certain` those that a vendor answered in any
    way, `tail` those in its last moments; `tokens` is what was counted of them and `uncounted`
    the calls of which it was not.
    """

    sent: int = 0
    certain: int = 0
    tail: int = 0
    tokens: int = 0
    uncounted: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket of a host, and what it comes to; `excess` are the calls (or tokens) of a bypass."""

    host: str
    begins: datetime
    ends: datetime
    finding: Finding
    counted_requests: int | None
    counted_tokens: int | None
    sent: int
    recorded_tokens: int
    excess: int = 0
    excess_of: Literal["requests", "tokens"] = "requests"
    first: datetime | None = None
    last: datetime | None = None
    whos: tuple[str, ...] = ()
    why: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: its kind, digest, lines, and what of it was passed over."""

    file: str
    kind: Kind
    sha256: str
    lines: int
    counted: int
    passed_over: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A reconciliation: its window, sources and buckets, and the verdict in words."""

    since: datetime
    until: datetime
    bucket_seconds: int
    sources: tuple[Source, ...]
    rows: tuple[Row, ...]
    duplicates: int
    verdict: Literal["reconciled", "bypass", "unclear", "nothing"]
    words: str
