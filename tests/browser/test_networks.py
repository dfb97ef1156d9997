"""The record of one installation is carried to another on an isolated network, at the desk."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import Window, none_of
from tests.end_to_end.running import Server


@pytest.fixture(scope="module")
def april(server: Server) -> Server:
    """The scenario played to 10 April."""
    server.run("scenario", "play", "--until", "2026-04-10T12:00")
    return server


def test_a_bundle_is_exported_and_what_is_no_bundle_is_refused(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/networks")
    expect(one.page.get_by_text(one.say("networks.notHere"))).to_be_visible()
    wrong += found(one, "networks")
    row = one.page.get_by_role("row", name=re.compile("classified|Classified"))
    with one.page.expect_download() as downloading:
        row.first.get_by_role("button", name=re.compile(one.say("networks.export"))).click()
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    assert path.read_bytes().startswith(b"changeover-bundle 1 ")
    expect(one.page.get_by_text(re.compile("Bundle 1 for"))).to_be_visible()
    other.sign_in("l.tremblay", "/desk/networks")
    expect(other.page.get_by_text(other.say("networks.notHere"))).to_be_visible()
    wrong += found(other, "networks, in French")
    told = april.run("orders", "bundle", "list")
    assert "classified" in told
    none_of(wrong)


def test_an_isolated_installation_takes_in_what_it_was_shown(
    browser: Browser, april: Server, tmp_path: Path
) -> None:
    key = json.loads(april.run("api", "GET", "/desk/networks"))["verifier"]
    first, second = tmp_path / "first.bundle", tmp_path / "second.bundle"
    for_it = ("orders", "bundle", "export", "--network", "classified")
    told = json.loads(april.run(*for_it, "--whole", str(first), "--json"))
    number = told["header"]["sequence"]
    april.run("scenario", "play", "--until", "2026-05-20T12:00")
    april.run(*for_it, str(second))
    place = {"CHANGEOVER_NETWORK": "classified", "CHANGEOVER_IMPORT_KEYS": key}
    with Server(tmp_path / "isolated", demo=False, **place) as isolated:
        assert "Imported." in isolated.run("orders", "bundle", "import", str(first))
        isolated.run(
            *("accounts", "create", "h.grey", "--name", "Hana Grey", "--party", "defence"),
            *("--role", "officer", "--password-stdin"),
            given="a long password for Hana",
        )
        page = browser.new_context(locale="en-US").new_page()
        one, wrong = Window(page, isolated.url, "en"), []
        one.go("/desk/networks")
        one.page.locator("input[name=login]").fill("h.grey")
        one.page.locator("input[name=password]").fill("a long password for Hana")
        one.page.keyboard.press("Enter")
        expect(one.page.get_by_text(re.compile(f"bundle {number}"))).to_be_visible()
        file = one.page.get_by_label(one.say("networks.file"))
        file.set_input_files(first)
        one.button("networks.look").click()
        expect(one.page.get_by_text(re.compile("was imported already"))).to_be_visible()
        altered = tmp_path / "altered.bundle"
        altered.write_bytes(second.read_bytes().replace(b"defence", b"defense", 1))
        file.set_input_files(altered)
        one.button("networks.look").click()
        expect(one.page.get_by_text(re.compile("was altered"))).to_be_visible()
        file.set_input_files(second)
        one.button("networks.look").click()
        expect(one.page.get_by_text(re.compile(f"Bundle {number + 1} of"))).to_be_visible()
        wrong += found(one, "what a bundle would do")
        one.button("networks.importYes").click()
        expect(
            one.page.get_by_text(one.say("networks.imported", number=str(number + 1)))
        ).to_be_visible()
        assert isolated.get("/api/status").json()["record"].startswith("2026-05-20")
        decided = isolated.run(
            *("decide", "--service", "defence-analysis", "--model", "gpt-4.1"),
        )
        assert "came by import" in decided
        assert isolated.run("ledger", "verify")
    none_of(wrong)
