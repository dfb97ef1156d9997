"""Checking an ID token (OpenID Connect Core 1.0, section 3.1.3.7).

`check_id_token` goes in these steps; whatever fails, nobody is signed in:

1. It is a signed JWT whose algorithm is one of `ALGORITHMS` and one that the provider
   declares. None is symmetric, and none is `none`: a token that is signed with what many
   know, or with nothing, vouches for nobody.
2. Its signature is by a key of the provider's set with the `kid` that it names, a key that
   is for that algorithm and for signing.
3. `iss` is the provider's issuer, letter for letter.
4. `aud` is this client alone; where it holds others, `azp` names this client. `azp`, where it
   stands, names this client.
5. `exp` has not passed and `nbf` has; `iat` is neither to come nor long past. Clocks may
   differ by a minute.
6. `nonce` is the one that this browser's sign-in was begun with.
7. `sub` is a text of 1 to 255 characters.

joserfc does steps 1 and 2. It is imported when the first token is checked.
"""

import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}
)
LEEWAY = 60
OLDEST = 600


class TokenRefusedError(Exception):
    """An ID token that vouches for nobody; its text says which step refused it."""


class UnknownKeyError(TokenRefusedError):
    """The token names a key that is not in the set: the provider may have a new one."""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a token has to be for: `now` is in seconds since 1970."""

    issuer: str
    client: str
    nonce: str
    algorithms: frozenset[str]
    now: float


def check_id_token(token: str, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """The claims of a token that all steps let through; `TokenRefusedError`.

    `keys` is the provider's set, as JSON (RFC 7517, section 5).
    """
    claims = _verified(token, keys, expected.algorithms & ALGORITHMS)
    _check(claims.get("iss") == expected.issuer, "it is from another issuer")
    _check_audience(claims, expected.client)
    _check_times(claims, expected.now)
    nonce = claims.get("nonce")
    same = isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), expected.nonce.encode())
    _check(same, "its nonce is another sign-in's")
    subject = claims.get("sub")
    _check(isinstance(subject, str) and 0 < len(subject) <= 255, "it has no subject")
    return claims


def _verified(token: str, keys: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """Steps 1 and 2."""
    from joserfc import jws, jwt  # noqa: PLC0415 - see above
    from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    usable = [one for one in keys.get("keys", ()) if _is_for_signing(one)]
    try:
        known = KeySet.import_key_set({"keys": usable})
        algorithms = sorted(allowed)
        registry = jws.JWSRegistry(algorithms=algorithms)
        return dict(jwt.decode(token, known, algorithms, registry).claims)
    except InvalidKeyIdError as error:
        raise UnknownKeyError("it is signed with a key that is not known") from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        # The library's own words may hold parts of the token.
        raise TokenRefusedError(f"its signature does not hold ({type(error).__name__})") from error


def _is_for_signing(key: Any) -> bool:
    return (
        isinstance(key, dict)
        and key.get("kty") in {"RSA", "EC", "OKP"}
        and key.get("use", "sig") == "sig"
    )


def _check_audience(claims: Mapping[str, Any], client: str) -> None:
    """Step 4."""
    audience = claims.get("aud")
    found = [audience] if isinstance(audience, str) else audience
    _check(isinstance(found, list) and client in found, "it is for another audience")
    authorised = claims.get("azp")
    if authorised is not None or (isinstance(found, list) and len(found) > 1):
        _check(authorised == client, "it was given to another client")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    """Step 5."""
    ends, made = _number(claims, "exp"), _number(claims, "iat")
    _check(now - LEEWAY < ends, "it has expired")
    _check(made - LEEWAY <= now, "it was made in the time to come")
    _check(now - OLDEST - LEEWAY <= made, "it was made too long ago")
    if "nbf" in claims:
        _check(_number(claims, "nbf") - LEEWAY <= now, "it is not valid yet")


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise TokenRefusedError(f"it has no {name}")


def _check(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - it is all that is said
    if not holds:
        raise TokenRefusedError(otherwise)
