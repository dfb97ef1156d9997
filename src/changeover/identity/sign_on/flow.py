"""Signing in through the provider: authorization code with PKCE, state and nonce.

RFC 6749, RFC 7636, RFC 9207, RFC 9700 and OpenID Connect Core 1.0. `begin` sends the browser to
the provider with a challenge, a state and a nonce, all new; what they were is in a cookie that is
sealed, that scripts cannot read, and that ends after ten minutes. `finish` goes in these steps:

1. The cookie opens, is this installation's, and has not ended.
2. The state that came back is the cookie's: this browser began this sign-in.
3. Who answers is this provider (`iss`), where that is told or was promised.
4. The provider let the person in, and gave a code.
5. The code is exchanged, by this client and with the verifier, for an ID token.
6. The ID token is checked (`tokens`), once more with new keys where it names one not known.
7. Groups that it does not hold are asked for at the provider's user information, which must
   be of the same subject.

A path to return to is one of this site or it is not followed: nothing that came from outside
becomes an address.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError
from changeover.basics.ids import new_secret
from changeover.basics.text import Language
from changeover.identity.groups import MOST_GROUPS
from changeover.identity.people import read_provided_login
from changeover.identity.sealing import Seal, UnsealableError
from changeover.identity.secret import Secret
from changeover.identity.sign_on.model import (
    Begun,
    Claims,
    Leaving,
    Metadata,
    ProviderSettings,
    SignOnError,
    Told,
    Why,
)
from changeover.identity.sign_on.ports import ProviderDoor
from changeover.identity.sign_on.provider import Provider, reached
from changeover.identity.sign_on.tokens import (
    Expected,
    TokenRefusedError,
    UnknownKeyError,
    check_id_token,
)

LASTS_SECONDS = 600
HOME = "/"
_PLACE = ("sign-on",)
_VERIFIER_CHARACTERS = 64
_LONGEST_PATH = 512
_LONGEST_NAME = 200


class SignOn:
    """Signs people in with the declared provider. `clock` is the machine's.

    `seal` gives what seals cookies, when one is first to be sealed.
    """

    def __init__(
        self,
        settings: ProviderSettings,
        door: ProviderDoor,
        seal: Callable[[], Seal],
        clock: Clock,
    ) -> None:
        self.settings = settings
        self._door = door
        self._provider = Provider(settings.issuer, door)
        self._seal = seal
        self._clock = clock

    async def begin(self, return_to: str) -> Leaving:
        """Where the browser goes to sign in; `SignOnError`."""
        metadata = await self._provider.metadata()
        begun = Begun(
            state=new_secret(),
            nonce=new_secret(),
            verifier=new_secret(_VERIFIER_CHARACTERS),
            return_to=own_path(return_to),
            until=self._clock.now().timestamp() + LASTS_SECONDS,
        )
        asked = {
            "response_type": "code",
            "client_id": self.settings.client,
            "redirect_uri": self.settings.returns_to,
            "scope": " ".join(self.settings.scopes),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": _challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        text = Secret(msgspec.json.encode(begun).decode())
        cookie = self._seal().seal(text, _PLACE).decode()
        return Leaving(url=_with_query(metadata.authorization_endpoint, asked), cookie=cookie)

    def begun(self, cookie: str) -> Begun:
        """What a cookie holds, steps 1; `SignOnError`."""
        try:
            text = self._seal().open(cookie.encode(), _PLACE).reveal()
            begun = msgspec.json.decode(text, type=Begun)
        except (UnsealableError, msgspec.MsgspecError) as error:
            raise SignOnError("stale", "its cookie is missing or another's") from error
        if self._clock.now().timestamp() > begun.until:
            raise SignOnError("stale", "it was begun too long ago")
        return begun

    async def finish(self, answered: Mapping[str, str], begun: Begun) -> Told:
        """Whom the provider vouches for; `SignOnError`. `answered` is what came back."""
        if not hmac.compare_digest(answered.get("state", "").encode(), begun.state.encode()):
            raise SignOnError("stale", "its state is another sign-in's")
        metadata = await self._provider.metadata()
        promised = metadata.authorization_response_iss_parameter_supported
        if answered.get("iss", "" if promised else metadata.issuer) != metadata.issuer:
            raise SignOnError("provider", "another issuer answered")
        if "error" in answered:
            why: Why = "denied" if answered["error"] == "access_denied" else "provider"
            raise SignOnError(why, f"it answered {answered['error'][:60]!r}")
        code = answered.get("code", "")
        if not code:
            raise SignOnError("provider", "it gave no code")
        tokens = await self._exchanged(metadata, code, begun.verifier)
        claims = await self._checked(metadata, tokens, begun.nonce)
        groups = await self._groups(metadata, tokens, claims)
        return self._told(metadata, claims, groups)

    async def leaving(self) -> str | None:
        """Where a browser goes to sign out at the provider too; None where it has no such place.

        OpenID Connect RP-Initiated Logout 1.0. The ID token is not kept, so the provider may ask
        the person whether they mean it.
        """
        try:
            ends = (await self._provider.metadata()).end_session_endpoint
        except SignOnError:
            return None
        if ends is None:
            return None
        asked = {
            "client_id": self.settings.client,
            "post_logout_redirect_uri": self.settings.left_at,
        }
        return _with_query(ends, asked)

    async def _exchanged(self, metadata: Metadata, code: str, verifier: str) -> Mapping[str, Any]:
        """Step 5."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.returns_to,
            "code_verifier": verifier,
        }
        client, secret = self.settings.client, self.settings.secret
        basic = None
        methods = metadata.token_endpoint_auth_methods_supported
        if secret is None:
            form["client_id"] = client
        elif "client_secret_basic" in methods or "client_secret_post" not in methods:
            basic = (client, secret)
        else:
            form |= {"client_id": client, "client_secret": secret.reveal()}
        asking = self._door.post(metadata.token_endpoint, form, basic)
        return await reached(asking, "exchanging the code")

    async def _checked(
        self, metadata: Metadata, tokens: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        """Step 6."""
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise SignOnError("provider", "it gave no ID token")
        expected = Expected(
            issuer=metadata.issuer,
            client=self.settings.client,
            nonce=nonce,
            algorithms=frozenset(metadata.id_token_signing_alg_values_supported),
            now=self._clock.now().timestamp(),
        )
        try:
            return check_id_token(token, await self._provider.keys(), expected)
        except UnknownKeyError as error:
            newer = await self._provider.newer_keys()
            found: TokenRefusedError = error
        except TokenRefusedError as error:
            newer, found = None, error
        if newer is not None:
            try:
                return check_id_token(token, newer, expected)
            except TokenRefusedError as error:
                found = error
        raise SignOnError("provider", f"its ID token: {found}")

    async def _groups(
        self, metadata: Metadata, tokens: Mapping[str, Any], claims: Claims
    ) -> tuple[str, ...]:
        """Step 7."""
        found = claims.get(self.settings.groups_claim)
        access = tokens.get("access_token")
        asked = metadata.userinfo_endpoint
        if found is None and isinstance(access, str) and asked is not None:
            asking = self._door.get(asked, Secret(access))
            told = await reached(asking, "its user information")
            if told.get("sub") != claims["sub"]:
                raise SignOnError("provider", "its user information is of another subject")
            found = told.get(self.settings.groups_claim)
        if found is None:
            return ()
        names = [found] if isinstance(found, str) else found
        if not isinstance(names, list) or len(names) > MOST_GROUPS:
            raise SignOnError("provider", "its groups are no list of names")
        return tuple(each for each in names if isinstance(each, str))

    def _told(self, metadata: Metadata, claims: Claims, groups: tuple[str, ...]) -> Told:
        subject = f"{metadata.issuer} {claims['sub']}"
        named = claims.get(self.settings.login_claim)
        try:
            login = read_provided_login(named if isinstance(named, str) else claims["sub"])
        except InvalidInputError as error:
            raise SignOnError("provider", "the name that it gives cannot be a login") from error
        name = claims.get("name")
        shown = " ".join(name.split())[:_LONGEST_NAME] if isinstance(name, str) else ""
        return Told(
            subject=subject,
            login=login,
            name=shown or login,
            language=_language(claims.get("locale")),
            groups=groups,
        )


def own_path(asked: str) -> str:
    """The path of this site that was asked for, or its home.

    A browser reads `//host`, `/\\host` and what holds control characters as another site.
    """
    try:
        parts = urlsplit(asked)
    except ValueError:
        return HOME
    own = (
        asked.startswith("/")
        and not asked.startswith("//")
        and "\\" not in asked
        and asked.isascii()
        and asked.isprintable()
        and len(asked) <= _LONGEST_PATH
        and not parts.scheme
        and not parts.netloc
    )
    return asked if own else HOME


def _challenge(verifier: str) -> str:
    """RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _with_query(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"


def _language(locale: object) -> Language:
    return "fr" if isinstance(locale, str) and locale.lower().startswith("fr") else "en"
