"""Endpoints: where a host answers a protocol, and how a request to it looks.

What differs between protocols stands in one table, from the vendors' reference
pages: OpenAI's "Create chat completion" and "Create a model response"
(`Authorization: Bearer`), Anthropic's "Messages" (`x-api-key` and a dated
`anthropic-version`) and Google's "models.generateContent" (`x-goog-api-key`;
model and method follow the path).
"""

import re
from urllib.parse import urlsplit

import msgspec

from changeover import __version__
from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.identity.secret import Secret

_VISIBLE = re.compile(r"[!-~]+")
_USER_AGENT = f"changeover/{__version__}"


class _Form(msgspec.Struct, frozen=True, kw_only=True):
    """How a protocol's requests look: path, where the credential goes, further headers.

    `own` is the end of the path that is the protocol's own, where other operations have theirs.
    """

    path: str
    own: str = ""
    credential_header: str
    credential_prefix: str = ""
    headers: tuple[tuple[str, str], ...] = ()


_FORMS: dict[Protocol, _Form] = {
    "openai-chat": _Form(
        path="/v1/chat/completions",
        own="/chat/completions",
        credential_header="Authorization",
        credential_prefix="Bearer ",
    ),
    "openai-responses": _Form(
        path="/v1/responses",
        own="/responses",
        credential_header="Authorization",
        credential_prefix="Bearer ",
    ),
    "anthropic-messages": _Form(
        path="/v1/messages",
        credential_header="x-api-key",
        headers=(("anthropic-version", "2023-06-01"),),
    ),
    "gemini-generate": _Form(path="/v1beta/models", credential_header="x-goog-api-key"),
}


def read_credential(text: str, source: str) -> Secret:
    """A credential without the white space around it; `source` says where it stood.

    `InvalidInputError` (which does not repeat it) when it could not stand in a header.
    """
    stripped = text.strip()
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
    where a host has its own. `InvalidInputError` for a base URL that is none.
    """

    host: str
    protocol: Protocol
    base_url: str
    credential: Secret | None = None
    stand_in: bool = False
    path: str | None = None

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
        path = _FORMS[self.protocol].path if self.path is None else self.path
        return self.base_url.rstrip("/") + path

    def address(self, *, target: str = "", beside: str = "") -> str:
        """Where one request is posted: `target` follows the URL, `beside` replaces its own end."""
        if not beside:
            return self.url + target
        return self.url.removesuffix(_FORMS[self.protocol].own) + beside + target

    @property
    def on_this_machine(self) -> bool:
        """Whether the address is a loopback address by its form (no name is looked up)."""
        name = urlsplit(self.base_url).hostname or ""
        return name in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None

    def headers(self, *, stream: bool) -> dict[str, str]:
        """The request's headers, credential included: for the wire only, never for a log."""
        form = _FORMS[self.protocol]
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream" if stream else "application/json",
            "User-Agent": _USER_AGENT,
            **dict(form.headers),
        }
        if stream:
            # A compressing proxy may hold events back until its window is full.
            headers["Accept-Encoding"] = "identity"
        if self.credential is not None:
            headers[form.credential_header] = form.credential_prefix + self.credential.reveal()
        return headers
