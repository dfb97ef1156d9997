"""What a vendor's response with an error status means for the caller.

A vendor that refuses this installation's own credentials says nothing about the caller,
whose key is sound; the operator must hear of it.
"""

from datetime import datetime

from changeover.gateway.attempt import Attempt
from changeover.gateway.ports import Incoming
from changeover.gateway.refusal import Said, VendorRefusal
from changeover.wire.codec import Codec
from changeover.wire.limits import read_limits

_OUR_CREDENTIALS = frozenset({401, 402, 403})
_MAY_GIVE_WAY = _OUR_CREDENTIALS | {408, 409, 425, 429}


async def vendor_refusal(
    attempt: Attempt, vendor: Codec, incoming: Incoming, now: datetime
) -> VendorRefusal:
    """The refusal that the caller hears; the attempt is concluded with it."""
    body = b"".join([chunk async for chunk in incoming.chunks()])
    failed = vendor.decode_error(incoming.status, body)
    host, status = attempt.intent.host, incoming.status
    attempt.conclude("failed", status=status, error=failed.kind)
    if status in _OUR_CREDENTIALS:
        return VendorRefusal(
            502,
            "vendor_refused_credentials",
            f"{host} refused this installation's own credentials (HTTP {status}). "
            "Your key is not at fault; tell the operator.",
            may_give_way=True,
            said=Said(status=status),
        )
    return VendorRefusal(
        status if status >= 400 else 502,
        failed.kind,
        f"{host} answered HTTP {status}: {failed.message}",
        may_give_way=status in _MAY_GIVE_WAY or status >= 500 or status < 400,
        said=Said(
            status=status,
            headers=incoming.headers,
            body=body,
            retry_after=read_limits(incoming.headers, now, body).retry_after,
        ),
    )
