"""Google's tokens: obtained, kept, renewed; from a server that checks the account's claim."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from changeover.basics.errors import InvalidInputError
from changeover.identity.secret import Secret
from changeover.upstream.endpoint import read_credential
from changeover.upstream.google import GoogleTokens
from changeover.upstream.posting import NoTokenError
from tests.service_accounts import private_key, service_account


class Issuer:
    """Whoever gives tokens: each is good for `seconds`."""

    def __init__(self, seconds: int = 3600) -> None:
        self.seconds = seconds
        self.claims: list[dict[str, object]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        form = await request.post()
        head, claim, signature = str(form["assertion"]).split(".")
        private_key().public_key().verify(
            _decoded(signature), f"{head}.{claim}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        self.claims.append(json.loads(_decoded(claim)))
        token = f"ya29.hidden-{len(self.claims)}"
        return web.json_response({"access_token": token, "expires_in": self.seconds})


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
async def tokens() -> AsyncIterator[GoogleTokens]:
    async with aiohttp.ClientSession() as session:
        yield GoogleTokens(session, None)


async def _credential(serving, handler) -> Secret:
    return read_credential(service_account(await serving(handler)), "a file")


async def test_a_token_is_obtained_once_and_kept(serving, tokens, caplog):
    issuer = Issuer()
    credential = await _credential(serving, issuer)
    with caplog.at_level(logging.DEBUG):
        given = await asyncio.gather(*(tokens.token(credential) for _ in range(5)))
    assert set(given) == {"ya29.hidden-1"}
    (claim,) = issuer.claims
    assert claim["iss"] == "gateway@ministry.iam.gserviceaccount.com"
    assert claim["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    assert "hidden" not in caplog.text
    assert "PRIVATE" not in caplog.text


async def test_a_token_is_renewed_before_it_expires(serving, tokens):
    issuer = Issuer(seconds=60)
    credential = await _credential(serving, issuer)
    assert await tokens.token(credential) == "ya29.hidden-1"
    assert await tokens.token(credential) == "ya29.hidden-2"


async def test_a_token_of_somebodys_own_is_sent_as_it_is(tokens):
    assert await tokens.token(Secret("ya29.own")) == "ya29.own"


async def test_a_server_that_refuses_is_told_without_what_it_answered(serving, tokens):
    async def refuses(_request: web.Request) -> web.Response:
        return web.json_response({"error": "invalid_grant", "error_description": "x"}, status=400)

    with pytest.raises(NoTokenError) as caught:
        await tokens.token(await _credential(serving, refuses))
    assert str(caught.value) == "the server that gives tokens refused the service account's key"
    assert caught.value.__context__ is None


async def test_a_server_that_cannot_be_reached_is_told(tokens):
    credential = read_credential(service_account("http://127.0.0.1:1/token"), "a file")
    with pytest.raises(NoTokenError, match="could not be reached"):
        await tokens.token(credential)


async def test_a_key_that_is_none_is_told(tokens):
    text = service_account("http://127.0.0.1:1/token", private_key="hidden")
    with pytest.raises(NoTokenError, match="could not be used"):
        await tokens.token(read_credential(text, "a file"))


@pytest.mark.parametrize("text", ["{", '{"type":"authorized_user"}', '{"type":"service_account"}'])
def test_a_json_that_is_no_service_accounts_is_refused(text):
    with pytest.raises(InvalidInputError, match="not the JSON key of a service account"):
        read_credential(text, "a file")
