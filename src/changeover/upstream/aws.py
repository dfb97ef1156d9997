"""Amazon's signature of a request (SigV4), made by Amazon's own library.

Source: AWS's guide "Create a signed AWS API request". What is signed is the request as it
is sent: the bytes of its body, and its path encoded once more, since a model's name stands
in it percent-encoded. The library is given the time and logs nothing: its log would
hold session tokens.

A credential is `ACCESS_KEY_ID:SECRET_ACCESS_KEY`, with `:SESSION_TOKEN` after it where it
is temporary; or else a Bedrock API key, which needs no signature.
"""

import re
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.identity.secret import Secret

_SERVICE = "bedrock"
_REGION = re.compile(r"(?:^|[.-])((?:[a-z]{2}(?:-[a-z]+)+)-\d)(?=\.|$)")
_OTHERWISE = "us-east-1"
_STAMP = "%Y%m%dT%H%M%SZ"


class Unsigned(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it is about to be sent."""

    url: str
    body: bytes
    content_type: str


def region_of(url: str) -> str:
    """The region in a host's name; Amazon's first one where it has none."""
    found = _REGION.search(urlsplit(url).hostname or "")
    return found[1] if found else _OTHERWISE


def check_access_key(text: str) -> None:
    """`InvalidInputError` for a credential that is neither an access key nor an API key."""
    access, colon, rest = text.partition(":")
    if colon and not (access and rest.partition(":")[0]):
        raise InvalidInputError(
            "The credential for Amazon is not a whole access key.",
            do="Write ACCESS_KEY_ID:SECRET_ACCESS_KEY, and :SESSION_TOKEN if there is one, "
            "or a Bedrock API key.",
        )


def authorised(credential: Secret, request: Unsigned, now: datetime) -> dict[str, str]:
    """The headers that let a request in: the key itself, or a signature of the request."""
    text = credential.reveal()
    if ":" not in text:
        return {"Authorization": f"Bearer {text}"}
    access, secret, token = [*text.split(":", 2), ""][:3]
    signed: dict[str, str] = _sign(request, (access, secret, token or None), now)
    return signed


def _sign(request: Unsigned, key: tuple[str, str, str | None], now: datetime) -> dict[str, str]:
    auth, aws_request, credentials = _library()
    headers = {"Content-Type": request.content_type}
    unsigned = aws_request("POST", request.url, headers=headers, data=request.body)
    unsigned.context["timestamp"] = now.strftime(_STAMP)
    signer = auth(credentials(*key), _SERVICE, region_of(request.url))
    signer.sign(unsigned)
    names = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token")
    return {name: unsigned.headers[name] for name in names if name in unsigned.headers}


@cache
def _library() -> tuple[Any, Any, Any]:
    """What is used of the library, which would slow the start."""
    from botocore.auth import SigV4Auth  # noqa: PLC0415
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

    class Signer(SigV4Auth):  # type: ignore[misc] # the library has no types
        """The library's signature, at a time that is given and without its log."""

        def sign(self, request: Any) -> None:
            self._modify_request_before_signing(request)
            canonical = self.canonical_request(request)
            signature = self.signature(self.string_to_sign(request, canonical), request)
            self._inject_signature_to_request(request, signature)

    return Signer, AWSRequest, Credentials
