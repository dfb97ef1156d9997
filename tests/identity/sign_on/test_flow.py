"""The steps of a sign-in over a provider in memory, which can lie as no real one would."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import Key, KeySet, RSAKey

from changeover.basics.clock import FixedClock
from changeover.identity.sealing import Seal
from changeover.identity.secret import Secret
from changeover.identity.sign_on import provider as provider_module
from changeover.identity.sign_on.flow import SignOn, own_path
from changeover.identity.sign_on.model import Begun, ProviderSettings, SignOnError, Told
from changeover.identity.sign_on.ports import ProviderAwayError, ProviderRefusedError

ISSUER = "https://id.example/realm"
NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)
SETTINGS = ProviderSettings(
    issuer=ISSUER,
    client="us",
    secret=Secret("what we show"),
    name="Example ID",
    scopes=("openid", "profile"),
    groups_claim="groups",
    login_claim="preferred_username",
    returns_to="https://chat.example/sign-in/return",
    left_at="https://chat.example/sign-in/left",
)


class World:
    """A provider and the sign-in that trusts it; a test changes what the provider says."""

    def __init__(self, **settings: Any) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.published: list[Key] = [self.key]
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?tenant=1",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/me",
        }
        self.claims: dict[str, Any] = {"sub": "s", "groups": ["g"], "preferred_username": "Ana"}
        self.info: dict[str, Any] = {"sub": "s", "groups": ["from-info"]}
        self.asked: list[str] = []
        self.posted: list[tuple[Mapping[str, str], object]] = []
        self.away = False
        self.clock = FixedClock(NOW)
        seal = Seal([Secret("s" * 32)])
        chosen = msgspec.structs.replace(SETTINGS, **settings)
        self.sign_on = SignOn(chosen, self, lambda: seal, self.clock)
        self.nonce = ""

    async def get(self, url: str, bearer: Secret | None = None) -> Mapping[str, Any]:
        self.asked.append(url)
        if self.away:
            raise ProviderAwayError("id.example was not reached")
        if url.endswith("/openid-configuration"):
            return self.metadata
        if url.endswith("/keys"):
            return KeySet(self.published).as_dict(private=False)
        assert bearer == Secret("access")
        return self.info

    async def post(
        self, url: str, form: Mapping[str, str], basic: tuple[str, Secret] | None
    ) -> Mapping[str, Any]:
        self.posted.append((form, basic))
        if form["code"] != "good":
            raise ProviderRefusedError("invalid_grant")
        now = self.clock.now().timestamp()
        claims = {"iss": ISSUER, "aud": "us", "iat": now, "exp": now + 60, "nonce": self.nonce}
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims | self.claims, self.key)
        return {"id_token": token, "access_token": "access"}

    async def begun(self, to: str = "/") -> tuple[dict[str, str], Begun]:
        """What the browser was sent with, and what its cookie holds."""
        leaving = await self.sign_on.begin(to)
        query = parse_qs(urlsplit(leaving.url).query)
        begun = self.sign_on.begun(leaving.cookie)
        self.nonce = begun.nonce
        return {name: values[0] for name, values in query.items()}, begun

    async def signed_in(self, **answered: str) -> Told:
        _, begun = await self.begun()
        return await self.sign_on.finish({"state": begun.state, "code": "good"} | answered, begun)


async def refused(world: World, **answered: str) -> str:
    with pytest.raises(SignOnError) as caught:
        await world.signed_in(**answered)
    return caught.value.why


async def test_the_browser_is_sent_with_a_challenge_a_state_and_a_nonce_that_are_new():
    world = World()
    first, begun = await world.begun()
    second, _ = await world.begun()
    assert {name for name in first if first[name] != second[name]} == {
        "state", "nonce", "code_challenge",
    }  # fmt: skip
    assert (first["tenant"], first["response_type"], first["client_id"]) == ("1", "code", "us")
    assert first["code_challenge_method"] == "S256"
    digest = sha256(begun.verifier.encode()).digest()
    assert first["code_challenge"] == urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert begun.verifier not in str(first)
    assert 43 <= len(begun.verifier) <= 128


async def test_the_code_is_exchanged_with_the_verifier_by_this_client():
    world = World()
    told = await world.signed_in()
    form, basic = world.posted[0]
    assert len(form["code_verifier"]) == 64
    assert form["redirect_uri"] == SETTINGS.returns_to
    assert basic == ("us", Secret("what we show"))
    assert "client_secret" not in form
    assert told == Told(
        subject=f"{ISSUER} s", login="ana", name="ana", language="en", groups=("g",)
    )
    public = World(secret=None)
    await public.signed_in()
    assert public.posted[0][1] is None
    assert public.posted[0][0]["client_id"] == "us"
    by_post = World()
    by_post.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    await by_post.signed_in()
    assert by_post.posted[0][0]["client_secret"] == "what we show"


async def test_another_browsers_or_an_old_sign_in_is_refused():
    world = World()
    assert await refused(world, state="another") == "stale"
    leaving = await world.sign_on.begin("/")
    world.clock.move_to(NOW + timedelta(seconds=601))
    for cookie in (leaving.cookie, "", "forged", leaving.cookie[:-4] + "AAAA"):
        with pytest.raises(SignOnError) as caught:
            world.sign_on.begun(cookie)
        assert caught.value.why == "stale"
    assert world.posted == []


async def test_who_answers_must_be_the_provider():
    world = World()
    assert await refused(world, iss="https://evil.example") == "provider"
    world = World()
    world.metadata["authorization_response_iss_parameter_supported"] = True
    assert await refused(world) == "provider"
    assert (await world.signed_in(iss=ISSUER)).groups == ("g",)


async def test_what_the_provider_refuses_is_said():
    assert await refused(World(), error="access_denied") == "denied"
    assert await refused(World(), error="server_error") == "provider"
    assert await refused(World(), code="") == "provider"
    assert await refused(World(), code="used") == "provider"
    away = World()
    away.away = True
    with pytest.raises(SignOnError) as caught:
        await away.sign_on.begin("/")
    assert caught.value.why == "away"


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://id.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"code_challenge_methods_supported": ["plain"]},
        {"authorization_endpoint": None},
    ],
)
async def test_metadata_that_cannot_be_trusted_begins_nothing(changed: dict[str, Any]):
    world = World()
    world.metadata |= changed
    with pytest.raises(SignOnError) as caught:
        await world.sign_on.begin("/")
    assert caught.value.why == "provider"


async def test_a_new_key_is_fetched_once_and_forged_ones_do_not_make_it_many(
    monkeypatch: pytest.MonkeyPatch,
):
    now = [0.0]
    monkeypatch.setattr(provider_module, "monotonic", lambda: now[0])
    world = World()
    await world.signed_in()
    world.key = RSAKey.generate_key(2048, {"kid": "two"})
    world.published = [world.key]
    now[0] = provider_module.KEYS_APART
    assert (await world.signed_in()).login == "ana"
    reads = world.asked.count(f"{ISSUER}/keys")
    assert reads == 2
    world.key = RSAKey.generate_key(2048, {"kid": "three"})  # which is published nowhere
    for _ in range(5):
        assert await refused(world) == "provider"
    assert world.asked.count(f"{ISSUER}/keys") == reads


async def test_a_token_for_another_sign_in_is_refused():
    world = World()
    world.claims["nonce"] = "another"
    assert await refused(world) == "provider"


async def test_groups_are_asked_for_where_the_token_has_none_and_of_the_same_subject():
    world = World()
    del world.claims["groups"]
    assert (await world.signed_in()).groups == ("from-info",)
    world.info["sub"] = "another"
    assert await refused(world) == "provider"
    world.info = {"sub": "s"}
    assert (await world.signed_in()).groups == ()
    world.claims["groups"] = "one"
    assert (await world.signed_in()).groups == ("one",)
    world.claims["groups"] = {"not": "a list"}
    assert await refused(world) == "provider"


async def test_names_are_made_plain():
    world = World()
    world.claims |= {"name": "  Ana \n Silva ", "locale": "fr-CA"}
    told = await world.signed_in()
    assert (told.name, told.language) == ("Ana Silva", "fr")
    world.claims["preferred_username"] = "a\nb"
    assert await refused(world) == "provider"
    del world.claims["preferred_username"]
    assert (await world.signed_in()).login == "s"


async def test_signing_out_goes_to_the_provider_where_it_has_a_place_for_that():
    world = World()
    assert await world.sign_on.leaving() is None
    world = World()
    world.metadata["end_session_endpoint"] = f"{ISSUER}/leave"
    left = await world.sign_on.leaving()
    assert left is not None
    assert parse_qs(urlsplit(left).query)["post_logout_redirect_uri"] == [SETTINGS.left_at]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/desk?a=1#b", "/desk?a=1#b"),
        ("", "/"),
        ("desk", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x", "/"),
        ("/\t/evil.example", "/"),
        ("/" + "a" * 600, "/"),
        ("/é", "/"),
    ],
)
def test_only_a_path_of_this_site_is_returned_to(asked: str, path: str):
    assert own_path(asked) == path
