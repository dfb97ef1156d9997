"""A translation outlives its server: killed midway, it goes on by itself at the next start."""

import re
import signal
import socket
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import NETWORK_LOST
from tests.end_to_end.running import Server

TEXT = "\n".join(f"Boat {number} leaves the harbour in the morning." for number in range(60))


@pytest.fixture(scope="module")
def options() -> Sequence[str]:
    """A port of its own, so that a restarted server is found again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return ("--port", str(free.getsockname()[1]))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_server_left_is_gone_on_with_and_nothing_is_lost(
    window: OpenWindow, server: Server, how: signal.Signals
) -> None:
    ana = window()
    ana.expecting(NETWORK_LOST)
    ana.sign_in("ana.silva", "/translations")
    page = ana.page
    page.get_by_label(ana.say("translations.into"), exact=True).select_option("fr")
    page.get_by_label(ana.say("translations.text"), exact=True).fill(TEXT)
    ana.button("translations.begin").click()
    states = page.locator(".segment .usa-tag")
    expect(states.filter(has_text=ana.say("translation.state.machine"))).not_to_have_count(0)
    server.stop(how)
    expect(page.get_by_text(ana.say("translations.lost"))).to_be_visible()
    before = page.locator(".segment-machine textarea")
    kept = [field.input_value() for field in before.all()]
    assert 0 < len(kept) < 60
    server.start()
    whole = re.compile(f"^{ana.say('translations.state.done')}$")
    done = ana.status.filter(has_text=whole)
    expect(done).to_be_visible(timeout=40_000)
    expect(page.get_by_text(ana.say("translations.lost"))).to_have_count(0)
    every = [field.input_value() for field in page.locator(".segment-machine textarea").all()]
    assert every == [f"[French] {line}" for line in TEXT.split("\n")]
    assert every[: len(kept)] == kept
