"""Officers write to the owners of services that an order touches."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import none_of
from tests.end_to_end.running import Server


@pytest.fixture(scope="module")
def february(server: Server) -> Server:
    """The scenario played to the day after the President's order."""
    server.run("scenario", "play", "--until", "2026-02-28T12:00")
    return server


def test_owners_are_written_to_and_every_delivery_is_shown(
    window: OpenWindow, february: Server
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/reach?of=anthropic")
    one.link(one.say("messages.write")).click()
    expect(one.page.get_by_text(one.say("messages.outbox"))).to_be_visible()
    wrong += found(one, "no messages")
    one.button("messages.prepare").click()
    letter = one.page.get_by_role("article").filter(has_text="StateChat team")
    text = letter.get_by_label(one.say("messages.textEn"))
    expect(text).to_have_value(re.compile("27 August 2026"))
    wrong += found(one, "the letters of a message")
    text.fill("Please call me about StateChat.")
    one.page.reload()
    expect(one.page.get_by_text(one.say("form.restored"))).to_be_visible()
    one.button("messages.save").click()
    expect(one.page.get_by_text(one.say("messages.saved"))).to_be_visible()
    one.page.get_by_role("button", name="Send").first.click()
    one.button("messages.sendYes").click()
    kept = one.page.get_by_role("cell", name=one.say("messages.delivery.kept"))
    expect(kept.first).to_be_visible(timeout=15_000)
    wrong += found(one, "a message that was sent")
    other.sign_in("l.tremblay", f"/desk{one.page.url.partition('/desk')[2]}")
    expect(other.page.get_by_text("statechat@state.example").first).to_be_visible()
    wrong += found(other, "a message that was sent, in French")
    told = one.told("/desk/messages")["messages"][0]
    assert {d["state"] for d in told["deliveries"]} == {"kept"}
    assert told["message"]["letters"][0]["contact"]["name"]
    none_of(wrong)


def test_a_message_is_removed_and_restored(window: OpenWindow, february: Server) -> None:
    one = window()
    one.sign_in("m.okafor", "/desk/messages?about=google")
    one.button("messages.prepare").click()
    one.button("messages.remove").click()
    expect(one.page.get_by_text(one.say("messages.removed"))).to_be_visible()
    one.button("messages.restore").click()
    expect(one.page.get_by_text(one.say("messages.is.draft")).first).to_be_visible()
