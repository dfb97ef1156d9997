"""Reaching the identity provider, which is an endpoint that the operator declared.

* Nothing is asked but over the addresses that its metadata names, and no redirect is followed,
  no cookie kept, no proxy or password file taken from the environment.
* An address inside this network is asked only if it is the declared issuer's host, or declared
  as vendors' are (`inside`), so that metadata cannot lead elsewhere.
* It is reached through the proxy for vendors, unless it is on this machine or its host is
  declared inside.
* Answers are JSON objects of 1 MB at most, within ten seconds. A failure tells its kind, and an
  error's code (RFC 6749, section 5.2); never what was sent.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

import aiohttp

from changeover.identity.secret import Secret
from changeover.identity.sign_on.ports import ProviderAwayError, ProviderRefusedError
from changeover.upstream.http import Ways
from changeover.upstream.inside import CheckedResolver, Inside

_SECONDS = 10.0
_GREATEST = 1024 * 1024
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class HttpProviderDoor:
    """Implements `identity.sign_on.ports.ProviderDoor` for the provider at `issuer`."""

    def __init__(self, issuer: str, ways: Ways) -> None:
        self._host = (urlsplit(issuer).hostname or "").lower()
        self._ways = ways
        self._inside = Inside(ways.inside.names | {self._host}, ways.inside.networks)

    async def get(self, url: str, bearer: Secret | None = None) -> Mapping[str, Any]:
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer.reveal()}"}
        return await self._asked("GET", url, headers, None)

    async def post(
        self, url: str, form: Mapping[str, str], basic: tuple[str, Secret] | None
    ) -> Mapping[str, Any]:
        headers = {}
        if basic is not None:
            name, secret = basic
            # RFC 6749, section 2.3.1: each is encoded as in a form before they are joined.
            joined = f"{quote_plus(name)}:{quote_plus(secret.reveal())}"
            headers["Authorization"] = "Basic " + base64.b64encode(joined.encode()).decode()
        return await self._asked("POST", url, headers, form)

    async def _asked(
        self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None
    ) -> Mapping[str, Any]:
        host = (urlsplit(url).hostname or "").lower()
        self._check(host)
        trusted = self._ways.trusted
        connector = aiohttp.TCPConnector(
            resolver=CheckedResolver(lambda: self._inside),
            ssl=True if trusted is None else trusted,
        )
        direct = host in _HERE or host in self._ways.inside.names
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=_SECONDS),
                    trust_env=False,
                ) as session,
                session.request(
                    method,
                    url,
                    headers={"Accept": "application/json", **headers},
                    data=form,
                    allow_redirects=False,
                    proxy=None if direct else self._ways.proxy,
                ) as response,
            ):
                status, body = response.status, await _read(response)
        except (aiohttp.ClientError, OSError) as error:
            raise ProviderAwayError(f"{host} was not reached ({type(error).__name__})") from error
        return _answered(host, status, body)

    def _check(self, host: str) -> None:
        """The resolver is not asked about a host that is an address itself."""
        try:
            inside = self._inside.may(host, host)
        except ValueError:
            return  # a name: what it leads to is checked when it is looked up
        if not inside:
            raise ProviderAwayError(f"{host} is inside this network, and is not declared")


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = await response.content.read(_GREATEST + 1)
    pieces = [body]
    while body and sum(map(len, pieces)) <= _GREATEST:
        body = await response.content.read(_GREATEST + 1)
        pieces.append(body)
    return b"".join(pieces)


def _answered(host: str, status: int, body: bytes) -> Mapping[str, Any]:
    if len(body) > _GREATEST:
        raise ProviderAwayError(f"{host} answered more than {_GREATEST} bytes")
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if status >= 500 or 300 <= status < 400:
        raise ProviderAwayError(f"{host} answered HTTP {status}")
    if status >= 400:
        error = answer.get("error") if isinstance(answer, dict) else None
        known = error if isinstance(error, str) and error.isidentifier() else f"HTTP {status}"
        raise ProviderRefusedError(known[:60])
    if not isinstance(answer, dict):
        raise ProviderAwayError(f"{host} answered no JSON object")
    return answer
