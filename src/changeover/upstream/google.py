"""Google's OAuth tokens for Vertex AI, made by Google's own library.

Source: Google's guide "Using OAuth 2.0 for server to server applications" (RFC 7523): a
service account signs a claim, and Google gives a token for it that is good for an hour.

* A credential is the JSON of a service account's key, or else a token that somebody
  obtained otherwise, which is sent as it is.
* A token is kept, and a new one obtained before it expires (the library says when); calls
  that wait for it meanwhile wait for the same one.
* The library works in a thread of its own, and its one request goes out by the same
  means as ours, on the event loop: no redirect, no cookie, the same proxy.
* What goes wrong is told by its kind; the library's errors hold the server's answer.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import aiohttp

from changeover.basics.errors import InvalidInputError
from changeover.identity.secret import Secret
from changeover.upstream.posting import NoTokenError, Posted

_PATIENCE = 20.0
_LARGEST = 64 * 1024
_NEEDED = ("client_email", "private_key", "token_uri")


if TYPE_CHECKING:
    from changeover.upstream.google_accounts import Account


def is_service_account(text: str) -> bool:
    """Whether a credential is meant as the JSON of a key."""
    return text.lstrip().startswith("{")


def read_service_account(text: str, source: str) -> str:
    """The key's JSON on one line; `InvalidInputError` (which does not repeat it) if it is none."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    fields = given if isinstance(given, dict) else {}
    whole = all(isinstance(fields.get(name), str) and fields[name] for name in _NEEDED)
    if fields.get("type") != "service_account" or not whole:
        raise InvalidInputError(
            f"The credential in {source} is not the JSON key of a service account.",
            do="Make a key for a service account in Google Cloud and give its JSON file whole.",
        )
    return json.dumps(given, separators=(",", ":"))


class GoogleTokens:
    """Tokens for service accounts. Use it as long as `session` is open."""

    def __init__(self, session: aiohttp.ClientSession, proxy: str | None) -> None:
        self._session = session
        self._proxy = proxy
        self._accounts: dict[Secret, Account] = {}
        self._obtaining: dict[Secret, asyncio.Lock] = {}

    async def token(self, credential: Secret) -> str:
        """The token to send; `NoTokenError` where none is to be had."""
        text = credential.reveal()
        if not is_service_account(text):
            return text
        async with self._obtaining.setdefault(credential, asyncio.Lock()):
            account = self._accounts.get(credential)
            if account is None or not account.fresh:
                account = self._accounts[credential] = await self._obtain(text)
            return account.token

    async def _obtain(self, text: str) -> "Account":
        from changeover.upstream import google_accounts  # noqa: PLC0415 (would slow the start)

        loop = asyncio.get_running_loop()

        def post(url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
            asked = asyncio.run_coroutine_threadsafe(self._post(url, body, headers), loop)
            try:
                return asked.result()
            except (aiohttp.ClientError, OSError) as error:
                raise NoTokenError("the server that gives tokens could not be reached") from error

        try:
            return await asyncio.to_thread(google_accounts.obtain, text, post)
        except NoTokenError as error:
            words = str(error)
        raise NoTokenError(words)

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        async with self._session.post(
            url,
            data=body,
            headers=headers,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=aiohttp.ClientTimeout(total=_PATIENCE),
        ) as response:
            answer = await response.content.read(_LARGEST)
            return Posted(response.status, dict(response.headers), answer)
