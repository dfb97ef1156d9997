"""Signing in with a provider that runs as a process of its own."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.end_to_end.running import Server, ledger
from tests.identity_provider import Provider


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with Provider(tmp_path_factory.mktemp("provider")) as running:
        running.knows(
            "subject-1", preferred_username="Jeanne.Moreau@example.gov", name="Jeanne Moreau",
            locale="fr-FR", groups=["everybody", "statechat-users"],
        )  # fmt: skip
        running.knows("subject-2", preferred_username="nobody", groups=["everybody"])
        running.knows("subject-3", preferred_username="ana.silva", groups=["statechat-users"])
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("site")
    with Server(folder, demo=True, **provider.settings(folder)) as running:
        yield running


@pytest.fixture
def visitor(site: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.url, timeout=20) as one:
        yield one


def sign_in(visitor: httpx2.Client, provider: Provider, subject: str, to: str = "/desk") -> str:
    """Goes there and back; the address that a browser ends at."""
    begun = visitor.get("/sign-in/begin", params={"return_to": to})
    assert begun.status_code == 303
    back = provider.lets_in(visitor, begun.headers["location"], subject)
    ended = visitor.get(back)
    assert ended.status_code == 303, ended.text
    return ended.headers["location"]


def test_a_first_sign_in_makes_the_account_that_the_groups_open(
    site: Server, provider: Provider, visitor: httpx2.Client
):
    assert visitor.get("/api/session").json()["sign_on"] == "Example ID"
    assert sign_in(visitor, provider, "subject-1", "/conversations/one?x=1") == (
        "/conversations/one?x=1"
    )
    told = visitor.get("/api/session").json()
    person = told["person"]
    assert (person["login"], person["name"]) == ("jeanne.moreau@example.gov", "Jeanne Moreau")
    assert (person["party"], person["roles"], person["language"]) == ("state", ["staff"], "fr")
    entry = ledger(site.data)[-1]
    assert (entry["kind"], entry["by"], entry["id"]) == ("account-created", "sign-on", person["id"])
    left = visitor.delete("/api/session", headers={"x-csrf-token": told["csrf"]}).json()["leave"]
    parts = urlsplit(left)
    assert f"{parts.scheme}://{parts.netloc}" == provider.issuer
    back = parse_qs(parts.query)["post_logout_redirect_uri"][0]
    assert back == f"{site.url}sign-in/left"
    assert visitor.get("/api/session").json()["person"] is None


def test_a_second_sign_in_brings_the_account_up_to_date_and_lost_groups_shut_it(
    site: Server, provider: Provider, visitor: httpx2.Client
):
    provider.knows("subject-9", preferred_username="sam", groups=["statechat-users"])
    sign_in(visitor, provider, "subject-9")
    before = visitor.get("/api/session").json()["person"]
    provider.knows("subject-9", preferred_username="sam.new", groups=["treasury-users"])
    with httpx2.Client(base_url=site.url, timeout=20) as other:
        sign_in(other, provider, "subject-9")
        after = other.get("/api/session").json()["person"]
        assert (after["id"], after["login"], after["party"]) == (
            before["id"], "sam.new", "treasury",
        )  # fmt: skip
        provider.knows("subject-9", preferred_username="sam.new", groups=[])
        assert sign_in(visitor, provider, "subject-9") == "/sign-in/refused?why=groups"
        assert other.get("/api/session").json()["person"] is None
    kinds = [(e["kind"], e["roles"]) for e in ledger(site.data) if e.get("id") == before["id"]]
    assert kinds == [
        ("account-created", ["staff"]), ("account-changed", ["staff"]), ("account-changed", []),
    ]  # fmt: skip


@pytest.mark.parametrize(("subject", "why"), [("subject-2", "groups"), ("subject-3", "taken")])
def test_who_is_not_let_in_reads_why(
    site: Server, provider: Provider, visitor: httpx2.Client, subject: str, why: str
):
    assert sign_in(visitor, provider, subject) == f"/sign-in/refused?why={why}"
    assert visitor.get("/api/session").json()["person"] is None


def test_a_disabled_account_stays_shut(site: Server, provider: Provider, visitor: httpx2.Client):
    provider.knows("subject-5", preferred_username="dora", groups=["statechat-users"])
    sign_in(visitor, provider, "subject-5")
    site.run("accounts", "disable", "dora")
    assert visitor.get("/api/session").json()["person"] is None
    assert sign_in(visitor, provider, "subject-5") == "/sign-in/refused?why=disabled"


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_address_from_outside_is_followed(provider: Provider, visitor: httpx2.Client, to: str):
    assert sign_in(visitor, provider, "subject-1", to) == "/"


def test_what_came_back_is_good_once_and_in_this_browser_alone(
    site: Server, provider: Provider, visitor: httpx2.Client
):
    begun = visitor.get("/sign-in/begin")
    back = provider.lets_in(visitor, begun.headers["location"], "subject-1")
    with httpx2.Client(base_url=site.url, timeout=20) as other:
        assert other.get(back).headers["location"] == "/sign-in/refused?why=stale"
    kept = dict(visitor.cookies)
    assert visitor.get(back).headers["location"] == "/"
    visitor.cookies.update(kept)
    assert visitor.get(back).headers["location"] == "/sign-in/refused?why=provider"


def test_nothing_that_opens_anything_is_logged(
    site: Server, provider: Provider, visitor: httpx2.Client
):
    begun = visitor.get("/sign-in/begin")
    back = provider.lets_in(visitor, begun.headers["location"], "subject-2")
    visitor.get(back)
    asked = {
        **parse_qs(urlsplit(back).query),
        **parse_qs(urlsplit(str(begun.headers["location"])).query),
    }
    for name in ("code", "state", "nonce", "code_challenge"):
        assert asked[name][0] not in site.log, name
    assert "what the provider knows us by" not in site.log
    assert "jeanne" not in site.log.lower()
    assert '"why": "groups"' in site.log
