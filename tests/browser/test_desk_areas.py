"""The desk's areas as officers find them: readable at every width, in both languages."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.test_french import english
from tests.browser.window import none_of
from tests.end_to_end.running import Server


@pytest.fixture(scope="module")
def april(server: Server) -> Server:
    """The scenario played to 10 April."""
    server.run("scenario", "play", "--until", "2026-04-10T12:00")
    return server


def test_terms_are_read_narrowed_and_taken_in_as_odrl(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/terms")
    rows = one.page.get_by_role("table").first.locator("tbody tr")
    expect(rows).not_to_have_count(0)
    wrong += found(one, "terms")
    one.page.get_by_label(one.say("terms.fit"), exact=True).select_option("forbidden")
    expect(one.page.get_by_text(one.say("terms.noFits"))).to_be_visible()
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name=re.compile("^Export as ODRL .*OpenAI")).click()
    policy = tmp_path / "policy.jsonld"
    download.value.save_as(policy)
    assert json.loads(policy.read_text())["@type"] == "Offer"
    one.page.get_by_label(one.say("terms.file")).set_input_files(policy)
    one.link(one.say("terms.toDraft")).click()
    expect(one.page.get_by_text(one.say("drafts.saving.saved"))).to_be_visible()
    other.sign_in("l.tremblay", "/desk/terms")
    expect(other.page.get_by_role("table").first).to_be_visible()
    wrong += english(other, "terms")
    none_of(wrong)
