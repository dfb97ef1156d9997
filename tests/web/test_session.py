from http.cookies import SimpleCookie
from typing import Any

import pytest

from tests.people import PASSWORD
from tests.web.serving import Site, sign_in

NOBODY: dict[str, Any] = {
    "person": None,
    "csrf": None,
    "sign_on": None,
    "passwords": True,
    "demonstration": False,
    "demo_accounts": [],
}


async def test_without_a_session_nobody_is_signed_in():
    async with Site().browser() as browser:
        answered = await browser.get("/api/session")
        assert (answered.status_code, answered.json()) == (200, NOBODY)
        assert answered.headers["cache-control"] == "no-store"


async def test_signing_in_tells_who_one_is_and_sets_the_cookie():
    site = Site()
    account = site.people.create("ana.silva", "staff", "officer")
    async with site.browser() as browser:
        answered = await sign_in(browser, "Ana.Silva")
        assert answered.status_code == 200
        told = answered.json()
        assert told["person"] == {
            "id": account.id,
            "login": "ana.silva",
            "name": "Ana.Silva",
            "party": "state",
            "party_name": {"en": "State", "fr": "state (fr)"},
            "roles": ["staff", "officer"],
            "language": "en",
        }
        assert told["csrf"]
        again = await browser.get("/api/session")
        assert again.json() == told
        assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [
        ("http://changeover.example", "changeover_session", ""),
        ("https://changeover.example", "__Host-changeover_session", True),
    ],
)
async def test_the_cookie_is_kept_from_scripts_and_other_sites(url: str, name: str, secure: object):
    site = Site(url=url)
    site.people.create("ana")
    async with site.browser() as browser:
        cookie = SimpleCookie((await sign_in(browser, "ana")).headers["set-cookie"])[name]
        assert cookie["httponly"] is True
        assert cookie["secure"] == secure
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
        assert cookie["max-age"] == str(30 * 24 * 3600)
        assert (await browser.get("/api/session")).json()["person"]["login"] == "ana"


async def test_a_wrong_password_and_an_unknown_login_are_answered_alike():
    site = Site()
    site.people.create("ana")
    async with site.browser() as browser:
        wrong = await sign_in(browser, "ana", "a wrong password")
        unknown = await sign_in(browser, "nobody")
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.content == unknown.content
        assert wrong.json()["error"]["code"] == "sign_in_refused"
        assert "set-cookie" not in wrong.headers
        assert "a wrong password" not in wrong.text


async def test_too_many_failures_are_answered_429_with_when_to_try_again():
    site = Site()
    site.people.create("ana")
    async with site.browser() as browser:
        for _ in range(5):
            assert (await sign_in(browser, "ana", "a wrong password")).status_code == 401
        answered = await sign_in(browser, "ana")
        assert answered.status_code == 429
        assert answered.headers["retry-after"] == "900"
        assert answered.json()["error"]["do"] == "Try again in 15 minutes."


async def test_a_new_sign_in_replaces_the_session_and_its_token():
    site = Site()
    site.people.create("ana")
    site.people.create("bob")
    async with site.browser() as browser, site.browser() as thief:
        first = (await sign_in(browser, "ana")).json()
        thief.cookies.update(browser.cookies)
        second = (await sign_in(browser, "bob")).json()
        assert second["person"]["login"] == "bob"
        assert second["csrf"] != first["csrf"]
        assert (await thief.get("/api/session")).json() == NOBODY


async def test_signing_out_ends_the_session_and_clears_the_cookie():
    site = Site()
    async with await site.signed_in("ana") as browser, site.browser() as copy:
        copy.cookies.update(browser.cookies)
        answered = await browser.delete("/api/session")
        assert (answered.status_code, answered.json()) == (200, {"leave": None})
        assert not browser.cookies
        assert (await copy.get("/api/session")).json() == NOBODY


async def test_a_disabled_account_is_out_at_once():
    site = Site()
    async with await site.signed_in("ana") as browser:
        assert (await browser.get("/api/session")).json()["person"]
        site.people.accounts.disable("ana", by="ada")
        assert (await browser.get("/api/session")).json() == NOBODY


async def test_a_demonstration_offers_its_accounts_with_their_password():
    async with Site(demonstration=True).browser() as browser:
        told = (await browser.get("/api/session")).json()
        assert told["demonstration"] is True
        assert told["demo_accounts"] == [
            {
                "login": "ana",
                "name": "Ana",
                "party_name": {"en": "State", "fr": "state (fr)"},
                "roles": ["staff"],
                "password": PASSWORD.reveal(),
            }
        ]


@pytest.mark.parametrize(
    "body", [{"login": "ana"}, {"login": "ana", "password": "x" * 1025}, {"login": 1}, []]
)
async def test_what_is_no_sign_in_is_refused_before_anything_is_counted(body: object):
    site = Site()
    async with site.browser() as browser:
        answered = await browser.post("/api/session", json=body)
        assert answered.status_code == 400
        assert site.people.works.sign_in_failures.kept == []
