"""How a request to a host looks: its path, where the credential goes, further headers.

What differs between protocols, and between hosts of one, stands in one table, from the
vendors' reference pages: OpenAI's "Create chat completion" and "Create a model response"
(`Authorization: Bearer`), and the same on Azure, "Azure OpenAI v1 API" (`api-key`);
Anthropic's "Messages" (`x-api-key` and a dated `anthropic-version`); Google's
"models.generateContent" (`x-goog-api-key`; model and method follow the path) and the same on
Vertex AI (an OAuth token); Amazon's "Converse" and "InvokeModel", and Anthropic's pages
on Bedrock and Vertex AI for its own protocol there.

A path stands after a host's address. Vertex AI's address ends with the project and
the location, as in `https://HOST/v1/projects/PROJECT/locations/LOCATION`.
"""

from typing import Literal

import msgspec

from changeover.directory.model import Dialect, Protocol

Manner = Literal["header", "amazon", "google"]


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How requests in a protocol look at a host.

    `manner` is how the credential is shown: as it is in `credential_header`, by Amazon's
    signature, or by a token that Google gives for it. `fixed` says that an endpoint has
    no other path than this. `own` is the end of the path that is the protocol's own, where
    other operations have theirs.
    """

    path: str
    own: str = ""
    manner: Manner = "header"
    credential_header: str = "Authorization"
    credential_prefix: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    fixed: bool = False


_CHAT = "/chat/completions"
_RESPONSES = "/responses"


def _openai(own: str, header: str = "Authorization", prefix: str = "Bearer ") -> Form:
    return Form(path=f"/v1{own}", own=own, credential_header=header, credential_prefix=prefix)


_OWN: dict[Protocol, Form] = {
    "openai-chat": _openai(_CHAT),
    "openai-responses": _openai(_RESPONSES),
    "anthropic-messages": Form(
        path="/v1/messages",
        credential_header="x-api-key",
        headers=(("anthropic-version", "2023-06-01"),),
    ),
    "gemini-generate": Form(path="/v1beta/models", credential_header="x-goog-api-key"),
    "bedrock-converse": Form(path="/model", manner="amazon", fixed=True),
}
_HOSTED: dict[tuple[Protocol, Dialect], Form] = {
    ("openai-chat", "azure"): _openai(_CHAT, "api-key", ""),
    ("openai-responses", "azure"): _openai(_RESPONSES, "api-key", ""),
    ("anthropic-messages", "bedrock"): Form(path="/model", manner="amazon", fixed=True),
    ("anthropic-messages", "vertex"): Form(
        path="/publishers/anthropic/models", manner="google", fixed=True
    ),
    ("gemini-generate", "vertex"): Form(
        path="/publishers/google/models", manner="google", fixed=True
    ),
}


def form_of(protocol: Protocol, dialect: Dialect | None) -> Form:
    """The form of a protocol in a host's dialect; most dialects differ in the body alone."""
    own = _OWN[protocol]
    return own if dialect is None else _HOSTED.get((protocol, dialect), own)
