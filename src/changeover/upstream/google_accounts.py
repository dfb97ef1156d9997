"""Google's library for service accounts, over a request that somebody else sends.

It is imported only where a token is needed.
"""

import json
from collections.abc import Mapping
from typing import Any

from google.auth import exceptions, transport
from google.auth.credentials import TokenState
from google.oauth2 import service_account

from changeover.upstream.posting import NoTokenError, Post, Posted

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class Account:
    """A service account with a token."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    @property
    def fresh(self) -> bool:
        """Whether the token is good for some minutes more."""
        return bool(self._credentials.token_state == TokenState.FRESH)

    @property
    def token(self) -> str:
        return str(self._credentials.token)


class _Answer(transport.Response):
    def __init__(self, posted: Posted) -> None:
        self._posted = posted

    @property
    def status(self) -> int:
        return self._posted.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._posted.headers

    @property
    def data(self) -> bytes:
        return self._posted.body


class _Request(transport.Request):
    """Sends as the library asks; it only ever posts, and the wait is the sender's."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def __call__(
        self,
        url: str,
        method: str = "POST",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **more: Any,
    ) -> _Answer:
        del method, timeout, more
        return _Answer(self._post(url, body or b"", headers or {}))


def obtain(text: str, post: Post) -> Account:
    """The account with a token, obtained in the thread that this is called in."""
    words = "the service account's key could not be used"
    try:
        account: Any = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            json.loads(text), scopes=[_SCOPE]
        )
        account.refresh(_Request(post))
    except exceptions.RefreshError:
        words = "the server that gives tokens refused the service account's key"
    except (exceptions.GoogleAuthError, ValueError):
        pass
    else:
        return Account(account)
    raise NoTokenError(words)
