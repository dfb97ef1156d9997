"""What signing in with a provider works with, as data."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.basics.text import Language
from changeover.identity.secret import Secret

Why = Literal[
    "away", "denied", "disabled", "groups", "provider", "provisioned-only", "stale", "taken"
]
_WORDS: Mapping[Why, tuple[str, str]] = {
    "away": (
        "The identity provider cannot be reached now.",
        "Try again in a few minutes; if it stays so, tell your administrator.",
    ),
    "denied": (
        "The identity provider did not let you in.",
        "Try again, or ask your administrator.",
    ),
    "disabled": ("Your account here is disabled.", "Ask your administrator."),
    "groups": (
        "You are in no group that opens Changeover.",
        "Ask your administrator to add you to one.",
    ),
    "provider": (
        "What the identity provider answered cannot be trusted.",
        "Try again; if it stays so, tell your administrator.",
    ),
    "provisioned-only": (
        "There is no account here for you yet.",
        "Accounts are made by your organisation's directory: ask your administrator.",
    ),
    "stale": ("This sign-in was begun elsewhere or too long ago.", "Begin it again."),
    "taken": (
        "Another account here has the name that the identity provider gives you.",
        "Ask your administrator.",
    ),
}


class SignOnError(ChangeoverError):
    """A sign-in with the provider that ended without a session.

    `why` is for the person's page, in their language. `detail` is for the operator's log
    alone: it names what was wrong, and holds no token, code or name of a person.
    """

    code = "sign_on"

    def __init__(self, why: Why, detail: str = "") -> None:
        what, do = _WORDS[why]
        super().__init__(what, means="You are not signed in.", do=do)
        self.why = why
        self.detail = detail


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The provider that the operator declared.

    `returns_to` is where the browser comes back after signing in and `left_at` after signing
    out, both registered with the provider. A client without a secret is a public one.
    `makes_accounts` is whether a first sign-in makes an account.
    """

    issuer: str
    client: str
    secret: Secret | None
    name: str
    scopes: tuple[str, ...]
    groups_claim: str
    login_claim: str
    returns_to: str
    left_at: str
    makes_accounts: bool = True


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    authorization_response_iss_parameter_supported: bool = False


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in under way, as the browser's cookie keeps it, sealed.

    `until` is in seconds since 1970; `verifier` is PKCE's (RFC 7636).
    """

    state: str
    nonce: str
    verifier: str
    return_to: str
    until: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider vouches for. `subject` is its issuer, a space and its identifier."""

    subject: str
    login: str
    name: str
    language: Language
    groups: tuple[str, ...]


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """Where a browser is sent, and the sealed cookie that it takes along."""

    url: str
    cookie: str


Claims = Mapping[str, Any]
