"""What went wrong on the way to a vendor, in words.

The errors of the client library hold the request's headers (with the
credential) and pieces of the answer. So a failure is told by the error's kind
alone, and the error itself is not chained to it.
"""

import aiohttp
import msgspec

from changeover.gateway.ports import UpstreamError
from changeover.upstream.inside import BarredAddressError

_UNSENT = "The call did not leave."
_UNKNOWN = "Whether the vendor counted the call is not known."
_RETRY = "Call again; if it stays so, ask the operator to look at the host."
_NETWORK = "Ask the operator to check the host's address and this machine's network."


class _Words(msgspec.Struct, frozen=True):
    """`what` follows the host's name."""

    what: str
    means: str
    do: str


# Read from the top: the more specific kind stands first.
_BY_KIND: tuple[tuple[type[Exception], _Words], ...] = (
    (
        aiohttp.ClientConnectorCertificateError,
        _Words("shows a certificate that is not trusted.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ClientSSLError,
        _Words("could not agree on an encrypted connection.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ClientConnectorDNSError,
        _Words("has an address whose name is not known.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ClientProxyConnectionError,
        _Words("could not be reached: the proxy does not answer.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ClientHttpProxyError,
        _Words("could not be reached: the proxy refused.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ConnectionTimeoutError,
        _Words("did not accept a connection in time.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ClientConnectorError,
        _Words("does not accept connections.", _UNSENT, _NETWORK),
    ),
    (
        aiohttp.ServerDisconnectedError,
        _Words("closed the connection without an answer.", _UNKNOWN, _RETRY),
    ),
    (
        aiohttp.ClientPayloadError,
        _Words("broke off before its answer was whole.", _UNKNOWN, _RETRY),
    ),
    (
        aiohttp.ClientResponseError,
        _Words("answered with something that is not HTTP.", _UNKNOWN, _RETRY),
    ),
)
_OTHERWISE = _Words("lost the connection.", _UNKNOWN, _RETRY)


_INSIDE = _Words(
    "has a name that leads to an address inside this network, which nobody declared.",
    _UNSENT,
    "Ask the operator who answers for that name, or to declare it in CHANGEOVER_INSIDE.",
)


def failure(host: str, error: Exception) -> UpstreamError:
    """The failure that `error`, raised by the client library, stands for."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error.os_error, BarredAddressError
    ):
        return _said(host, _INSIDE)
    words = next((words for kind, words in _BY_KIND if isinstance(error, kind)), _OTHERWISE)
    return _said(host, words)


def unreachable(host: str, protocol: str) -> UpstreamError:
    return UpstreamError(
        f"No endpoint is configured for the host {host} and the protocol {protocol}.",
        means=_UNSENT,
        do="Ask the operator to configure one, or choose another route.",
    )


def replaced(host: str) -> UpstreamError:
    """The endpoint was taken away, or changed, before the call was written to it."""
    return _said(host, _Words("was given another endpoint meanwhile.", _UNSENT, "Call again."))


def no_token(host: str, why: str) -> UpstreamError:
    """No token was given for the credential that the host is called with."""
    do = "Ask the operator to look at the credential for the host."
    return _said(host, _Words(f"cannot be called: {why}.", _UNSENT, do))


def late(host: str, what: str) -> UpstreamError:
    """The host did not do in time what it was waited for; `what` follows its name."""
    return _said(host, _Words(what, _UNKNOWN, _RETRY))


def redirected(host: str, status: int) -> UpstreamError:
    return _said(
        host,
        _Words(
            f"answered with a redirect (HTTP {status}).",
            "Redirects are not followed, because a call goes where it was decided to go.",
            "Ask the operator to correct the host's address.",
        ),
    )


def oversized(host: str, most: int) -> UpstreamError:
    return _said(
        host,
        _Words(f"answered with more than {most} bytes.", "The answer was cut off.", _RETRY),
    )


def _said(host: str, words: _Words) -> UpstreamError:
    unsent = words.means == _UNSENT
    what = f"The host {host} {words.what}"
    return UpstreamError(what, means=words.means, do=words.do, unsent=unsent)
