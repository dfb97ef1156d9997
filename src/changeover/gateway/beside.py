"""What the calls beside chat have in common: who may make them, and what their answers say."""

from collections.abc import Mapping
from typing import Protocol

from changeover.basics.clock import Clock
from changeover.gateway.answer import Answer, Spoken, refused, spoken_codec, vendor_refused
from changeover.gateway.attempt import Attempt
from changeover.gateway.door import Door
from changeover.gateway.exchange import ServedBy
from changeover.gateway.headers import reply_headers, vendor_headers
from changeover.gateway.operations import Operations
from changeover.gateway.refusal import Refusal, VendorRefusal
from changeover.gateway.serving import Serving
from changeover.wire.codec import Codec, Codecs
from changeover.wire.errors import ProtocolError
from changeover.wire.limits import read_limits


class Performed(Protocol):
    """An answer, whole or begun. `headers` are the vendor's, `model` is its name of the model."""

    served: ServedBy

    @property
    def attempt(self) -> Attempt: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def model(self) -> str: ...


class Beside:
    """The parts of a call beside chat. `machine` is the clock of those who call."""

    def __init__(self, serving: Serving, door: Door, codec: Codecs, machine: Clock) -> None:
        self.serving = serving
        self.door = door
        self.operations = Operations(serving)
        self._codec = codec
        self._machine = machine

    def client(self, spoken: Spoken) -> Codec:
        """The codec of what a client speaks, for its errors."""
        return spoken_codec(self._codec, spoken)

    def refused(self, spoken: Spoken, refusal: Refusal, call_id: str) -> Answer:
        """A refusal, also a vendor's, in the client's own shape."""
        if isinstance(refusal, VendorRefusal):
            return vendor_refused(self.client(spoken), refusal, call_id, self._machine.now())
        return refused(self.client(spoken), refusal, call_id)

    def headers(self, spoken: Spoken, done: Performed) -> dict[str, str]:
        """The headers of an answer: who served, what was lost, how much more the vendor takes."""
        told = reply_headers(
            self.serving.ruleset(), done.served, done.attempt.lost, model=done.model
        )
        now = self._machine.now()
        limits = read_limits(done.headers, now)
        return told | vendor_headers(done.headers, limits, self.client(spoken).protocol, now)


def misread(error: ProtocolError) -> Refusal:
    """The refusal of a request that could not be read."""
    return Refusal(error.status, error.code, str(error), field=error.field)
