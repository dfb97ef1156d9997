"""Evidence at the desk: a pack is made, says its answer and is downloaded; routes are tried."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from changeover.evidence.verifier import Key, verdict
from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import none_of
from tests.end_to_end.running import CLAUDE, MESSAGES, Server, ledger


@pytest.fixture(scope="module")
def called(server: Server) -> Server:
    """A call to Claude, and an officer's key to the ledger."""
    server.claude(server.key("health-assistant")).messages.create(
        model=CLAUDE, max_tokens=60, messages=MESSAGES
    )
    return server


def test_a_pack_is_made_shown_and_downloaded_in_both_languages(
    window: OpenWindow, called: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/evidence")
    one.page.get_by_label("Vendor", exact=True).select_option("anthropic")
    one.page.get_by_label("From").fill("2026-02-01")
    one.page.get_by_label("To").fill("2026-03-01")
    one.button("evidence.begin").click()
    row = one.page.get_by_role("row", name=re.compile("Anthropic"))
    # The scenario's clock stands inside the window.
    expect(row).to_contain_text("The record is incomplete here:", timeout=30_000)
    expect(row).to_contain_text("inside the window")
    with one.page.expect_download() as downloading:
        row.get_by_role("link", name=re.compile("Download")).click()
    path = tmp_path / "pack.zip"
    downloading.value.save_as(path)
    judged = verdict(path, Key(called.said("ledger", "key").strip()))
    assert judged["holds"]
    assert judged["manifest"]["vendor"] == "anthropic"
    exports = [entry for entry in ledger(called.data) if entry["kind"] == "export"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(e["what"], e["sha256"]) for e in exports] == [("evidence on anthropic", digest)]
    one.page.get_by_label("Vendor whose routes are tried").select_option("anthropic")
    one.button("evidence.try").click()
    expect(one.page.get_by_role("table", name=re.compile("routes were tried"))).to_be_visible()
    wrong += found(one, "evidence")
    other.sign_in("l.tremblay", "/desk/evidence")
    expect(other.page.get_by_text("L’enregistrement est incomplet ici")).to_be_visible()
    wrong += found(other, "evidence, in French")
    none_of(wrong)
