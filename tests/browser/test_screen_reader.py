"""The desk as it is heard: every area, in both languages, from Chromium's accessibility tree."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.spoken import spoken, unspoken
from tests.browser.test_forms import begin, field, saved
from tests.browser.window import Window, none_of
from tests.browser.words import Language
from tests.end_to_end.running import Server

AREAS = (
    "/desk", "/desk/board", "/desk/drafts", "/desk/documents", "/desk/reach", "/desk/changeovers",
    "/desk/messages", "/desk/compliance?order=designation-b", "/desk/directory", "/desk/networks",
    "/desk/terms", "/desk/drafts/new", "/orders/designation-b", "/status",
)  # fmt: skip


@pytest.fixture(scope="module")
def april(server: Server) -> Server:
    """The scenario played to 10 April."""
    server.run("scenario", "play", "--until", "2026-04-10T12:00")
    return server


@pytest.fixture(params=["en", "fr"])
def officer(request: pytest.FixtureRequest, window: OpenWindow, april: Server) -> Window:
    language: Language = request.param
    one = window(language=language)
    one.sign_in({"en": "m.okafor", "fr": "l.tremblay"}[language], "/desk")
    return one


def test_everything_on_the_desk_can_be_heard(officer: Window) -> None:
    wrong = []
    for path in AREAS:
        officer.go(path)
        expect(officer.page.get_by_role("heading", level=1)).to_be_visible()
        expect(officer.page.locator("[aria-busy=true]")).to_have_count(0)
        wrong += [f"{path}: {line}" for line in unspoken(officer.page)]
    none_of(wrong)


def test_a_form_tells_by_ear_what_is_missing_and_that_it_is_kept(officer: Window) -> None:
    begin(officer, "order")
    wrong = [f"an empty form: {line}" for line in unspoken(officer.page)]
    heard = spoken(officer.page)
    asked = [node for node in heard if node.invalid]
    assert asked
    wanted = {"en": "No issuer is named.", "fr": "À nommer\N{NO-BREAK SPACE}: autorité."}
    assert wanted[officer.language] in " ".join(node.description for node in asked)
    if officer.language == "fr":
        expect(officer.page.locator("main [lang=en]")).to_have_count(0)
    field(officer, "drafts.issuer").select_option("treasury-secretary")
    field(officer, "drafts.words").fill("No use of these products.")
    saved(officer)
    expect(officer.status.filter(has_text=officer.say("drafts.saving.saved"))).to_be_visible()
    now = [node for node in spoken(officer.page) if node.invalid]
    assert len(now) < len(asked)
    none_of(wrong)
