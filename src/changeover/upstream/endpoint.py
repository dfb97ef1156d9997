"""Endpoints: where a host answers a protocol.

How a request to it looks stands in `forms.py`.
"""

import re
from urllib.parse import urlsplit

import msgspec

from changeover import __version__
from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Dialect, Protocol
from changeover.identity.secret import Secret
from changeover.upstream.forms import Form, form_of
from changeover.upstream.google import is_service_account, read_service_account

_VISIBLE = re.compile(r"[!-~]+")
_USER_AGENT = f"changeover/{__version__}"


def read_credential(text: str, source: str) -> Secret:
    """A credential without the white space around it; `source` says where it stood.

    `InvalidInputError` (which does not repeat it) when it could not stand in a header,
    and is no service account's key either.
    """
    stripped = text.strip()
    if is_service_account(stripped):
        return Secret(read_service_account(stripped, source))
    if not _VISIBLE.fullmatch(stripped):
        raise InvalidInputError(
            f"The credential in {source} is empty or holds characters that none has.",
            do="Copy it again, without line breaks or quotation marks.",
        )
    return Secret(stripped)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a host answers a protocol.

    `host` is the directory's vendor id. `base_url` ends before the protocol's
    path (`https://api.openai.com`, without `/v1`); `path` replaces that path
    where a host has its own. `dialect` is how the host speaks, as far as its address
    tells; a route says it for itself. `InvalidInputError` for a base URL that is none.
    """

    host: str
    protocol: Protocol
    base_url: str
    credential: Secret | None = None
    stand_in: bool = False
    path: str | None = None
    dialect: Dialect | None = None

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.base_url)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
            sound = sound and parts.port != 0
        except ValueError:
            sound = False
        if not sound or not _VISIBLE.fullmatch(self.base_url):
            raise InvalidInputError(
                f"The base URL of the host {self.host} is not the address of a server.",
                do="Write it like https://api.example.com.",
            )
        if parts.username is not None or parts.query or parts.fragment:
            raise InvalidInputError(
                f"The base URL of the host {self.host} holds a user, a query or a fragment.",
                means="Credentials are kept apart, so that no log shows them.",
                do="Write scheme, host, port and path only.",
            )

    @property
    def url(self) -> str:
        """Where requests are posted; where a protocol names the model there, what stands before."""
        return self.url_in(self.dialect)

    def url_in(self, dialect: Dialect | None) -> str:
        """The same for a route in a dialect."""
        form = form_of(self.protocol, dialect)
        path = form.path if self.path is None or form.fixed else self.path
        return self.base_url.rstrip("/") + path

    def address(self, dialect: Dialect | None = None, *, target: str = "", beside: str = "") -> str:
        """Where one request is posted: `target` follows the URL, `beside` replaces its own end."""
        url = self.url_in(dialect)
        if not beside:
            return url + target
        return url.removesuffix(self.form(dialect).own) + beside + target

    @property
    def on_this_machine(self) -> bool:
        """Whether the address is a loopback address by its form (no name is looked up)."""
        name = urlsplit(self.base_url).hostname or ""
        return name in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None

    def form(self, dialect: Dialect | None) -> Form:
        """How a request of a route in a dialect looks."""
        return form_of(self.protocol, dialect)

    def headers(self, dialect: Dialect | None = None, *, stream_type: str = "") -> dict[str, str]:
        """The request's headers: for the wire only, never for a log.

        A credential that is shown as it is stands among them; one that signs does not.
        `stream_type` is the media type of the stream that is asked for, if one is.
        """
        form = self.form(dialect)
        headers = {
            "Content-Type": "application/json",
            "Accept": stream_type or "application/json",
            "User-Agent": _USER_AGENT,
            **dict(form.headers),
        }
        if stream_type:
            # A compressing proxy may hold events back until its window is full.
            headers["Accept-Encoding"] = "identity"
        if self.credential is not None and form.manner == "header":
            headers[form.credential_header] = form.credential_prefix + self.credential.reveal()
        return headers
