"""The ID token's checks, each with a token that only it refuses."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from changeover.identity.sign_on.tokens import (
    LEEWAY,
    OLDEST,
    Expected,
    TokenRefusedError,
    UnknownKeyError,
    check_id_token,
)

NOW = 1_800_000_000.0
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "two"})
KEYS = KeySet([KEY, CURVE]).as_dict(private=False)
EXPECTED = Expected(
    issuer="https://id.example",
    client="us",
    nonce="n",
    algorithms=frozenset({"RS256", "ES256", "HS256", "none"}),
    now=NOW,
)
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "us",
    "sub": "s",
    "nonce": "n",
    "iat": NOW,
    "exp": NOW + 300,
}


def signed(changes: dict[str, Any] | None = None, key: Any = KEY, **header: str) -> str:
    claims = {k: v for k, v in {**CLAIMS, **(changes or {})}.items() if v is not None}
    return jwt.encode({"alg": "RS256", "kid": "one", **header}, claims, key)


def test_a_token_for_this_sign_in_is_believed():
    assert check_id_token(signed(), KEYS, EXPECTED)["sub"] == "s"
    curve = signed(None, CURVE, alg="ES256", kid="two")
    assert check_id_token(curve, KEYS, EXPECTED)["sub"] == "s"
    assert check_id_token(signed({"aud": ["us", "b"], "azp": "us"}), KEYS, EXPECTED)
    assert check_id_token(signed({"exp": NOW - LEEWAY + 1}), KEYS, EXPECTED)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"iss": "https://id.example/"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "them"}, "another audience"),
        ({"aud": ["them"]}, "another audience"),
        ({"aud": ["us", "them"]}, "another client"),
        ({"azp": "them"}, "another client"),
        ({"exp": NOW - LEEWAY}, "expired"),
        ({"exp": None}, "no exp"),
        ({"exp": "soon"}, "no exp"),
        ({"iat": NOW + LEEWAY + 1}, "time to come"),
        ({"iat": NOW - OLDEST - LEEWAY - 1}, "too long ago"),
        ({"nbf": NOW + LEEWAY + 1}, "not valid yet"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": ""}, "no subject"),
        ({"sub": "x" * 256}, "no subject"),
        ({"sub": 7}, "no subject"),
    ],
)
def test_a_claim_that_is_not_for_this_sign_in_refuses_it(changes: dict[str, Any], said: str):
    with pytest.raises(TokenRefusedError, match=said):
        check_id_token(signed(changes), KEYS, EXPECTED)


def test_only_a_key_of_the_provider_and_an_asymmetric_algorithm_sign():
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(TokenRefusedError, match="signature"):
        check_id_token(signed(None, stranger), KEYS, EXPECTED)
    with pytest.raises(UnknownKeyError):
        check_id_token(signed(kid="three"), KEYS, EXPECTED)
    narrow = msgspec.structs.replace(EXPECTED, algorithms=frozenset({"ES256"}))
    with pytest.raises(TokenRefusedError, match="signature"):
        check_id_token(signed(), KEYS, narrow)


def test_what_many_know_or_nothing_signs_for_nobody():
    # The provider's public key, taken for a shared secret (RFC 8725, section 2.1).
    shared = KEY.as_pem(private=False)
    head = urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=")
    signing = head + b"." + signed().split(".")[1].encode()
    mac = urlsafe_b64encode(hmac.digest(shared, signing, "sha256")).rstrip(b"=")
    forged = (signing + b"." + mac).decode()
    secret = {"kty": "oct", "kid": "one", "k": urlsafe_b64encode(shared).decode().rstrip("=")}
    for keys in (KEYS, {"keys": [secret]}, {"keys": [*KEYS["keys"], secret]}):
        with pytest.raises(TokenRefusedError):
            check_id_token(forged, keys, EXPECTED)
    _, payload, _ = signed().split(".")
    unsigned = f"eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.{payload}."
    with pytest.raises(TokenRefusedError):
        check_id_token(unsigned, KEYS, EXPECTED)


def test_a_key_that_is_for_encryption_signs_nothing():
    keys = {"keys": [{**each, "use": "enc"} for each in KEYS["keys"]]}
    with pytest.raises(TokenRefusedError):
        check_id_token(signed(), keys, EXPECTED)


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "....", "eyJ9.eyJ9.x"])
def test_what_is_no_token_is_refused(token: str):
    with pytest.raises(TokenRefusedError):
        check_id_token(token, KEYS, EXPECTED)
