"""OAuth tokens as Google's server gives them to service accounts, and knows them again.

Written from Google's guide "Using OAuth 2.0 for server to server applications" (RFC 7523). An
account is one of which the stand-in was given the public key. Its claim must be signed
with the private one, be for this server (Google's library always names Google's own) and
for the scope of Google Cloud, and not be old.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from changeover.basics.clock import Clock
from changeover.basics.ids import new_secret

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_AUDIENCE = "https://oauth2.googleapis.com/token"
_SKEW = 300
_HOUR = timedelta(hours=1)
BEFOREHAND = "stand-in"
"""A token that was issued before the stand-in began, for whoever cannot ask for one."""


class _RefusedError(Exception):
    """No token is given; the message is Google's description."""


class Tokens:
    """The tokens that were issued, each good for an hour."""

    def __init__(self, accounts: Mapping[str, str], clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._until: dict[str, datetime] = {}

    def holds(self, token: str) -> bool:
        """Whether a token was issued here and is good still."""
        until = self._until.get(token)
        return token == BEFOREHAND or (until is not None and self._clock.now() < until)

    def answer(self, payload: bytes, audience: str) -> tuple[int, bytes]:
        """The status and the body that answer a request for a token."""
        try:
            self._check(payload, audience)
        except _RefusedError as error:
            told = {"error": "invalid_grant", "error_description": str(error)}
            return 400, msgspec.json.encode(told)
        token = f"ya29.c.{new_secret(40)}"
        self._until[token] = self._clock.now() + _HOUR
        seconds = int(_HOUR.total_seconds())
        given = {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}
        return 200, msgspec.json.encode(given)

    def _check(self, payload: bytes, audience: str) -> None:
        form = parse_qs(payload.decode(errors="replace"))
        if form.get("grant_type") != [_GRANT]:
            raise _RefusedError("Invalid grant_type.")
        head, _, rest = (form.get("assertion") or [""])[0].partition(".")
        body, _, signature = rest.partition(".")
        claim = _claim(body)
        pem = self._accounts.get(str(claim.get("iss")))
        if pem is None:
            raise _RefusedError("Invalid grant: account not found")
        key = load_pem_public_key(pem.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        try:
            key.verify(_decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise _RefusedError("Invalid JWT Signature.") from error
        now = self._clock.now().timestamp()
        if claim.get("aud") not in {_AUDIENCE, audience} or claim.get("scope") != _SCOPE:
            raise _RefusedError("Invalid audience or scope.")
        if abs(now - claim.get("iat", 0)) > _SKEW or claim.get("exp", 0) <= now:
            raise _RefusedError("Invalid JWT: Token must be a short-lived token.")


def _claim(body: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(_decoded(body), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _RefusedError("Invalid JWT.") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise _RefusedError("Invalid JWT.") from error
