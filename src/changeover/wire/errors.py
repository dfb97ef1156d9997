"""What can be wrong with bytes from a client, and with bytes from a vendor."""

from changeover.basics.errors import ChangeoverError


class ProtocolError(ChangeoverError):
    """A client's request that is malformed or asks for what is not carried.

    `field` is the place as the client wrote it (`messages[0].content`), None
    where the body as a whole is meant; `status` is the HTTP status to answer.
    """

    code = "invalid_request"
    status = 400

    def __init__(self, what: str, *, field: str | None, means: str = "", do: str = "") -> None:
        super().__init__(what, means=means, do=do)
        self.field = field


class VendorProtocolError(ChangeoverError):
    """A vendor's answer that is no valid answer: unreadable, out of order, or cut short."""

    code = "vendor_protocol"


class EventTooLargeError(VendorProtocolError):
    """A vendor's stream holds a line or an event beyond the size limit."""

    code = "vendor_event_too_large"
