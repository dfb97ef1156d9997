"""What Amazon Bedrock's operations have in common: how they let in, refuse and stream.

Written from AWS's guide "Create a signed AWS API request", the guide to Bedrock ("API
keys"), the service model `bedrock-runtime` (errors and their statuses), and error bodies
that callers reported.

* A request is signed with an access key that the stand-in was given, over its bytes and
  its path encoded once more, at most five minutes ago; or bears an API key, which may be any.
* An error's type stands in the header `x-amzn-ErrorType`, its message in the body.
* A stream is the binary event stream; payloads are padded, as the vendor's are.
"""

import hashlib
import hmac
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec

from changeover.standin.asked import Mark, RefusalError

EVENT_STREAM = "application/vnd.amazon.eventstream"
VALIDATION = "ValidationException"
_SCHEME = "AWS4-HMAC-SHA256"
_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,]+)/(\d{8})/([a-z0-9-]+)/bedrock/aws4_request, *"
    r"SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})"
)
_AGE = timedelta(minutes=5)
_PADDING = "abcdefghijklmnopqrstuvwxyz"
_KINDS = {
    400: VALIDATION,
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
_WORDS = {
    "AccessDeniedException": "You don't have access to the model with the specified model ID.",
    "ModelTimeoutException": "Model has timed out in processing the request. Try your request "
    "again.",
    "ModelErrorException": "The system encountered an unexpected error during processing. Try "
    "your request again.",
    "ThrottlingException": "Too many requests, please wait before trying again.",
    "ServiceUnavailableException": "Bedrock is unable to process your request.",
    "InternalServerException": "The system encountered an unexpected error during processing. "
    "Try your request again.",
}
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)


def invalid(message: str) -> RefusalError:
    return RefusalError(400, VALIDATION, message)


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A request's line as it arrived, when, and the access keys that are known here."""

    method: str
    path: str
    query: str
    at: datetime
    access_keys: Mapping[str, str]


class Amazon:
    """One operation of Bedrock's on a model; made for one request."""

    def __init__(self, model: str, arrival: Arrival, *, stream: bool) -> None:
        self.model = model
        self.stream = stream
        self._arrival = arrival

    def key(self, headers: Mapping[str, str]) -> str:
        authorization = headers.get("authorization", "")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return token.strip()
        if scheme != _SCHEME:
            raise RefusalError(
                403, "MissingAuthenticationTokenException", "Missing Authentication Token"
            )
        return authorization

    def let_in(self, payload: bytes, headers: Mapping[str, str]) -> None:
        """`RefusalError` where the request is signed, and not as it must be."""
        if headers.get("authorization", "").startswith(_SCHEME):
            self._check_signature(payload, headers)

    def _check_signature(self, payload: bytes, headers: Mapping[str, str]) -> None:
        found = _SIGNED.fullmatch(headers["authorization"])
        stamp = headers.get("x-amz-date", "")
        if found is None or not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
            raise RefusalError(
                403,
                "IncompleteSignatureException",
                "Authorization header requires 'Credential' parameter, 'Signature' parameter, "
                "'SignedHeaders' parameter and an 'X-Amz-Date' or a 'Date' header.",
            )
        access, date, region, signed, signature = found.groups()
        secret = self._arrival.access_keys.get(access)
        if secret is None:
            raise RefusalError(
                403,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(at - self._arrival.at) > _AGE:
            raise RefusalError(
                403, "InvalidSignatureException", f"Signature expired: {stamp} is too old."
            )
        scope = f"{date}/{region}/bedrock/aws4_request"
        names = signed.split(";")
        whole = hashlib.sha256(self._canonical(payload, headers, names).encode()).hexdigest()
        key = f"AWS4{secret}".encode()
        for step in scope.split("/"):
            key = hmac.digest(key, step.encode(), "sha256")
        text = f"{_SCHEME}\n{stamp}\n{scope}\n{whole}"
        right = hmac.new(key, text.encode(), "sha256").hexdigest()
        needed = {"host", "x-amz-date"} | ({"x-amz-security-token"} & set(headers))
        if not hmac.compare_digest(right, signature) or not needed <= set(names):
            raise RefusalError(403, "InvalidSignatureException", _MISMATCH)

    def _canonical(self, payload: bytes, headers: Mapping[str, str], names: Sequence[str]) -> str:
        query = sorted(parse_qsl(self._arrival.query, keep_blank_values=True))
        pairs = (f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in query)
        lines = [f"{name}:{' '.join(headers.get(name, '').split())}" for name in names]
        return "\n".join(
            (
                self._arrival.method,
                quote(self._arrival.path, safe="/~"),
                "&".join(pairs),
                *lines,
                "",
                ";".join(names),
                hashlib.sha256(payload).hexdigest(),
            )
        )

    def unknown_model(self, model: str) -> RefusalError:
        del model
        return invalid("The provided model identifier is invalid.")

    def no_such_path(self, _method: str, _path: str, /) -> RefusalError:
        return RefusalError(404, "UnknownOperationException", "")

    def wrong_method(self, _method: str, _path: str, /) -> RefusalError:
        return RefusalError(405, "UnknownOperationException", "")

    def oversized(self) -> RefusalError:
        return RefusalError(413, "RequestEntityTooLargeException", "Request size limit exceeded")

    def fault(self, status: int) -> RefusalError:
        other = "InternalServerException" if status >= 500 else VALIDATION
        kind = _KINDS.get(status, other)
        return RefusalError(status, kind, _WORDS.get(kind, "Malformed input request."))

    def headers(self, mark: Mark) -> dict[str, str]:
        secret = mark.secret.lower()
        return {"x-amzn-requestid": f"{secret[:8]}-{secret[8:12]}-{secret[12:24]}"}

    def refusal_headers(self, refusal: RefusalError) -> dict[str, str]:
        return {"x-amzn-errortype": f"{refusal.kind}:http://internal.amazon.com/coral/"}

    def refused(self, refusal: RefusalError, _mark: Mark, /) -> bytes:
        return msgspec.json.encode({"message": refusal.message})

    def catalogue(self, _host: str, models: Sequence[str], /) -> bytes:
        return msgspec.json.encode({"modelSummaries": [{"modelId": model} for model in models]})

    def entry(self, _host: str, model: str, /) -> bytes:
        return msgspec.json.encode({"modelDetails": {"modelId": model}})


def framed(event: str, payload: dict[str, Any]) -> bytes:
    """One message of a stream, padded by what its length asks for."""
    bare = msgspec.json.encode(payload)
    padded = msgspec.json.encode({**payload, "p": _PADDING[: len(bare) % 13 + 1]})
    headers = {
        ":event-type": event,
        ":content-type": "application/json",
        ":message-type": "event",
    }
    block = b"".join(
        bytes((len(name),)) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value
        for name, value in ((name, value.encode()) for name, value in headers.items())
    )
    prelude = struct.pack("!II", 16 + len(block) + len(padded), len(block))
    whole = prelude + struct.pack("!I", zlib.crc32(prelude)) + block + padded
    return whole + struct.pack("!I", zlib.crc32(whole))
