"""The session's cookie.

HttpOnly, so that no script reads it; SameSite=Lax, so that no other site's form
sends it; for the whole site. Where people reach the product over HTTPS it is
Secure and its name begins with `__Host-`, which binds it to this host alone
(RFC 6265bis, section 4.1.3.2).
"""

from starlette.requests import Request

from changeover.identity.people import ABSOLUTE
from changeover.identity.secret import Secret

_NAME = "changeover_session"
_SIGN_ON = "changeover_sign_on"


class SessionCookie:
    """Reads and writes the cookie; `secure` is whether people use HTTPS."""

    def __init__(self, *, secure: bool) -> None:
        self.name = f"__Host-{_NAME}" if secure else _NAME
        self._sign_on = f"__Host-{_SIGN_ON}" if secure else _SIGN_ON
        self._attributes = "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    def read(self, request: Request) -> Secret | None:
        """The token that the browser sent."""
        token = request.cookies.get(self.name)
        return Secret(token) if token else None

    def of_sign_on(self, request: Request) -> str:
        """The sealed cookie of a sign-in by the provider; empty without one."""
        return request.cookies.get(self._sign_on, "")

    def holding_sign_on(self, sealed: str, seconds: int) -> str:
        """The `Set-Cookie` of a sign-in by the provider that has begun.

        The provider sends the browser back from another site, by a link: `Lax` lets it along.
        """
        return f"{self._sign_on}={sealed}; Max-Age={seconds}; {self._attributes}"

    def cleared_sign_on(self) -> str:
        """The `Set-Cookie` that ends it."""
        return f"{self._sign_on}=; Max-Age=0; {self._attributes}"

    def holding(self, token: Secret) -> str:
        """The `Set-Cookie` of a new session."""
        seconds = int(ABSOLUTE.total_seconds())
        return f"{self.name}={token.reveal()}; Max-Age={seconds}; {self._attributes}"

    def cleared(self) -> str:
        """The `Set-Cookie` that makes the browser forget."""
        return f"{self.name}=; Max-Age=0; {self._attributes}"
