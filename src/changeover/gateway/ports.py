"""What the gateway needs from outside."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.directory.model import Dialect, Waits
from changeover.directory.model import Protocol as WireProtocol
from changeover.gateway.model import CallOutcome, CallRecord, Intent


class UpstreamError(ChangeoverError):
    """The vendor could not be reached, hung, or closed before its answer was whole.

    `unsent` is whether nothing of the request left.
    """

    code = "upstream_failure"

    def __init__(self, what: str, *, means: str = "", do: str = "", unsent: bool = False) -> None:
        super().__init__(what, means=means, do=do)
        self.unsent = unsent


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A request in the route's protocol, ready to be sent to the route's host.

    `headers` are the client's that say what its body means, with lower-case names.
    `target` is what follows the path of the host's endpoint: the model and the method,
    where the protocol has them there. `beside` stands in place of what that path has of its
    protocol (`/embeddings` for `/chat/completions`), where an operation has a path of its
    own. `content_type` is what the body is, and `accept` what the answer may be where it is
    not streamed. `stand_in` is what the journal says of the host: another answer is not
    asked. `dialect` is the route's, and `stream_type` the media type of the stream that is
    asked for. `waits` are the service's.
    """

    host: str
    protocol: WireProtocol
    body: bytes
    target: str = ""
    beside: str = ""
    content_type: str = "application/json"
    accept: str = "application/json"
    stream: bool
    stand_in: bool
    headers: Mapping[str, str] = {}
    dialect: Dialect | None = None
    stream_type: str = "text/event-stream"
    waits: Waits = Waits()


class Incoming(Protocol):
    """A vendor's response whose head has arrived; its `headers` have lower-case names."""

    status: int
    content_type: str
    headers: Mapping[str, str]

    def abort(self) -> None:
        """Breaks off: whoever waits in `chunks` gets an `UpstreamError` at once."""
        ...

    def progress(self) -> None:
        """What came of a stream was of use, so that the wait for the next begins anew."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body's bytes as they arrive; `UpstreamError` when it hangs or breaks off."""
        ...


class Look(Protocol):
    """Asks whether a request may be sent; raises what ends the call."""

    def __call__(self, *, written: bool) -> None: ...


class Upstream(Protocol):
    """Sends to vendors' endpoints. There is no other way out."""

    def reaches(self, host: str, protocol: WireProtocol) -> bool:
        """Whether an endpoint is configured for this host and protocol."""
        ...

    def stands_in(self, host: str) -> bool:
        """Whether the host's endpoint is a stand-in."""
        ...

    def send(self, outgoing: Outgoing, last_look: Look) -> AbstractAsyncContextManager[Incoming]:
        """Sends, and gives the response once its head is there; `UpstreamError` otherwise.

        `last_look` is called immediately before the request is written, when its
        connection stands; what it raises ends the call unwritten and comes out. It is
        called once more when the request is `written`; what it raises then breaks the
        connection off.
        """
        ...


class Journal(Protocol):
    """The local append-only file that an intent reaches before a vendor does."""

    @property
    def next_seq(self) -> int:
        """The sequence number that the next intent must bear."""
        ...

    async def intend(self, intent: Intent) -> None:
        """Returns once the intent is written (and synced, by setting)."""
        ...

    def conclude(self, outcome: CallOutcome) -> None:
        """Appends the outcome of an intent."""
        ...


class CallSink(Protocol):
    """Where the batcher drains finished calls: ledger and uses, in one transaction."""

    def drain(self, calls: Sequence[CallRecord]) -> None:
        """Records the calls; one that is recorded already (same start and seq) is passed over."""
        ...
