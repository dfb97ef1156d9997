"""Hosts whose addresses are known, and how any host's address is completed.

A base URL is written as the SDK of the protocol's vendor takes it: for OpenAI's
with the version (`https://api.openai.com/v1`), for Anthropic's and Google's without.
"""

import re
from urllib.parse import urlsplit

import msgspec

from changeover.directory.model import Dialect, Protocol
from changeover.identity.secret import Secret
from changeover.upstream.aws import check_access_key
from changeover.upstream.endpoint import Endpoint

_PATHS: dict[Protocol, str] = {
    "openai-chat": "/chat/completions",
    "openai-responses": "/responses",
    "anthropic-messages": "/v1/messages",
    "gemini-generate": "/v1beta/models",
    "bedrock-converse": "/model",
}
_CLOUDS: tuple[tuple[re.Pattern[str], Dialect], ...] = (
    (re.compile(r"(?:^|\.)bedrock-runtime\b"), "bedrock"),
    (re.compile(r"(?:^|[.-])aiplatform\b.*\.googleapis\.com$"), "vertex"),
    (re.compile(r"\.azure\.com$"), "azure"),
)


class KnownHost(msgspec.Struct, frozen=True, kw_only=True):
    """A host, the protocols it answers at its address, and the variables that its SDK reads.

    The credential is in the first of its variables that is set; `base_variable`
    names another address.
    """

    host: str
    protocols: tuple[Protocol, ...]
    credential_variables: tuple[str, ...]
    base_variable: str
    base_url: str


KNOWN_HOSTS: tuple[KnownHost, ...] = (
    KnownHost(
        host="anthropic",
        protocols=("anthropic-messages",),
        credential_variables=("ANTHROPIC_API_KEY",),
        base_variable="ANTHROPIC_BASE_URL",
        base_url="https://api.anthropic.com",
    ),
    KnownHost(
        host="openai",
        protocols=("openai-chat", "openai-responses"),
        credential_variables=("OPENAI_API_KEY",),
        base_variable="OPENAI_BASE_URL",
        base_url="https://api.openai.com/v1",
    ),
    KnownHost(
        host="mistral",
        protocols=("openai-chat",),
        credential_variables=("MISTRAL_API_KEY",),
        base_variable="MISTRAL_BASE_URL",
        base_url="https://api.mistral.ai/v1",
    ),
    KnownHost(
        host="google",
        protocols=("openai-chat",),
        # Google's SDK prefers the first of the two.
        credential_variables=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        base_variable="GEMINI_BASE_URL",
        base_url="https://generativelanguage.googleapis.com/v1beta/openai",
    ),
    KnownHost(
        host="google",
        protocols=("gemini-generate",),
        credential_variables=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        base_variable="GOOGLE_GEMINI_BASE_URL",
        base_url="https://generativelanguage.googleapis.com",
    ),
)


def known_base_url(host: str, protocol: Protocol) -> str | None:
    """The address at which a host is known to answer a protocol."""
    found = (known for known in KNOWN_HOSTS if known.host == host and protocol in known.protocols)
    return next((known.base_url for known in found), None)


def speaks(protocol: str) -> bool:
    """Whether calls in this protocol can be sent."""
    return protocol in _PATHS


def endpoint_at(
    host: str,
    protocol: Protocol,
    base_url: str,
    credential: Secret | None,
    dialect: Dialect | None = None,
) -> Endpoint:
    """The endpoint at a base URL; `InvalidInputError` where that is no address of a server.

    A cloud's own address tells its dialect, where it is not given, so that what is said of
    the endpoint is right.
    """
    if protocol == "bedrock-converse" and credential is not None:
        check_access_key(credential.reveal())
    path = _PATHS[protocol]
    # Without a version that the path to come repeats.
    first = "/" + path.split("/")[1]
    repeated = first if first.startswith("/v1") else ""
    return Endpoint(
        host=host,
        protocol=protocol,
        base_url=base_url.rstrip("/").removesuffix(repeated),
        path=path,
        credential=credential,
        dialect=dialect or dialect_at(base_url),
    )


def dialect_at(base_url: str) -> Dialect | None:
    """The dialect that an address tells."""
    try:
        name = urlsplit(base_url).hostname or ""
    except ValueError:
        return None
    return next((dialect for pattern, dialect in _CLOUDS if pattern.search(name)), None)
