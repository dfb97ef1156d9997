"""Signing in with an identity provider, again beside a page, and the accounts that come of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.test_french import english
from tests.browser.window import Window, none_of
from tests.end_to_end.running import Server
from tests.end_to_end.vendors import Vendors
from tests.identity_provider import Provider

NAME = "Example ID"
OF_THE_PROVIDER = (r"picocss", r"favicon\.ico")
"""What the provider's own pages complain of: they would fetch their style from afar."""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with Provider(tmp_path_factory.mktemp("provider")) as running:
        for subject, login, groups in (
            ("subject-1", "jeanne", ["statechat-users"]),
            ("subject-2", "nobody", ["everybody"]),
            ("subject-3", "adele", ["statechat-admins"]),
        ):
            running.knows(
                subject, preferred_username=login, name=login.title(), groups=groups, locale="en"
            )
        yield running


@pytest.fixture(scope="module")
def server(
    pages: None, tmp_path_factory: pytest.TempPathFactory, vendors: Vendors, provider: Provider
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    more = provider.settings(folder)
    with Server(folder, "--stand-in-url", vendors.url, demo=True, **more) as running:
        yield running


def sign_on(one: Window, subject: str, path: str = "/") -> None:
    """From the sign-in page, at the provider, and back."""
    one.expecting(*OF_THE_PROVIDER)
    one.go(path)
    one.link(one.say("signOn.with", name=NAME)).click()
    answer_provider(one.page, subject)


def answer_provider(page: Page, subject: str) -> None:
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize", exact=True).click()


def signed_out_elsewhere(one: Window) -> None:
    csrf = one.told("/session")["csrf"]
    done = one.page.request.delete(f"{one.url}api/session", headers={"x-csrf-token": csrf})
    assert done.ok


def test_the_sign_in_pages_can_be_read_by_everybody_in_both_languages(window: OpenWindow) -> None:
    reader, wrong = window(language="fr"), []
    reader.go("/")
    expect(reader.link(reader.say("signOn.with", name=NAME))).to_be_visible()
    wrong += found(reader, "/") + english(reader, "/")
    sign_on(reader, "subject-2")
    expect(reader.page.get_by_text(reader.say("signOn.why.groups"))).to_be_visible()
    wrong += found(reader, "refused") + english(reader, "refused")
    none_of(wrong)


def test_a_session_that_ended_is_taken_up_beside_the_page_and_keeps_the_message(
    window: OpenWindow,
) -> None:
    jeanne = window()
    jeanne.expecting(r"401 \(Unauthorized\)")
    sign_on(jeanne, "subject-1")
    jeanne.ask("The pilot boat is grey. What colour is the pilot boat?")
    jeanne.composer.fill("What is grey?")
    signed_out_elsewhere(jeanne)
    jeanne.composer.press("Enter")
    dialog = jeanne.page.get_by_role("dialog", name=jeanne.say("signIn.again"))
    way = dialog.get_by_role("link", name=jeanne.say("signOn.with", name=NAME), exact=True)
    expect(way).to_be_focused()
    none_of(found(jeanne, "again"))
    answer_provider(opened_by(jeanne, way), "subject-1")
    expect(dialog).to_be_hidden()
    expect(jeanne.questions.last).to_contain_text("What is grey?")
    jeanne.button("unsent.retry").click()
    expect(jeanne.answers).to_have_count(2)
    jeanne.whole()
    assert [turn["text"] for turn in jeanne.turns()][2] == "What is grey?"
    assert len(jeanne.page.context.pages) == 1
    jeanne.button("account.signOut").click()
    jeanne.page.wait_for_url("**/oauth2/end_session?**")


def opened_by(one: Window, way: Locator) -> Page:
    with one.page.expect_popup() as popup:
        way.press("Enter")
    return popup.value


def test_an_administrator_sees_where_accounts_come_from_and_removes_one(
    window: OpenWindow, server: Server
) -> None:
    admin, wrong = window(), []
    other = window()
    other.expecting(r"401 \(Unauthorized\)")
    sign_on(other, "subject-1")
    admin.expecting(r"401 \(Unauthorized\)")
    sign_on(admin, "subject-3", "/accounts")
    rows = admin.page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(8)
    wrong += found(admin, "/accounts")
    jeanne = rows.filter(has_text="Jeanne")
    expect(jeanne).to_contain_text(admin.say("accounts.source.sign-on"))
    expect(rows.filter(has_text="Adele")).to_contain_text(admin.say("accounts.yours"))
    jeanne.get_by_role("button", name=admin.say("accounts.removeOne", name="Jeanne")).click()
    wrong += found(admin, "remove")
    admin.button("accounts.removeYes").click()
    heading = admin.say("accounts.removedDone", name="Jeanne")
    expect(admin.page.get_by_role("heading", name=heading)).to_be_visible()
    expect(rows.filter(has_text=admin.say("accounts.removedName"))).to_have_count(1)
    assert "Jeanne" not in server.run("accounts", "list")
    reader = window(language="fr")
    sign_on(reader, "subject-3", "/accounts")
    expect(reader.page.get_by_role("table")).to_be_visible()
    wrong += english(reader, "/accounts")
    none_of(wrong)
