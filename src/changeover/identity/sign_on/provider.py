"""What is known of the provider: its metadata and its keys, kept for a while.

* Metadata is read at `ISSUER/.well-known/openid-configuration` (OpenID Connect Discovery 1.0,
  section 4) and believed only if it names this very issuer. Its endpoints are over HTTPS,
  unless the operator declared an issuer over plain HTTP.
* Keys are read when they are first needed and again each hour; and at once where a token names
  one that is not among them, since a provider changes its keys when it wants to. That is not
  done more often than every half minute, so that forged tokens cannot make it many.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from changeover.basics.clock import monotonic
from changeover.identity.sign_on.model import Metadata, SignOnError
from changeover.identity.sign_on.ports import (
    ProviderAwayError,
    ProviderDoor,
    ProviderRefusedError,
)

KEPT_SECONDS = 3600.0
KEYS_APART = 30.0
_WELL_KNOWN = "/.well-known/openid-configuration"


class Provider:
    """The declared provider. What cannot be had or believed is a `SignOnError`."""

    def __init__(self, issuer: str, door: ProviderDoor) -> None:
        self._issuer = issuer
        self._door = door
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, Mapping[str, Any]] | None = None

    async def metadata(self) -> Metadata:
        """What the provider says of itself."""
        kept, now = self._metadata, monotonic()
        if kept is None or now - kept[0] > KEPT_SECONDS:
            url = self._issuer.rstrip("/") + _WELL_KNOWN
            kept = (now, self._read(await reached(self._door.get(url), "its metadata")))
            self._metadata = kept
        return kept[1]

    async def keys(self) -> Mapping[str, Any]:
        """The provider's keys, as they were last read."""
        kept = self._keys
        if kept is None or monotonic() - kept[0] > KEPT_SECONDS:
            return await self._read_keys()
        return kept[1]

    async def newer_keys(self) -> Mapping[str, Any] | None:
        """The provider's keys, read anew; None where that was just done."""
        kept = self._keys
        if kept is not None and monotonic() - kept[0] < KEYS_APART:
            return None
        return await self._read_keys()

    async def _read_keys(self) -> Mapping[str, Any]:
        metadata = await self.metadata()
        keys = await reached(self._door.get(metadata.jwks_uri), "its keys")
        if not isinstance(keys.get("keys"), list):
            raise SignOnError("provider", "its keys are no set of keys")
        self._keys = (monotonic(), keys)
        return keys

    def _read(self, told: Mapping[str, Any]) -> Metadata:
        try:
            metadata = msgspec.convert(told, Metadata)
        except msgspec.ValidationError as error:
            raise SignOnError("provider", f"its metadata: {error}") from error
        if metadata.issuer != self._issuer:
            raise SignOnError("provider", "its metadata names another issuer")
        methods = metadata.code_challenge_methods_supported
        if methods is not None and "S256" not in methods:
            raise SignOnError("provider", "it does not support PKCE with S256")
        endpoints = (
            metadata.authorization_endpoint,
            metadata.token_endpoint,
            metadata.jwks_uri,
            metadata.userinfo_endpoint,
            metadata.end_session_endpoint,
        )
        if not all(self._is_endpoint(one) for one in endpoints if one is not None):
            raise SignOnError("provider", "its metadata names an endpoint that is not https")
        return metadata

    def _is_endpoint(self, url: str) -> bool:
        try:
            parts, declared = urlsplit(url), urlsplit(self._issuer)
        except ValueError:
            return False
        plain = parts.scheme == declared.scheme == "http" and parts.netloc == declared.netloc
        return bool(parts.hostname) and (parts.scheme == "https" or plain)


async def reached(asking: Any, what: str) -> Mapping[str, Any]:
    """What the provider answers; a `SignOnError` that says what was asked for."""
    try:
        answer: Mapping[str, Any] = await asking
    except ProviderAwayError as error:
        raise SignOnError("away", f"{what}: {error}") from error
    except ProviderRefusedError as error:
        raise SignOnError("provider", f"{what}: {error}") from error
    return answer
